/**
 * The desk for its operators. Whatever they read of a person leaves a line in the audit: a ticket
 * by its id, a list by the ids it showed. What was typed into the search is not written there: a
 * name somebody looked for is personal data too.
 */
import type {
  DeskAction,
  DeskChange,
  DeskNote,
  DeskQuery,
  DeskQueues,
  DeskTicket,
  DeskTicketList,
  PhoneTicket,
} from '#protocol/desk-api.ts';
import type { Timers } from '../../clock/index.ts';
import type {
  AccountsTable,
  Database,
  TicketRow,
  TicketsTable,
} from '../../store/database/index.ts';
import { isEmail } from '../accounts/checks.ts';
import { accountStore, isActive } from '../accounts/store.ts';
import { applicationStore } from '../applications/store.ts';
import type { Audit } from '../control-room/audit.ts';
import { Refusal } from '../http/refusal.ts';
import type { Step, TicketActions } from './actions.ts';
import type { Actor, NewTicket, TicketChanges } from './change.ts';
import { deskPage } from './desk-list.ts';
import { deskSummaries, deskView } from './desk-view.ts';
import { mentionStore } from './mentions.ts';
import { nameOf } from './people.ts';
import { postponedUntil } from './postponing.ts';
import { queuesOf } from './queues.ts';
import { ticketStore } from './store.ts';
import { tagStore, tidyTags } from './tags.ts';
import { tidyLine, tidySubject, tidyText } from './text.ts';
import type { DeskTools } from './tools.ts';

export type DeskStep = Exclude<Step['action'], 'give'>;

export interface Desk {
  list(caller: AccountsTable, query: DeskQuery): Promise<DeskTicketList>;
  queues(caller: AccountsTable): DeskQueues;
  /** Refuses NOT_FOUND, as all below. */
  view(caller: AccountsTable, id: string): DeskTicket;
  /** Refuses TICKET_CHANGED when it is no more that version, TICKET_STATE, TICKET_TEXT_MISSING. */
  act(caller: AccountsTable, id: string, step: DeskAction & { action: DeskStep }): DeskTicket;
  /** Refuses TICKET_ASSIGNEE_UNKNOWN for a mention of somebody who is not of the desk. */
  note(caller: AccountsTable, id: string, note: DeskNote): DeskTicket;
  /** The caller has seen the note that mentions them; nothing changes when none does. */
  seen(caller: AccountsTable, id: string): DeskTicket;
  /** Those in use. */
  tags(): string[];
  /**
   * Refuses TICKET_CHANGED, TICKET_ASSIGNEE_UNKNOWN, TICKET_TEAM_UNKNOWN; REQUEST_INVALID for a day
   * or a tag that cannot be, TICKET_STATE for postponing what is not the desk's move.
   */
  change(caller: AccountsTable, id: string, wish: DeskChange): DeskTicket;
  /** A ticket for who is on the telephone. Refuses TICKET_CALLER_MISSING, EMAIL_INVALID. */
  open(caller: AccountsTable, ticket: PhoneTicket): DeskTicket;
}

export interface DeskParts {
  readonly database: Database;
  readonly clock: { nowUs(): number };
  readonly timers: Timers;
  readonly audit: Audit;
  readonly actions: TicketActions;
  readonly changes: TicketChanges;
  readonly tools: DeskTools;
}

const NAMELESS = new Set(['q', 'cursor']);

