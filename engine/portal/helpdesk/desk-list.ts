/**
 * The operators' list: a page of a queue, in the order asked for. A queue is one side or several
 * (whose move it is); of each side as many tickets are walked as the page takes (`desk-walk.ts`),
 * and the sides are joined.
 *
 * A page may be shorter than asked for although more follows: filters that fit few tickets of many
 * look so far and no further, and `nextCursor` goes on from there.
 */
import { type DeskQuery, SEARCHED_MESSAGES_MAX, TAGGED_MAX } from '#protocol/desk-api.ts';
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
import { tidyTag } from './tags.ts';
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
  postponed: ['desk'],
  mentioned: ['desk', 'user', 'over'],
};
const LIMIT_DEFAULT = 25;
/** Of what is postponed, those that come back first; of mentions, the newest. */
const LISTED_MAX = 2_000;
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
  if (isFew(query)) {
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

/** What is found by other things than a walk along a side. */
function isFew({ q, tag, queue }: DeskQuery): boolean {
  return q !== undefined || tag !== undefined || queue === 'postponed' || queue === 'mentioned';
}

/** All that have the words or the tag, are postponed or mentioned, and fit: they are few. */
function foundRows(database: Database, wish: DeskWish, sides: readonly Side[]): TicketRow[] {
  const { equal, dueBeforeUs, isHiding } = conditionsOf(wish);
  let few = database.build.selectFrom('tickets').selectAll();
  for (const ids of idsOf(database, wish)) few = few.where(sql<boolean>`id IN (${ids})`);
  return database
    .all(few)
    .filter(
      (row) =>
        sides.includes(row.side) &&
        !(isHiding && row.postponed_until_us !== null) &&
        (dueBeforeUs === undefined || row.due_us < dueBeforeUs) &&
        equal.every(({ column, value }) => row[column] === value),
    );
}

/** Each a question for ids, of which the tickets are in all. */
function idsOf(database: Database, { query, caller }: DeskWish) {
  const { q, tag, queue } = query;
  return [
    ...(q === undefined
      ? []
      : [sql`SELECT value FROM json_each(${JSON.stringify(found(database, q))})`]),
    ...(tag === undefined
      ? []
      : [
          sql`SELECT ticket FROM ticket_tags WHERE tag = ${tidyTag(tag)}
            ORDER BY ticket DESC LIMIT ${TAGGED_MAX}`,
        ]),
    ...(queue === 'postponed'
      ? [
          sql`SELECT id FROM tickets WHERE postponed_until_us IS NOT NULL
            ORDER BY postponed_until_us LIMIT ${LISTED_MAX}`,
        ]
      : []),
    ...(queue === 'mentioned'
      ? [
          sql`SELECT ticket FROM ticket_mentions WHERE account = ${caller}
            ORDER BY at_us DESC LIMIT ${LISTED_MAX}`,
        ]
      : []),
  ];
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
