/**
 * Walks one side of the queues along an index, in its order. One condition drives the walk where
 * there is an index for it; the others are looked at on the way, a window at a time with a pause
 * between two, so that nobody else waits for filters that fit few of half a million tickets. After
 * `WALK.max` it stops and says where.
 */
import type { DeskQuery } from '#protocol/desk-api.ts';
import { type Database, sql, type TicketRow } from '../../store/database/index.ts';
import { type Postponed, postponedTickets } from './postponing.ts';

export type Side = TicketRow['side'];
export type Sort = NonNullable<DeskQuery['sort']>;
export type Position = Pick<TicketRow, 'id' | 'due_us'>;

export interface Equality {
  readonly column: (typeof DRIVERS)[number];
  readonly value: string | number | null;
}

export interface Conditions {
  readonly equal: readonly Equality[];
  readonly dueBeforeUs: number | undefined;
  /** Without those that are postponed. */
  readonly isHiding: boolean;
}

export interface Part {
  readonly side: Side;
  readonly sort: Sort;
  readonly conditions: Conditions;
  readonly after: Position | undefined;
  readonly limit: number;
  readonly pause: () => Promise<void>;
  readonly bounds: WalkBounds;
}

export interface Walked {
  readonly rows: readonly TicketRow[];
  /** Up to where it looked, when it did not come to the end. */
  readonly stoppedAt: Position | undefined;
}

/** Rows looked at between two pauses: of the table, of the index that has all columns; in all. */
export interface WalkBounds {
  readonly window: number;
  readonly windowCovered: number;
  readonly max: number;
}

export const WALK: WalkBounds = { window: 4_000, windowCovered: 12_000, max: 100_000 };

/** Which condition drives, by what there are indexes for; the rarest first. */
const DRIVERS = [
  ...(['account', 'incident', 'is_escalated', 'assignee', 'channel', 'team'] as const),
  ...(['status', 'kind', 'language'] as const),
] as const;
const DRIVERS_BY_DUE: ReadonlySet<string> = new Set(['account', 'incident', 'assignee']);
/** The columns of tickets_by_side and tickets_by_due. */
const COVERED = [
  ...(['id', 'due_us', 'kind', 'language', 'status', 'channel', 'team', 'assignee'] as const),
  'is_escalated',
] as const;
/** What `ticket_counts` tells apart. */
type Counted = 'kind' | 'language' | 'team' | 'assignee';
const COUNTED: ReadonlySet<string> = new Set<Counted>(['kind', 'language', 'team', 'assignee']);
const ALL = [...COVERED, 'account', 'incident'] as const;

/** Queues that what is postponed leaves. */
const HIDING: ReadonlySet<string> = new Set(['mine', 'unassigned', 'open']);

interface Asked {
  readonly query: DeskQuery;
  readonly caller: string;
  readonly nowUs: number;
}

/** What a query asks of each ticket besides its side. */
export function conditionsOf({ query, caller, nowUs }: Asked): Conditions {
  const columns = ['kind', 'status', 'channel', 'team', 'assignee', 'language'] as const;
  const others = ['incident', 'account'] as const;
  const equal: Equality[] = [...columns, ...others].flatMap((column) => {
    const value = query[column];
    return value === undefined ? [] : [{ column, value }];
  });
  if (query.queue === 'mine') equal.push({ column: 'assignee', value: caller });
  if (query.queue === 'unassigned') equal.push({ column: 'assignee', value: null });
  if (query.escalated !== undefined) {
    equal.push({ column: 'is_escalated', value: query.escalated === 'true' ? 1 : 0 });
  }
  const isHiding = HIDING.has(query.queue ?? (query.status === undefined ? 'open' : 'all'));
  return { equal, dueBeforeUs: query.queue === 'breached' ? nowUs : undefined, isHiding };
}

/** The first `limit` tickets behind `after`. */
export async function walk(database: Database, part: Part): Promise<Walked> {
  const { limit, pause, bounds } = part;
  const { driver, rest } = planOf(part);
  if (rest.length === 0) {
    const page = driven(database, part, driver).selectAll().limit(limit);
    const shown = part.conditions.isHiding ? page.where('postponed_until_us', 'is', null) : page;
    return { rows: database.all(shown), stoppedAt: undefined };
  }
  const most = mostOf(database, part);
  const length = driver === undefined ? bounds.windowCovered : bounds.window;
  const found: string[] = [];
  let after = part.after;
  for (let looked = 0; found.length < most; looked += length) {
    const window = { ...part, after };
    const hits = hitsIn(database, window, { driver, rest, length, limit: limit - found.length });
    found.push(...hits);
    if (found.length >= Math.min(limit, most)) break;
    after = endOf(database, window, { driver, length });
    if (after === undefined || looked + length >= bounds.max) break;
    await pause();
  }
  const isDone = found.length >= Math.min(limit, most);
  return { rows: rowsOf(database, found), stoppedAt: isDone ? undefined : after };
}