export function createDesk(parts: DeskParts): Desk {
  const { database, clock, audit, actions, changes } = parts;
  const [mentions, tags] = [mentionStore(database), tagStore(database)];
  const ticketOf = (id: string, version?: number) => {
    const row = ticketStore(database).byId(id);
    if (row === undefined) throw new Refusal('NOT_FOUND');
    if (version !== undefined && version !== row.version) throw new Refusal('TICKET_CHANGED');
    return row;
  };
  const pause = () => new Promise<void>((resolve) => void parts.timers.after(0, resolve));
  const view = (ticket: TicketRow) => deskView(parts, ticket);
  const note = (caller: AccountsTable, ticket: TicketRow, text: string) =>
    void changes.say(ticket, {
      ...({ author: caller.id, authorKind: 'desk', visibility: 'internal' } as const),
      ...({ channel: 'form', text: tidyText(text) } as const),
    });
  const changeTags = (ticket: string, wanted: readonly string[]) => {
    const [from, to] = [tags.of(ticket), tidyTags(wanted)];
    tags.replace(ticket, to);
    return { tags: { from: from.join(', '), to: to.join(', ') } };
  };
  return {
    list: async (caller, query) => {
      const nowUs = clock.nowUs();
      const wish = { query, caller: caller.id, nowUs, pause };
      const { rows, nextCursor } = await deskPage(database, wish);
      const detail = { filters: told(query), shown: rows.map(({ id }) => id) };
      audit({ account: caller.id, action: 'tickets.list', subject: 'tickets', detail });
      return { tickets: deskSummaries(parts, rows), nextCursor };
    },
    queues: (caller) => queuesOf(database, caller.id, clock.nowUs()),
    view: (caller, id) => {
      const ticket = ticketOf(id);
      audit({ account: caller.id, action: 'ticket.read', subject: id });
      return view(ticket);
    },
    act: (caller, id, { action, version, text }) => {
      const said = text === undefined ? undefined : tidyText(text);
      const step = { action, actor: deskOf(caller), text: said };
      return view(actions.act(ticketOf(id, version), step));
    },
    note: (caller, id, { text, mentions: mentioned = [] }) =>
      database.transaction(() => {
        const ticket = ticketOf(id);
        for (const account of mentioned) requireOperator(database, account);
        note(caller, ticket, text);
        mentions.add(id, mentioned, clock.nowUs());
        const detail = mentioned.length === 0 ? {} : { mentions: mentioned };
        return view(changes.change(ticket, {}, { ...deskOf(caller), kind: 'noted', detail }));
      }),
    seen: (caller, id) =>
      database.transaction(() => {
        const ticket = ticketOf(id);
        // Whoever was not mentioned has read it all the same.
        const action = mentions.seen(id, caller.id) ? 'ticket.mention-seen' : 'ticket.read';
        audit({ account: caller.id, action, subject: id });
        return view(ticket);
      }),
    tags: tags.inUse,
    change: (caller, id, wish) =>
      database.transaction(() => {
        const ticket = ticketOf(id, wish.version);
        const values = valuesOf(parts, ticket, wish);
        if (wish.note !== undefined) note(caller, ticket, wish.note);
        const tagged = wish.tags === undefined ? {} : changeTags(id, wish.tags);
        const detail = { ...difference(ticket, values), ...tagged };
        const changed = eventKind(ticket, values);
        const kind = changed === 'changed' && wish.tags !== undefined ? 'tagged' : changed;
        return view(changes.change(ticket, values, { ...deskOf(caller), kind, detail }));
      }),
    open: (caller, wish) => {
      const draft = draftOf(database, wish);
      const ticket = actions.open(draft, tidyText(wish.text), deskOf(caller));
      audit({ account: caller.id, action: 'ticket.open', subject: ticket.id });
      return view(ticket);
    },
  };
}

function deskOf(caller: AccountsTable): Actor {
  return { by: 'desk', account: caller.id };
}

function told(query: DeskQuery): Record<string, unknown> {
  const filters = Object.entries(query).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    filters.map(([name, value]) => [name, NAMELESS.has(name) ? true : value]),
  );
}

function valuesOf(
  { database, tools, clock }: DeskParts,
  ticket: TicketRow,
  wish: DeskChange,
): Partial<TicketsTable> {
  const { assignee, team, incident, application, isEscalated } = wish;
  if (assignee != null) requireOperator(database, assignee);
  if (team != null && !tools.isTeam(team)) throw new Refusal('TICKET_TEAM_UNKNOWN');
  if (incident != null && !tools.isIncident(incident)) throw new Refusal('TICKET_TEAM_UNKNOWN');
  if (application != null) requireApplication(database, ticket, application);
  if (wish.postponedTo != null && ticket.side !== 'desk') throw new Refusal('TICKET_STATE');
  return {
    ...(wish.kind === undefined ? {} : { kind: wish.kind }),
    ...(wish.subject === undefined ? {} : { subject: tidySubject(wish.subject) }),
    ...(wish.language === undefined ? {} : { language: wish.language }),
    ...(team === undefined ? {} : { team }),
    ...(assignee === undefined ? {} : { assignee }),
    ...(incident === undefined ? {} : { incident }),
    ...(application === undefined ? {} : { application }),
    ...(isEscalated === undefined ? {} : { is_escalated: isEscalated ? 1 : 0 }),
    ...(wish.postponedTo === undefined ? {} : postponing(wish.postponedTo, clock.nowUs())),
  };
}

