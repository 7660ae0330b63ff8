/**
 * The operators' list: a page of a queue, in the order asked for. A queue is one side or several
 * (whose move it is); of each side as many tickets are walked as the page takes (`desk-walk.ts`),
 * and the sides are joined.
 *
 * A page may be shorter than asked for although more follows: filters that fit few tickets of many
 * look so far and no further, and `nextCursor` goes on from there.
 */
import { type DeskQuery, SEARCHED_MESSAGES_MAX } from '#protocol/desk-api.ts';
import type { TicketStatus } from '#protocol/helpdesk-api.ts';
import { type Database, sql, type TicketRow } from '../../store/database/index.ts';
import { Refusal } from '../http/refusal.ts';
import {
  conditionsOf,
  type Position,
  type Side,
  type Sort,
  WALK,
  type WalkBounds,
  walk,
} from './desk-walk.ts';
import { tidyNumber } from './number.ts';
import { matchOf } from './words.ts';

export interface DeskPage {
  readonly rows: readonly TicketRow[];
  readonly nextCursor: string | null;
}

export interface DeskWish {
  readonly query: DeskQuery;
  readonly caller: string;
  readonly nowUs: number;
  /** Lets others have their turn, between two pieces of a long walk. */
  readonly pause: () => Promise<void>;
  /** Default WALK. */
  readonly walk?: WalkBounds;
}

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

/** One page. Refuses REQUEST_INVALID for a cursor of another order. */
export async function deskPage(database: Database, wish: DeskWish): Promise<DeskPage> {
  const { query } = wish;
  const limit = Number(query.limit ?? LIMIT_DEFAULT);
  const sort = query.queue === 'breached' ? 'due' : (query.sort ?? 'oldest');
  const after = positionIn(query.cursor, sort === 'due');
  const sides = sidesOf(query);
  const compare = comparing(sort);
  const rows: TicketRow[] = [];
  let until: Position | undefined;
  if (query.q !== undefined) {
    rows.push(
      ...foundRows(database, wish, sides).filter((row) => !after || compare(after, row) < 0),
    );
  } else {
    const conditions = conditionsOf(wish);
    const { pause, walk: bounds = WALK } = wish;
    for (const side of sides) {
      const part = { side, sort, conditions, after, limit: limit + 1 };
      const walked = await walk(database, { ...part, pause, bounds });
      rows.push(...walked.rows);
      const { stoppedAt } = walked;
      if (stoppedAt && (!until || compare(stoppedAt, until) < 0)) until = stoppedAt;
    }
  }
  rows.sort(compare);
  const certain = until ? rows.filter((row) => compare(row, until) <= 0) : rows;
  const shown = certain.slice(0, limit);
  const last = certain.length > limit ? shown.at(-1) : until;
  return { rows: shown, nextCursor: last === undefined ? null : cursorOf(last, sort) };
}

function comparing(sort: Sort) {
  const byId = (one: Position, other: Position) => (one.id < other.id ? -1 : +(one.id > other.id));
  if (sort === 'newest') return (one: Position, other: Position) => byId(other, one);
  if (sort === 'oldest') return byId;
  return (one: Position, other: Position) => one.due_us - other.due_us || byId(one, other);
}

/** Of a status only the one it belongs to. */
function sidesOf({ queue, status }: DeskQuery): readonly Side[] {
  if (status === undefined) return SIDES[queue ?? 'open'];
  const own = sideOf(status);
  return SIDES[queue ?? 'all'].filter((side) => side === own);
}

function sideOf(status: TicketStatus): Side {
  if (status === 'waiting' || status === 'answered') return 'user';
  return status === 'closed' || status === 'merged' ? 'over' : 'desk';
}

/** All that have the words and fit the filters: they are few. */
function foundRows(database: Database, wish: DeskWish, sides: readonly Side[]): TicketRow[] {
  const ids = JSON.stringify(found(database, wish.query.q ?? ''));
  const { equal, dueBeforeUs } = conditionsOf(wish);
  const rows = database.all(
    database.build
      .selectFrom('tickets')
      .selectAll()
      .where(sql<boolean>`id IN (SELECT value FROM json_each(${ids}))`),
  );
  return rows.filter(
    (row) =>
      sides.includes(row.side) &&
      (dueBeforeUs === undefined || row.due_us < dueBeforeUs) &&
      equal.every(({ column, value }) => row[column] === value),
  );
}

/** Ids by a number, or by words of subject, name and messages, all in one message. */
function found({ build, all }: Database, text: string): string[] {
  const number = tidyNumber(text);
  const numbered = build
    .selectFrom('tickets')
    .select('id')
    .where('number', '=', number ?? null);
  const ids = number === undefined ? [] : all(numbered).map(({ id }) => id);
  const match = matchOf(text);
  if (match === undefined) return ids;
  const worded = sql<boolean>`n IN (SELECT rowid FROM ticket_text WHERE ticket_text MATCH ${match}
    ORDER BY rowid DESC LIMIT ${SEARCHED_MESSAGES_MAX})`;
  const rows = all(build.selectFrom('ticket_messages').select('ticket').where(worded));
  return [...new Set([...ids, ...rows.map(({ ticket }) => ticket)])];
}

function cursorOf({ id, due_us }: Position, sort: Sort): string {
  return sort === 'due' ? `${due_us}.${id}` : id;
}

function positionIn(cursor: string | undefined, isDue: boolean): Position | undefined {
  if (cursor === undefined) return undefined;
  const [, due, id] = CURSOR.exec(cursor) ?? [];
  if (id === undefined || (due !== undefined) !== isDue) throw new Refusal('REQUEST_INVALID');
  return { due_us: Number(due ?? 0), id };
}