/** Nearly all came by the form, and are not escalated: that drives nothing. */
function isRare({ value }: Equality): boolean {
  return value !== null && value !== 'form' && value !== 0;
}

/** How many there can be at most, by the counts that triggers keep: often none, and no walk. */
function mostOf(database: Database, { side, conditions }: Part): number {
  const { build, first } = database;
  let counts = build.selectFrom('ticket_counts').where('side', '=', side);
  for (const { column, value } of conditions.equal) {
    if (COUNTED.has(column)) counts = counts.where(column as Counted, '=', String(value ?? ''));
  }
  const sum = counts.select((e) => e.fn.coalesce(e.fn.sum<number>('count'), e.lit(0)).as('most'));
  const most = first(sum)?.most ?? 0;
  if (!conditions.isHiding || most === 0) return most;
  const isCounted = (row: Postponed) =>
    row.side === side &&
    conditions.equal.every(
      ({ column, value }) => !COUNTED.has(column) || row[column as Counted] === value,
    );
  return most - postponedTickets(database).filter(isCounted).length;
}

function planOf({ sort, conditions }: Part) {
  const { equal } = conditions;
  const column = DRIVERS.find(
    (name) =>
      (sort !== 'due' || DRIVERS_BY_DUE.has(name)) &&
      equal.some((one) => one.column === name && isRare(one)),
  );
  const isUnassigned = equal.find(({ value }) => value === null);
  const driver =
    equal.find((one) => one.column === column) ?? (sort === 'due' ? undefined : isUnassigned);
  return { driver, rest: equal.filter((one) => one !== driver) };
}

interface Window {
  readonly driver: Equality | undefined;
  readonly length: number;
}

/** Whom the driver lets through, behind `after`, in order. */
function driven({ build }: Database, part: Part, driver: Equality | undefined) {
  const { side, sort, after, conditions } = part;
  // An account has few tickets: the plus keeps SQLite from walking the side to look for them.
  const isFew = driver?.column === 'account';
  const isSide = isFew ? sql<boolean>`+side = ${side}` : sql<boolean>`side = ${side}`;
  let rows = build.selectFrom('tickets').where(isSide);
  if (driver !== undefined) {
    const { column, value } = driver;
    rows = value === null ? rows.where(column, 'is', null) : rows.where(column, '=', value);
  }
  if (driver?.column === 'is_escalated') rows = rows.where(sql<boolean>`is_escalated > 0`);
  if (conditions.dueBeforeUs !== undefined)
    rows = rows.where('due_us', '<', conditions.dueBeforeUs);
  if (sort === 'due') {
    const page = rows.orderBy('due_us').orderBy('id');
    if (after === undefined) return page;
    return page.where(sql<boolean>`(due_us, id) > (${after.due_us}, ${after.id})`);
  }
  const isDown = sort === 'newest';
  const page = rows.orderBy('id', isDown ? 'desc' : 'asc');
  return after === undefined ? page : page.where('id', isDown ? '<' : '>', after.id);
}

/** Those of one window that fit the other conditions as well. */
function hitsIn(
  database: Database,
  part: Part,
  { driver, rest, length, limit }: Window & { rest: readonly Equality[]; limit: number },
): string[] {
  const columns = driver === undefined ? COVERED : ALL;
  const window = driven(database, part, driver).select(columns).limit(length).as('w');
  let hits = database.build.selectFrom(window).select('w.id').limit(limit);
  for (const { column, value } of rest) {
    const name = sql.ref(`w.${column}`);
    hits = hits.where(sql<boolean>`${name} IS ${value}`);
  }
  if (part.conditions.isHiding) {
    hits = hits.where(sql<boolean>`w.id NOT IN
      (SELECT id FROM tickets WHERE postponed_until_us IS NOT NULL)`);
  }
  return database.all(hits).map(({ id }) => id);
}

/** The last of a full window; undefined when the side ends in it. */
function endOf(database: Database, part: Part, { driver, length }: Window): Position | undefined {
  const ends = driven(database, part, driver).select(['id', 'due_us']);
  return database.first(ends.limit(1).offset(length - 1));
}

function rowsOf({ build, all }: Database, ids: readonly string[]): TicketRow[] {
  if (ids.length === 0) return [];
  return all(build.selectFrom('tickets').selectAll().where('id', 'in', ids));
}
