/**
 * What was attached to a mail, by the rules of the desk's attachments. What is not taken is named,
 * for an operator to ask for it otherwise.
 */
import { createHash } from 'node:crypto';
import { outcomes } from '#protocol/outcomes.ts';
import type { ParsedAttachment } from '../../mail/index.ts';
import type { Database, TicketMessageRow } from '../../store/database/index.ts';
import type { Helpdesk } from '../helpdesk/index.ts';
import { Refusal } from '../http/refusal.ts';

export interface FileParts {
  readonly database: Database;
  readonly helpdesk: Pick<Helpdesk, 'attachments'>;
}

/** Refusals that are of the moment: the mail is handled again later. */
const PASSING: ReadonlySet<string> = new Set(['BUSY', 'ATTACHMENTS_NO_ROOM']);

/** Adds to the message what it does not have yet; a line for each file that is not taken. */
export async function addFiles(
  { database, helpdesk }: FileParts,
  message: string,
  attachments: readonly ParsedAttachment[],
): Promise<string[]> {
  if (attachments.length === 0) return [];
  const row = messageOf(database, message);
  const present = new Set(digestsOf(database, row));
  const refused: string[] = [];
  for (const { name, content } of attachments) {
    if (content !== undefined && present.has(sha256(content))) continue;
    try {
      const isCut = () => content === undefined;
      await helpdesk.attachments.addTo(row, { name, isCut, stream: once(content) });
    } catch (error) {
      if (!(error instanceof Refusal) || PASSING.has(error.code)) throw error;
      const { it, en } = outcomes[error.code];
      refused.push(`${name === '' ? '?' : name}: ${it} / ${en}`);
    }
  }
  return refused;
}

async function* once(content: Uint8Array | undefined): AsyncGenerator<Buffer> {
  if (content === undefined) return;
  yield Buffer.from(content.buffer, content.byteOffset, content.byteLength);
}

function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

function messageOf({ build, first }: Database, id: string): TicketMessageRow {
  const row = first(build.selectFrom('ticket_messages').selectAll().where('id', '=', id));
  if (row === undefined) throw new Error(`message ${id} is gone`);
  return row;
}

function digestsOf({ build, all }: Database, { ticket, id }: TicketMessageRow): string[] {
  const rows = build.selectFrom('ticket_attachments').select('sha256').where('ticket', '=', ticket);
  return all(rows.where('message', '=', id)).map((row) => row.sha256);
}
