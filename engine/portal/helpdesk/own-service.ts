/**
 * The help desk for who asks: private persons, members of organisations, offices, each within their
 * reach. How much one account may ask is bounded by what stands in the database, so that a restart
 * forgets nothing.
 */
import type { TicketDraft, TicketList, TicketView } from '#protocol/helpdesk-api.ts';
import type { AccountsTable, Database, TicketRow } from '../../store/database/index.ts';
import { isReached as isApplicationReached } from '../applications/reach.ts';
import { applicationStore } from '../applications/store.ts';
import { Refusal } from '../http/refusal.ts';
import type { TicketActions } from './actions.ts';
import type { Actor } from './change.ts';
import type { HelpdeskLimits } from './limits.ts';
import { ownSummary, ownView } from './own-view.ts';
import { nameOf } from './people.ts';
import { ownerColumns, ownersOf, requireTicket } from './reach.ts';
import { ticketStore } from './store.ts';
import { tidySubject, tidyText } from './text.ts';

export interface OwnTickets {
  /** Newest first. */
  list(caller: AccountsTable, cursor: string | undefined): TicketList;
  /**
   * Refuses TICKETS_TOO_MANY, TICKETS_OPEN_TOO_MANY, TICKET_TEXT_MISSING, TICKET_SUBJECT_MISSING,
   * TICKET_APPLICATION_UNKNOWN, FORBIDDEN, ROLE_INSUFFICIENT.
   */
  open(caller: AccountsTable, draft: TicketDraft): TicketView;
  /** Refuses NOT_FOUND, as all below. */
  view(caller: AccountsTable, id: string): TicketView;
  /** Refuses TICKET_STATE on one that is closed, TICKET_MESSAGES_TOO_MANY. */
  write(caller: AccountsTable, id: string, text: string): TicketView;
  close(caller: AccountsTable, id: string): TicketView;
  /** With why. */
  reopen(caller: AccountsTable, id: string, text: string): TicketView;
}

export interface OwnParts {
  readonly database: Database;
  readonly clock: { nowUs(): number };
  readonly actions: TicketActions;
  readonly limits: HelpdeskLimits;
}

const PAGE_LENGTH = 25;
const HOUR_US = 3_600_000_000;

export function createOwnTickets(parts: OwnParts): OwnTickets {
  const { database, actions } = parts;
  const write = (caller: AccountsTable, id: string) =>
    requireTicket(database, caller, { id, deed: 'write' });
  const view = (caller: AccountsTable, ticket: TicketRow) => ownView(database, caller, ticket);
  const step =
    (caller: AccountsTable, id: string, action: 'give' | 'close' | 'reopen') => (text?: string) => {
      const ticket = write(caller, id);
      return view(caller, actions.act(ticket, { action, actor: userOf(caller), text }));
    };
  return {
    list: (caller, cursor) => page(database, caller, cursor),
    open: (caller, draft) => {
      const owner = ownerColumns(caller);
      refuseMany(parts, caller);
      const ticket = actions.open(
        {
          ...{ ...owner, account: caller.id, contact_name: nameOf(caller) },
          ...{ contact_email: null, contact_phone: null, channel: 'form' },
          ...{ kind: draft.kind, language: caller.language, subject: tidySubject(draft.subject) },
          application: applicationIn(database, caller, draft.application),
        },
        tidyText(draft.text),
        userOf(caller),
      );
      return view(caller, ticket);
    },
    view: (caller, id) => view(caller, requireTicket(database, caller, { id, deed: 'read' })),
    write: (caller, id, text) => {
      refuseManyMessages(parts, caller);
      return step(caller, id, 'give')(tidyText(text));
    },
    close: (caller, id) => step(caller, id, 'close')(),
    reopen: (caller, id, text) => {
      refuseManyMessages(parts, caller);
      return step(caller, id, 'reopen')(tidyText(text));
    },
  };
}

function userOf(caller: AccountsTable): Actor {
  return { by: 'user', account: caller.id };
}

function page(database: Database, caller: AccountsTable, cursor: string | undefined): TicketList {
  const store = ticketStore(database);
  const limit = PAGE_LENGTH + 1;
  const rows = ownersOf(caller).flatMap((owner) => store.ofOwner(owner, { cursor, limit }));
  rows.sort((one, other) => (one.id < other.id ? 1 : -1));
  const shown = rows.slice(0, PAGE_LENGTH);
  const nextCursor = rows.length > PAGE_LENGTH ? (shown.at(-1)?.id ?? null) : null;
  return { tickets: shown.map(ownSummary), nextCursor };
}

function refuseMany({ database, clock, limits }: OwnParts, { id }: AccountsTable): void {
  const store = ticketStore(database);
  const waitUs = waitFor(store.nthNewestUs(id, limits.ticketsAnHour), clock.nowUs());
  if (waitUs > 0) throw new Refusal('TICKETS_TOO_MANY', { retryAfterMs: Math.ceil(waitUs / 1000) });
  if (store.openCount(id, limits.openTicketsMax) >= limits.openTicketsMax) {
    throw new Refusal('TICKETS_OPEN_TOO_MANY');
  }
}

function refuseManyMessages({ database, clock, limits }: OwnParts, { id }: AccountsTable): void {
  const newestUs = ticketStore(database).nthNewestMessageUs(id, limits.messagesAnHour);
  const waitUs = waitFor(newestUs, clock.nowUs());
  if (waitUs > 0) {
    throw new Refusal('TICKET_MESSAGES_TOO_MANY', { retryAfterMs: Math.ceil(waitUs / 1000) });
  }
}

/** How long until what came at `atUs` is an hour ago. */
function waitFor(atUs: number | undefined, nowUs: number): number {
  return atUs === undefined ? 0 : atUs + HOUR_US - nowUs;
}

function applicationIn(
  database: Database,
  caller: AccountsTable,
  id: string | undefined,
): string | null {
  if (id === undefined) return null;
  const row = applicationStore(database).byId(id);
  if (!row || !isApplicationReached(caller, row)) throw new Refusal('TICKET_APPLICATION_UNKNOWN');
  return id;
}
