/**
 * Work of the desk that runs in the background, as rows: what it is, and up to where it is done.
 * A row is written in the transaction of what it follows from, so no work is lost nor made up.
 */
import type { DeskBulkState } from '#protocol/desk-api.ts';
import type { Database, DeskJobsTable } from '../../../store/database/index.ts';

export type JobRow = DeskJobsTable;
export type JobName = 'bulk' | 'incident' | 'hours';

/** Jobs that wait at once; more are refused. */
const OPEN_MAX = 100;
/** What was done is forgotten after so long, when the next one comes. */
const KEPT_US = 30 * 24 * 3_600_000_000;

export interface NewJob {
  readonly id: string;
  readonly kind: JobName;
  readonly account: string | null;
  readonly detail: unknown;
  readonly total: number;
  readonly nowUs: number;
}

export type JobStore = ReturnType<typeof jobStore>;

/** The jobs in `database`. */
export function jobStore(database: Database) {
  const { build } = database;
  const rows = () => build.selectFrom('desk_jobs').selectAll();
  const update = (id: string, values: Partial<JobRow>) =>
    void database.run(build.updateTable('desk_jobs').set(values).where('id', '=', id));
  return {
    byId: (id: string) => database.first(rows().where('id', '=', id)),
    /** The one that waits longest. */
    next: () => database.first(rows().where('finished_at_us', 'is', null).orderBy('id').limit(1)),
    /** False when too many wait. Joins an open transaction. */
    insert: ({ detail, nowUs, ...job }: NewJob): boolean => {
      const open = build.selectFrom('desk_jobs').select('id').where('finished_at_us', 'is', null);
      if (database.all(open.limit(OPEN_MAX)).length >= OPEN_MAX) return false;
      const done = build.deleteFrom('desk_jobs').where('finished_at_us', '<', nowUs - KEPT_US);
      database.run(done);
      const fresh = { cursor: '', done: 0, skipped: 0, created_at_us: nowUs, finished_at_us: null };
      const row = { ...job, ...fresh, detail_json: JSON.stringify(detail) };
      database.run(build.insertInto('desk_jobs').values(row));
      return true;
    },
    update,
    /** What waits of a kind is done with: it is begun anew. */
    drop: (kind: JobName, nowUs: number) =>
      void database.run(
        build
          .updateTable('desk_jobs')
          .set({ finished_at_us: nowUs })
          .where('kind', '=', kind)
          .where('finished_at_us', 'is', null),
      ),
  };
}

/** How far it is, as a page shows it. */
export function stateOf({ id, total, done, skipped, finished_at_us }: JobRow): DeskBulkState {
  const isFinished = finished_at_us !== null;
  return { id, total: Math.max(total, done + skipped), done, skipped, isFinished };
}
