/** Tickets, messages, events in the database. No rules here, only rows. */
import type {
  Database,
  TicketEventsTable,
  TicketMessageRow,
  TicketRow,
  TicketsTable,
} from '../../store/database/index.ts';
import type { Owner } from './reach.ts';

export interface TicketStore {
  byId(id: string): TicketRow | undefined;
  byNumber(number: string): TicketRow | undefined;
  insert(row: TicketsTable): TicketRow;
  /** Undefined when it has another version by now. */
  update(ticket: TicketRow, values: Partial<TicketsTable>): TicketRow | undefined;
  insertMessage(row: Omit<TicketMessageRow, 'n'>): TicketMessageRow;
  insertEvent(row: TicketEventsTable): void;
  /** In the order in which they came. */
  messages(ticket: string): TicketMessageRow[];
  events(ticket: string): TicketEventsTable[];
  messageCount(ticket: string): number;
  /** An owner's, newest first, below the id `cursor`. */
  ofOwner(owner: Owner, page: { cursor?: string | undefined; limit: number }): TicketRow[];
  /** When the account's n-th newest ticket by the form came; undefined with fewer. */
  nthNewestUs(account: string, n: number): number | undefined;
  nthNewestMessageUs(author: string, n: number): number | undefined;
  /** How many of the account's are not over, counted up to `most`. */
  openCount(account: string, most: number): number;
  mergedFrom(ticket: string): string[];
}

/** The tickets in `database`. */
export function ticketStore(database: Database): TicketStore {
  const { build, all, first, run } = database;
  const tickets = () => build.selectFrom('tickets').selectAll();
  return {
    byId: (id) => first(tickets().where('id', '=', id)),
    byNumber: (number) => first(tickets().where('number', '=', number)),
    insert: (row) => first(build.insertInto('tickets').values(row).returningAll()) as TicketRow,
    update: ({ id, version }, values) =>
      first(
        build
          .updateTable('tickets')
          .set(values)
          .where('id', '=', id)
          .where('version', '=', version)
          .returningAll(),
      ),
    insertMessage: (row) =>
      first(build.insertInto('ticket_messages').values(row).returningAll()) as TicketMessageRow,
    insertEvent: (row) => void run(build.insertInto('ticket_events').values(row)),
    messages: (ticket) =>
      all(
        build.selectFrom('ticket_messages').selectAll().where('ticket', '=', ticket).orderBy('id'),
      ),
    events: (ticket) =>
      all(build.selectFrom('ticket_events').selectAll().where('ticket', '=', ticket).orderBy('id')),
    messageCount: (ticket) =>
      first(
        build
          .selectFrom('ticket_messages')
          .select((e) => e.fn.countAll<number>().as('count'))
          .where('ticket', '=', ticket),
      )?.count ?? 0,
    ofOwner: ({ column, id }, { cursor, limit }) => {
      const own = tickets().where(column, '=', id).orderBy('id', 'desc').limit(limit);
      const isPrivate = own.where('organisation', 'is', null).where('office', 'is', null);
      const rows = column === 'account' ? isPrivate : own;
      return all(cursor === undefined ? rows : rows.where('id', '<', cursor));
    },
    nthNewestUs: (account, n) =>
      first(
        build
          .selectFrom('tickets')
          .select('created_at_us')
          .where('account', '=', account)
          .where('channel', '=', 'form')
          .orderBy('id', 'desc')
          .limit(1)
          .offset(n - 1),
      )?.created_at_us,
    nthNewestMessageUs: (author, n) =>
      first(
        build
          .selectFrom('ticket_messages')
          .select('at_us')
          .where('author', '=', author)
          .orderBy('id', 'desc')
          .limit(1)
          .offset(n - 1),
      )?.at_us,
    openCount: (account, most) =>
      all(
        build
          .selectFrom('tickets')
          .select('id')
          .where('account', '=', account)
          .where('side', 'in', ['desk', 'user'])
          .limit(most),
      ).length,
    mergedFrom: (ticket) =>
      all(
        build.selectFrom('tickets').select('id').where('merged_into', '=', ticket).orderBy('id'),
      ).map(({ id }) => id),
  };
}
