/** Attachments in the database. Rows only: files are in `files.ts`, rules in `service.ts`. */
import type { AttachmentsTable, Database } from '../../store/database/index.ts';

export type AttachmentRow = AttachmentsTable;

export interface AttachmentStore {
  /** What is attached to it now, in the order in which it was added. */
  of(application: string): AttachmentRow[];
  /** One that is attached to it now. */
  one(application: string, id: string): AttachmentRow | undefined;
  insert(row: AttachmentRow): void;
  remove(id: string, nowUs: number): void;
  /** A version names what is attached now. */
  fix(digest: string, rows: readonly AttachmentRow[]): void;
  /** Attached is again what the version names, and nothing else. */
  restore(application: string, digest: string, nowUs: number): void;
  /** Those whose files may go: removed before `untilUs`, and no version names them. */
  disposable(untilUs: number, limit: number): string[];
  forget(ids: readonly string[]): void;
  /** Which of these ids there are no rows of, neither here nor at the help desk. */
  unknown(ids: readonly string[]): string[];
}

/** The attachments in `database`. */
export function attachmentStore(database: Database): AttachmentStore {
  const { build, all, first, run } = database;
  const attached = (application: string) =>
    build
      .selectFrom('attachments')
      .selectAll()
      .where('application', '=', application)
      .where('removed_at_us', 'is', null);
  const change = (application: string) =>
    build.updateTable('attachments').where('application', '=', application);
  return {
    of: (application) => all(attached(application).orderBy('id')),
    one: (application, id) => first(attached(application).where('id', '=', id)),
    insert: (row) => void run(build.insertInto('attachments').values(row)),
    remove: (id, nowUs) =>
      void run(build.updateTable('attachments').set({ removed_at_us: nowUs }).where('id', '=', id)),
    fix: (digest, rows) => {
      const named = rows.map(({ id }) => ({ digest, attachment: id }));
      if (named.length > 0) run(build.insertInto('version_attachments').values(named));
    },
    restore: (application, digest, nowUs) => {
      const named = build
        .selectFrom('version_attachments')
        .select('attachment')
        .where('digest', '=', digest);
      const others = change(application).where('removed_at_us', 'is', null);
      run(others.set({ removed_at_us: nowUs }).where('id', 'not in', named));
      run(change(application).set({ removed_at_us: null }).where('id', 'in', named));
    },
    disposable: (untilUs, limit) =>
      all(
        build
          .selectFrom('attachments as a')
          .leftJoin('version_attachments as v', 'v.attachment', 'a.id')
          .select('a.id')
          .where('a.removed_at_us', '<=', untilUs)
          .where('v.digest', 'is', null)
          .limit(limit),
      ).map((row) => row.id),
    forget: (ids) => {
      if (ids.length > 0) run(build.deleteFrom('attachments').where('id', 'in', [...ids]));
    },
    unknown: (ids) => {
      const named = (table: 'attachments' | 'ticket_attachments') =>
        build
          .selectFrom(table)
          .select('id')
          .where('id', 'in', [...ids]);
      const rows = all(named('attachments').unionAll(named('ticket_attachments')));
      const known = new Set(rows.map((row) => row.id));
      return ids.filter((id) => !known.has(id));
    },
  };
}
