/**
 * The operators' list. Each queue is one or two sides (whose move it is), each side one walk along
 * an index in the order asked for, so a page costs its own length and what the filters skip.
 *
 * Words are looked for in the newest messages that have them, SEARCHED_MESSAGES_MAX at most: what a
 * common word finds beyond that says nothing to a person.
 */
import { type DeskQuery, SEARCHED_MESSAGES_MAX } from '#protocol/desk-api.ts';
import { type Database, sql, type TicketRow } from '../../store/database/index.ts';
import { Refusal } from '../http/refusal.ts';
import { tidyNumber } from './number.ts';
import { matchOf } from './words.ts';

export interface DeskPage {
  readonly rows: readonly TicketRow[];
  readonly nextCursor: string | null;
}

type Side = TicketRow['side'];
type Queue = NonNullable<DeskQuery['queue']>;

const SIDES: Readonly<Record<Queue, readonly Side[]>> = {
  mine: ['desk', 'user'],
  unassigned: ['desk'],
  open: ['desk'],
  waiting: ['user'],
  breached: ['desk'],
  closed: ['over'],
  all: ['desk', 'user', 'over'],
};
const LIMIT_DEFAULT = 25;
const CURSOR = /^(?:(\d{1,16})\.)?([0-9A-HJKMNP-TV-Z]{26})$/;

interface Wish {
  readonly query: DeskQuery;
  readonly caller: string;
  readonly nowUs: number;
}

/** One page. Refuses REQUEST_INVALID for a cursor of another order. */
export function deskPage(database: Database, wish: Wish): DeskPage {
  const { query } = wish;
  const limit = Number(query.limit ?? LIMIT_DEFAULT);
  const sort = query.sort ?? 'oldest';
  const after = positionIn(query.cursor, sort === 'due');
  const sides = query.status === undefined ? SIDES[query.queue ?? 'open'] : [sideOf(query)];
  const rows = sides.flatMap((side) =>
    database.all(ordered(filtered(database, wish, side), { sort, after }).limit(limit + 1)),
  );
  rows.sort(comparing(sort));
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  const nextCursor =
    last === undefined ? null : sort === 'due' ? `${last.due_us}.${last.id}` : last.id;
  return { rows: shown, nextCursor };
}

function filtered({ build }: Database, { query, caller, nowUs }: Wish, side: Side) {
  let rows = build.selectFrom('tickets').selectAll().where('side', '=', side);
  if (query.queue === 'mine') rows = rows.where('assignee', '=', caller);
  if (query.queue === 'unassigned') rows = rows.where('assignee', 'is', null);
  if (query.queue === 'breached') rows = rows.where('due_us', '<', nowUs);
  const columns = ['kind', 'status', 'channel', 'team', 'assignee', 'language'] as const;
  for (const column of columns) {
    const value = query[column];
    if (value !== undefined) rows = rows.where(column, '=', value);
  }
  if (query.incident !== undefined) rows = rows.where('incident', '=', query.incident);
  if (query.account !== undefined) rows = rows.where('account', '=', query.account);
  if (query.escalated !== undefined) {
    rows = rows.where('is_escalated', '=', query.escalated === 'true' ? 1 : 0);
  }
  return query.q === undefined ? rows : rows.where(found(query.q));
}

type Filtered = ReturnType<typeof filtered>;

interface Order {
  readonly sort: NonNullable<DeskQuery['sort']>;
  readonly after: { readonly dueUs: number; readonly id: string } | undefined;
}

function ordered(rows: Filtered, { sort, after }: Order): Filtered {
  if (sort === 'due') {
    const page = rows.orderBy('due_us').orderBy('id');
    if (after === undefined) return page;
    return page.where(sql<boolean>`(due_us, id) > (${after.dueUs}, ${after.id})`);
  }
  const isDown = sort === 'newest';
  const page = rows.orderBy('id', isDown ? 'desc' : 'asc');
  return after === undefined ? page : page.where('id', isDown ? '<' : '>', after.id);
}

function comparing(sort: Order['sort']) {
  const byId = (one: TicketRow, other: TicketRow) => (one.id < other.id ? -1 : 1);
  if (sort === 'newest') return (one: TicketRow, other: TicketRow) => byId(other, one);
  if (sort === 'oldest') return byId;
  return (one: TicketRow, other: TicketRow) => one.due_us - other.due_us || byId(one, other);
}

/** The one side a status belongs to. */
function sideOf({ status }: DeskQuery): Side {
  if (status === 'waiting' || status === 'answered') return 'user';
  return status === 'closed' || status === 'merged' ? 'over' : 'desk';
}

/** A number, or words of subject, name and messages: each a beginning, all in one message. */
function found(text: string) {
  const number = tidyNumber(text);
  const match = matchOf(text);
  const numbered = sql<boolean>`number = ${number ?? null}`;
  if (match === undefined) return number === undefined ? sql<boolean>`0` : numbered;
  const worded = sql<boolean>`id IN (SELECT ticket FROM ticket_messages WHERE n IN (
    SELECT rowid FROM ticket_text WHERE ticket_text MATCH ${match}
    ORDER BY rowid DESC LIMIT ${SEARCHED_MESSAGES_MAX}))`;
  return number === undefined ? worded : sql<boolean>`(${numbered} OR ${worded})`;
}

function positionIn(cursor: string | undefined, isDue: boolean): Order['after'] {
  if (cursor === undefined) return undefined;
  const [, due, id] = CURSOR.exec(cursor) ?? [];
  if (id === undefined || (due !== undefined) !== isDue) throw new Refusal('REQUEST_INVALID');
  return { dueUs: Number(due ?? 0), id };
}
