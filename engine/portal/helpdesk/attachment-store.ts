/** Attachments of tickets in the database. Rows only. */
import type { TicketAttachment } from '#protocol/helpdesk-api.ts';
import { isoFromUs } from '#protocol/time.ts';
import type {
  Database,
  TicketAttachmentsTable,
  TicketMessageRow,
} from '../../store/database/index.ts';

export type TicketAttachmentRow = TicketAttachmentsTable;

export interface TicketAttachmentStore {
  one(ticket: string, id: string): TicketAttachmentRow | undefined;
  message(ticket: string, id: string): TicketMessageRow | undefined;
  countOf(where: { readonly ticket: string } | { readonly message: string }): number;
  insert(row: TicketAttachmentRow): void;
  /** Those whose files may go: removed before `untilUs`. */
  disposable(untilUs: number, limit: number): string[];
  forget(ids: readonly string[]): void;
}

export function ticketAttachmentStore({ build, all, first, run }: Database): TicketAttachmentStore {
  const kept = () =>
    build.selectFrom('ticket_attachments').selectAll().where('removed_at_us', 'is', null);
  return {
    one: (ticket, id) => first(kept().where('ticket', '=', ticket).where('id', '=', id)),
    message: (ticket, id) =>
      first(
        build
          .selectFrom('ticket_messages')
          .selectAll()
          .where('ticket', '=', ticket)
          .where('id', '=', id),
      ),
    countOf: (where) => {
      const rows =
        'ticket' in where
          ? kept().where('ticket', '=', where.ticket)
          : kept().where('message', '=', where.message);
      return all(rows).length;
    },
    insert: (row) => void run(build.insertInto('ticket_attachments').values(row)),
    disposable: (untilUs, limit) =>
      all(
        build
          .selectFrom('ticket_attachments')
          .select('id')
          .where('removed_at_us', 'is not', null)
          .where('removed_at_us', '<=', untilUs)
          .limit(limit),
      ).map(({ id }) => id),
    forget: (ids) => {
      if (ids.length > 0) run(build.deleteFrom('ticket_attachments').where('id', 'in', [...ids]));
    },
  };
}

/** What is attached to the messages of a ticket, by message. */
export function attachmentsByMessage(
  { build, all }: Database,
  ticket: string,
): ReadonlyMap<string, TicketAttachment[]> {
  const rows = all(
    build
      .selectFrom('ticket_attachments')
      .selectAll()
      .where('ticket', '=', ticket)
      .where('removed_at_us', 'is', null)
      .orderBy('id'),
  );
  const found = new Map<string, TicketAttachment[]>();
  for (const row of rows) {
    found.set(row.message, [...(found.get(row.message) ?? []), attachmentOnWire(row)]);
  }
  return found;
}

export function attachmentOnWire(row: TicketAttachmentRow): TicketAttachment {
  const { id, name, type, bytes } = row;
  return { id, name, type, bytes, addedAt: isoFromUs(row.added_at_us) };
}
