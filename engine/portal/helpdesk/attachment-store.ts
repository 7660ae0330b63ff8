/** Attachments of tickets in the database. Rows only. */
import type { TicketAttachment } from '#protocol/helpdesk-api.ts';
import { isoFromUs } from '#protocol/time.ts';
import type { Database, TicketAttachmentsTable } from '../../store/database/index.ts';

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
      .where('message', 'is not', null)
      .where('removed_at_us', 'is', null)
      .orderBy('id'),
  );
  const found = new Map<string, TicketAttachment[]>();
  for (const row of rows) {
    const message = row.message ?? '';
    found.set(message, [...(found.get(message) ?? []), onWire(row)]);
  }
  return found;
}

export function onWire(row: TicketAttachmentsTable): TicketAttachment {
  const { id, name, type, bytes } = row;
  return { id, name, type, bytes, addedAt: isoFromUs(row.added_at_us) };
}
