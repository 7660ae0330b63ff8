/** Moving messages with their attachments from one ticket to another. Rows only. */
import type { Database } from '../../../store/database/index.ts';

const PARAMETERS_MAX = 500;

/** What moves, by ids: what brings it back. */
export interface Moved {
  readonly messages: readonly string[];
}

/** Ids of a ticket's messages, in their order. */
export function messageIds({ build, all }: Database, ticket: string): string[] {
  const own = build.selectFrom('ticket_messages').select('id').where('ticket', '=', ticket);
  return all(own.orderBy('id')).map(({ id }) => id);
}

/** Moves those of the messages that are `from`'s. */
export function moveMessages(
  { build, run }: Database,
  { messages, from, to }: Moved & { from: string; to: string },
): void {
  for (let at = 0; at < messages.length; at += PARAMETERS_MAX) {
    const some = messages.slice(at, at + PARAMETERS_MAX);
    const moved = build.updateTable('ticket_messages').set({ ticket: to });
    run(moved.where('ticket', '=', from).where('id', 'in', some));
    const files = build.updateTable('ticket_attachments').set({ ticket: to });
    run(files.where('ticket', '=', from).where('message', 'in', some));
  }
}
