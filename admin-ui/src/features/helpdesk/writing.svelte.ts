/**
 * A request on its way: first the words, then the files one after the other. From the moment the
 * words have arrived they are not sent again, whatever becomes of the files.
 */
import type { TicketDraft, TicketKind, TicketView } from '#protocol/helpdesk-api.ts';
import type { ApiClient } from '../../api/client.ts';
import { helpdeskClient } from './client.ts';
import { FileTray } from './file-tray.svelte.ts';
import type { Kept } from './kept.svelte.ts';

export type Draft = { kind: string; subject: string; text: string; application: string };

export class Writing {
  /** Set when the words have arrived and some files have not. */
  ticket = $state.raw<TicketView | null>(null);
  readonly tray = new FileTray();
  readonly kept: Kept<Draft>;
  readonly #api: ReturnType<typeof helpdeskClient>;

  constructor(options: { api: ApiClient; kept: Kept<Draft> }) {
    this.#api = helpdeskClient(options.api);
    this.kept = options.kept;
  }

  /** The request's identifier when everything has arrived, null when files are left. */
  async send(): Promise<string | null> {
    const ticket = await this.#api.open(draftOf(this.kept.values));
    this.kept.drop();
    return this.sendFiles(ticket);
  }

  async sendFiles(ticket: TicketView): Promise<string | null> {
    const message = ticket.messages[0]?.id ?? '';
    const attach = (file: File) => this.#api.attach(ticket.id, message, file);
    if (await this.tray.send(attach)) return ticket.id;
    this.ticket = ticket;
    return null;
  }
}

function draftOf({ kind, subject, text, application }: Draft): TicketDraft {
  return {
    kind: kind as TicketKind,
    subject: subject.trim(),
    text: text.trim(),
    ...(application ? { application } : {}),
  };
}