function postponing(day: string | null, nowUs: number): Partial<TicketsTable> {
  return { postponed_until_us: day === null ? null : postponedUntil(day, nowUs) };
}

/** Refuses TICKET_ASSIGNEE_UNKNOWN. */
export function requireOperator(database: Database, id: string): void {
  const row = accountStore(database).byId(id);
  const isStaff = row?.role === 'operator' || row?.role === 'admin';
  if (!row || !isStaff || !isActive(row)) throw new Refusal('TICKET_ASSIGNEE_UNKNOWN');
}

/** One of who asks: theirs, or of their organisation. */
function requireApplication(
  database: Database,
  whose: Pick<TicketRow, 'account' | 'organisation'>,
  id: string,
): void {
  const row = applicationStore(database).byId(id);
  const isTheirs =
    row !== undefined &&
    (whose.organisation !== null
      ? row.organisation === whose.organisation
      : row.organisation === null && row.account === whose.account);
  if (!isTheirs) throw new Refusal('TICKET_APPLICATION_UNKNOWN');
}

type Values = Partial<TicketsTable>;

/** From what to what, of what changes. */
function difference(ticket: TicketRow, values: Values): Record<string, unknown> {
  const names = Object.keys(values) as (keyof Values)[];
  const changed = names.filter((name) => values[name] !== ticket[name]);
  return Object.fromEntries(
    changed.map((name) => [name, { from: ticket[name], to: values[name] }]),
  );
}

function eventKind(ticket: TicketRow, values: Values): string {
  const isChanged = (name: keyof Values) =>
    values[name] !== undefined && values[name] !== ticket[name];
  if (isChanged('is_escalated')) return values.is_escalated === 1 ? 'escalated' : 'calmed';
  if (isChanged('postponed_until_us')) {
    return values.postponed_until_us === null ? 'returned' : 'postponed';
  }
  if (isChanged('team')) return 'handed-over';
  if (isChanged('assignee')) return ticket.assignee === null ? 'assigned' : 'handed-over';
  return 'changed';
}

function draftOf(database: Database, wish: PhoneTicket): NewTicket {
  const account = wish.account === undefined ? undefined : callerOf(database, wish.account);
  const name = account === undefined ? tidyLine(wish.name ?? '') : nameOf(account);
  if (name === '') throw new Refusal('TICKET_CALLER_MISSING');
  const email = account === undefined ? (wish.email?.trim().toLowerCase() ?? null) : null;
  if (email !== null && !isEmail(email)) throw new Refusal('EMAIL_INVALID');
  const organisation = account?.role === 'applicant' ? account.organisation : null;
  const owner = { account: account?.id ?? null, organisation };
  if (wish.application !== undefined) requireApplication(database, owner, wish.application);
  return {
    ...{ ...owner, office: account?.role === 'office' ? account.office : null },
    contact_name: name,
    contact_email: email,
    contact_phone: wish.phone === undefined ? null : tidyLine(wish.phone),
    ...{ channel: 'phone', kind: wish.kind, language: wish.language },
    ...{ subject: tidySubject(wish.subject), application: wish.application ?? null },
  };
}

/** Who may ask for help: not the desk itself. */
function callerOf(database: Database, id: string): AccountsTable {
  const row = accountStore(database).byId(id);
  if (row === undefined || (row.role !== 'applicant' && row.role !== 'office')) {
    throw new Refusal('TICKET_CALLER_MISSING');
  }
  return row;
}
