/** Tickets as operators see them: everything that was written and everything that happened. */
import type { DeskEvent, DeskMessage, DeskTicket, DeskTicketSummary } from '#protocol/desk-api.ts';
import { isoFromUs } from '#protocol/time.ts';
import type {
  Database,
  TicketEventsTable,
  TicketMessageRow,
  TicketRow,
} from '../../store/database/index.ts';
import { attachmentsByMessage } from './attachment-store.ts';
import { addresseeOf } from './letters.ts';
import { mentionStore } from './mentions.ts';
import { accountNames, type Names, organisationNames, personOf } from './people.ts';
import { ticketStore } from './store.ts';
import { tagStore } from './tags.ts';
import { type Clocks, clocksOf } from './tools.ts';

export interface DeskViewParts {
  readonly database: Database;
  readonly clock: { nowUs(): number };
  readonly tools: { readonly clocks: Clocks };
}

export function deskSummaries(
  { database, clock, tools }: DeskViewParts,
  tickets: readonly TicketRow[],
): DeskTicketSummary[] {
  const names = accountNames(
    database,
    tickets.map(({ assignee }) => assignee),
  );
  const bodies = organisationNames(
    database,
    tickets.map(({ organisation }) => organisation),
  );
  const tags = tagStore(database).ofMany(tickets.map(({ id }) => id));
  const nowUs = clock.nowUs();
  return tickets.map((ticket) => ({
    id: ticket.id,
    number: ticket.number,
    kind: ticket.kind as DeskTicketSummary['kind'],
    status: ticket.status as DeskTicketSummary['status'],
    channel: ticket.channel as DeskTicketSummary['channel'],
    language: ticket.language,
    subject: ticket.subject,
    contact: ticket.contact_name,
    organisation: bodies.get(ticket.organisation ?? '') ?? ticket.office,
    team: ticket.team,
    assignee: personOf(names, ticket.assignee),
    isEscalated: ticket.is_escalated === 1,
    incident: ticket.incident,
    tags: [...(tags.get(ticket.id) ?? [])],
    postponedUntil:
      ticket.postponed_until_us === null ? null : isoFromUs(ticket.postponed_until_us),
    createdAt: isoFromUs(ticket.created_at_us),
    updatedAt: isoFromUs(ticket.updated_at_us),
    ...clocksOf(ticket, tools.clocks, nowUs),
  }));
}

export function deskView(parts: DeskViewParts, ticket: TicketRow): DeskTicket {
  const { database } = parts;
  const store = ticketStore(database);
  const [messages, events] = [store.messages(ticket.id), store.events(ticket.id)];
  const mentioned = mentionStore(database).of(ticket.id);
  const names = accountNames(database, [
    ...mentioned,
    ...messages.map(({ author }) => author),
    ...events.map(({ account }) => account),
  ]);
  const attached = attachmentsByMessage(database, ticket.id);
  const [summary] = deskSummaries(parts, [ticket]) as [DeskTicketSummary];
  return {
    ...summary,
    version: ticket.version,
    account: ticket.account,
    email: addresseeOf(database, ticket)?.email ?? null,
    phone: ticket.contact_phone,
    application: ticket.application,
    messages: messages.map((row) => ({
      ...messageOf(row, names),
      attachments: attached.get(row.id) ?? [],
    })),
    events: events.map((row) => eventOf(row, names)),
    mergedInto: ticket.merged_into,
    mergedFrom: store.mergedFrom(ticket.id),
    mentions: mentioned.flatMap((id) => personOf(names, id) ?? []),
  };
}

function messageOf(row: TicketMessageRow, names: Names): Omit<DeskMessage, 'attachments'> {
  return {
    id: row.id,
    from: row.author_kind as DeskMessage['from'],
    visibility: row.visibility as DeskMessage['visibility'],
    channel: row.channel as DeskMessage['channel'],
    author: personOf(names, row.author),
    text: row.text,
    at: isoFromUs(row.at_us),
  };
}

function eventOf(row: TicketEventsTable, names: Names): DeskEvent {
  return {
    at: isoFromUs(row.at_us),
    by: personOf(names, row.account),
    kind: row.kind,
    detail: JSON.parse(row.detail_json) as Record<string, unknown>,
  };
}
