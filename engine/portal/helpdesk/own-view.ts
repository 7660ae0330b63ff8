/**
 * A ticket as who asked sees it. What leaves the desk is chosen here: public messages, and of the
 * events those that are steps of the way, without who of the desk took them.
 */
import type {
  TicketMessage,
  TicketStatus,
  TicketStep,
  TicketSummary,
  TicketView,
} from '#protocol/helpdesk-api.ts';
import { isoFromUs } from '#protocol/time.ts';
import type { Database, TicketMessageRow, TicketRow } from '../../store/database/index.ts';
import { reached } from '../applications/reach.ts';
import { attachmentsByMessage } from './attachment-store.ts';
import { next } from './flow.ts';
import { accountNames, type Names } from './people.ts';
import { type Asker, isReached, may } from './reach.ts';
import { ticketStore } from './store.ts';

/** Events that are steps; the others are the desk's own business. */
const STEPS: ReadonlySet<string> = new Set([
  ...['received', 'accepted', 'in-charge', 'analysis', 'waiting', 'given', 'answered'],
  ...['closed', 'merged', 'reopened'],
]);

export function ownSummary(ticket: TicketRow): TicketSummary {
  return {
    id: ticket.id,
    number: ticket.number,
    kind: ticket.kind as TicketSummary['kind'],
    status: ticket.status as TicketStatus,
    subject: ticket.subject,
    channel: ticket.channel as TicketSummary['channel'],
    createdAt: isoFromUs(ticket.created_at_us),
    updatedAt: isoFromUs(ticket.updated_at_us),
    isForYou: ticket.status === 'waiting',
  };
}

export function ownView(database: Database, caller: Asker, ticket: TicketRow): TicketView {
  const store = ticketStore(database);
  const rows = store.messages(ticket.id).filter(({ visibility }) => visibility === 'public');
  const users = rows.filter((row) => row.author_kind === 'user').map(({ author }) => author);
  const shown = {
    ...{ caller, names: accountNames(database, users) },
    attached: attachmentsByMessage(database, ticket.id),
  };
  const status = ticket.status as TicketStatus;
  const isWriter = may(caller, ticket, 'write');
  const isPossible = (action: 'give' | 'close' | 'reopen') =>
    isWriter && next(status, action) !== undefined;
  return {
    ...ownSummary(ticket),
    language: ticket.language,
    application: applicationOf(database, caller, ticket),
    messages: rows.map((row) => messageOf(row, shown)),
    steps: stepsOf(database, ticket),
    incident: ticket.incident,
    mergedInto: mergedInto(database, caller, ticket),
    may: {
      write: isPossible('give'),
      close: isPossible('close'),
      reopen: isPossible('reopen'),
    },
  };
}

interface Shown {
  readonly caller: Asker;
  readonly names: Names;
  readonly attached: ReturnType<typeof attachmentsByMessage>;
}

function messageOf(row: TicketMessageRow, { caller, names, attached }: Shown): TicketMessage {
  const isUser = row.author_kind === 'user';
  const author = row.author ?? '';
  const name = author === caller.id ? 'you' : (names.get(author) ?? '');
  return {
    id: row.id,
    from: isUser ? 'user' : 'desk',
    by: isUser ? name : 'desk',
    text: row.text,
    at: isoFromUs(row.at_us),
    attachments: attached.get(row.id) ?? [],
  };
}

function stepsOf(database: Database, ticket: TicketRow): TicketStep[] {
  return ticketStore(database)
    .events(ticket.id)
    .filter(({ kind }) => STEPS.has(kind))
    .map(({ kind, at_us, by }) => ({
      status: kind as TicketStep['status'],
      at: isoFromUs(at_us),
      by: by as TicketStep['by'],
    }));
}

/** With its title only as long as the reader reaches the application itself. */
function applicationOf({ build, first }: Database, caller: Asker, ticket: TicketRow) {
  if (ticket.application === null) return null;
  const rows = build.selectFrom('applications').select(['id', 'title']);
  return first(rows.where('id', '=', ticket.application).where(reached(caller))) ?? null;
}

function mergedInto(database: Database, caller: Asker, ticket: TicketRow): string | null {
  if (ticket.merged_into === null) return null;
  const into = ticketStore(database).byId(ticket.merged_into);
  return into !== undefined && isReached(caller, into) ? into.id : null;
}
