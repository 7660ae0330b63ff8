/**
 * Every change of a ticket goes through here: in one transaction the row, its version, and what
 * happened as an event with time and author; what was written as a message. A change that was
 * decided on an older version is refused with TICKET_CHANGED.
 */
import type { TicketChannel } from '#protocol/helpdesk-api.ts';
import type { Random } from '../../foundation/random.ts';
import type {
  Database,
  TicketMessageRow,
  TicketRow,
  TicketsTable,
} from '../../store/database/index.ts';
import { Refusal } from '../http/refusal.ts';
import { isErased } from './erasure.ts';
import { ticketStore } from './store.ts';
import type { DeskTools } from './tools.ts';

/** Who did it; `account` null for time, and for a sender of mail without an account. */
export interface Actor {
  readonly by: 'user' | 'desk' | 'time';
  readonly account: string | null;
}

/** `kind`: a status it came to, or given, reopened, assigned, handed-over, escalated, changed … */
export interface TicketEvent extends Actor {
  readonly kind: string;
  readonly detail?: Readonly<Record<string, unknown>>;
}

export interface NewMessage {
  readonly author: string | null;
  readonly authorKind: 'user' | 'desk' | 'system';
  /** `internal` and `unverified` never leave the desk. */
  readonly visibility: 'public' | 'internal' | 'unverified';
  readonly channel: TicketChannel;
  /** As `tidyText` gives it. */
  readonly text: string;
}

/** What is known of a new ticket; the rest follows. */
export type NewTicket = Pick<
  TicketsTable,
  | ('account' | 'organisation' | 'office' | 'contact_name' | 'contact_email' | 'contact_phone')
  | ('channel' | 'kind' | 'language' | 'subject' | 'application')
>;

export interface TicketChanges {
  /** A new ticket, received. Joins an open transaction, as all do. */
  open(draft: NewTicket, first: NewMessage, actor: Actor): TicketRow;
  /**
   * The row as it is after the change. Refuses TICKET_CHANGED when `ticket` is not the newest,
   * TICKET_STATE when it has lost its words.
   */
  change(ticket: TicketRow, values: Partial<TicketsTable>, event: TicketEvent): TicketRow;
  /** Adds a message; the row does not change by it. */
  say(ticket: TicketRow, message: NewMessage): TicketMessageRow;
}

export interface ChangeParts {
  readonly database: Database;
  readonly clock: { nowUs(): number };
  readonly random: Random;
  readonly tools: DeskTools;
}

/** The changes of the tickets in `database`. */
export function createChanges({ database, clock, random, tools }: ChangeParts): TicketChanges {
  const store = ticketStore(database);
  const note = (ticket: string, event: TicketEvent, nowUs: number) =>
    store.insertEvent({
      ...{ id: random.id(), ticket, at_us: nowUs, account: event.account, by: event.by },
      ...{ kind: event.kind, detail_json: JSON.stringify(event.detail ?? {}) },
    });
  const say = (ticket: TicketRow, message: NewMessage) =>
    store.insertMessage({
      ...{ id: random.id(), ticket: ticket.id, author: message.author },
      ...{ author_kind: message.authorKind, visibility: message.visibility },
      ...{ channel: message.channel, text: message.text, at_us: clock.nowUs() },
    });
  return {
    say,
    open: (draft, first, actor) =>
      database.transaction(() => {
        const nowUs = clock.nowUs();
        const team = tools.teamFor(draft);
        const made = store.insert({ ...emptyTicket(random.id(), nowUs), ...draft, team });
        const due = tools.clocks.due(made, null, nowUs);
        const ticket = Object.keys(due).length === 0 ? made : store.update(made, due);
        if (ticket === undefined) throw new Error(`ticket ${made.id} is gone`);
        say(ticket, first);
        note(ticket.id, { ...actor, kind: 'received' }, nowUs);
        return ticket;
      }),
    change: (ticket, values, event) =>
      database.transaction(() => {
        if (isErased(ticket)) throw new Refusal('TICKET_STATE');
        const nowUs = clock.nowUs();
        const becomes = { ...ticket, ...woken(ticket, values), updated_at_us: nowUs };
        const due = tools.clocks.due(becomes, ticket, nowUs);
        const version = ticket.version + 1;
        const changed = { ...woken(ticket, values), ...due, version, updated_at_us: nowUs };
        const row = store.update(ticket, changed);
        if (row === undefined) throw new Refusal('TICKET_CHANGED');
        note(ticket.id, event, nowUs);
        return row;
      }),
  };
}

/** What comes to another state, or is written to by its user, is postponed no more. */
function woken(ticket: TicketRow, values: Partial<TicketsTable>): Partial<TicketsTable> {
  const isWoken = ticket.postponed_until_us !== null && values.status !== undefined;
  return isWoken ? { ...values, postponed_until_us: null } : values;
}

function emptyTicket(id: string, nowUs: number) {
  return {
    ...{ id, number: null, version: 1, status: 'received', team: null, assignee: null },
    ...{ is_escalated: 0, incident: null, merged_into: null },
    ...{ created_at_us: nowUs, updated_at_us: nowUs, accepted_at_us: null },
    ...{ first_response_at_us: null, first_response_due_us: null, solution_due_us: null },
    ...{ waiting_since_us: null, answered_at_us: null, closed_at_us: null, closed_by: null },
    ...{ reopened: 0, postponed_until_us: null },
  };
}
