/**
 * Which rows a filter leaves and which of them come first: passes over the columns. Cost: one pass
 * over all rows, or over the shortest list of candidates, and a heap of one page.
 */
import { CODED, type Columns, type Numeric } from './columns.ts';
import type { Choices, Filters, Position, SortKey } from './query.ts';

export interface Selection {
  /** The page, in order. */
  readonly page: readonly number[];
  readonly next: Position | null;
  readonly total: number;
}

/** Which rows. */
export interface Restriction {
  readonly filters: Filters;
  /** Only these rows, in any order and without repetition; undefined: all. */
  readonly candidates: Uint32Array | undefined;
  /** Only those that were sent. */
  readonly isSent: boolean;
}

export interface SelectWish extends Restriction {
  readonly sort: SortKey;
  readonly isDescending: boolean;
  readonly after: Position | undefined;
  readonly limit: number;
}

const CODES = 65_536;

/** The first rows behind `after`, and how many there are in all. */
export function select(columns: Columns, wish: SelectWish): Selection {
  const holds = predicate(columns, wish);
  const order = orderOf(columns, wish);
  const best = createHeap(wish.limit + 1, order);
  const { after, candidates, isDescending } = wish;
  const isBehind = after === undefined ? () => true : behind(columns, wish, after);
  let total = 0;
  const visit = (n: number) => {
    if (!holds(n)) return;
    total += 1;
    if (isBehind(n)) best.offer(n);
  };
  if (candidates !== undefined) for (const n of candidates) visit(n);
  // Rows are mostly in the order of time: begun at the right end the heap fills at once.
  else if (isDescending) for (let n = columns.length - 1; n >= 0; n -= 1) visit(n);
  else for (let n = 0; n < columns.length; n += 1) visit(n);
  const rows = best.sorted();
  const page = rows.slice(0, wish.limit);
  const last = page.at(-1);
  const hasMore = rows.length > wish.limit && last !== undefined;
  return { page, next: hasMore ? positionOf(columns, wish.sort, last) : null, total };
}

/** What the rows of a restriction have, sorted. */
export function choicesIn(columns: Columns, wish: Restriction): Choices {
  const holds = predicate(columns, wish);
  const seen = CODED.map((name) => ({
    name,
    codes: columns.codes[name],
    is: new Uint8Array(CODES),
  }));
  const years = new Set<number>();
  const visit = (n: number) => {
    if (!holds(n)) return;
    for (const { codes, is } of seen) is[codes[n] as number] = 1;
    years.add(columns.years[n] as number);
  };
  if (wish.candidates !== undefined) for (const n of wish.candidates) visit(n);
  else for (let n = 0; n < columns.length; n += 1) visit(n);
  const words = seen.map(({ name, is }) => {
    const there = columns.words(name).filter((word, code) => word !== '' && is[code] === 1);
    return [name, there.toSorted()];
  });
  return {
    years: [...years].toSorted((one, other) => other - one),
    words: Object.fromEntries(words) as Choices['words'],
  };
}

/** Where a row stands in an order. */
export function positionOf({ numbers }: Columns, sort: SortKey, n: number): Position {
  const key = numbers[sort][n] ?? Number.NaN;
  const rest = sort === 'name' ? (numbers.nameRest[n] ?? 0) : 0;
  return { key: Number.isNaN(key) ? null : key, rest, n };
}

function predicate(columns: Columns, { filters, isSent }: Restriction): (n: number) => boolean {
  const { years, numbers } = columns;
  const { stamp, created } = numbers;
  const { fromUs = Number.NEGATIVE_INFINITY, toUs = Number.POSITIVE_INFINITY } = filters;
  const hasPeriod = filters.fromUs !== undefined || filters.toUs !== undefined;
  const tables = CODED.flatMap((name) => {
    const words = filters[name];
    return words === undefined
      ? []
      : [{ codes: columns.codes[name], table: tableOf(words.map((w) => columns.codeOf(name, w))) }];
  });
  if (filters.year !== undefined) tables.push({ codes: years, table: tableOf(filters.year) });
  return (n) => {
    if (years[n] === 0 || years[n] === undefined) return false;
    for (const { codes, table } of tables) if (table[codes[n] as number] === 0) return false;
    if (isSent && Number.isNaN(stamp[n])) return false;
    if (!hasPeriod) return true;
    const own = stamp[n] as number;
    const atUs = Number.isNaN(own) ? (created[n] as number) : own;
    return atUs >= fromUs && atUs < toUs;
  };
}

/** Which codes are wanted; 0, which no word has, never. */
function tableOf(codes: readonly number[]): Uint8Array {
  const table = new Uint8Array(CODES);
  for (const code of codes) if (code < CODES) table[code] = 1;
  table[0] = 0;
  return table;
}

/** Below 0: `a` comes first. Rows without a key come last in both directions. */
type Order = (a: number, b: number) => number;

function orderOf({ numbers }: Columns, { sort, isDescending }: SelectWish): Order {
  const keys = numbers[sort];
  const rests = sort === 'name' ? numbers.nameRest : undefined;
  const sign = isDescending ? -1 : 1;
  return (a, b) => {
    const [left, right] = [keys[a] as number, keys[b] as number];
    if (left < right) return -sign;
    if (left > right) return sign;
    if (left !== right) {
      const [isLeftNone, isRightNone] = [Number.isNaN(left), Number.isNaN(right)];
      if (isLeftNone !== isRightNone) return isLeftNone ? 1 : -1;
    } else if (rests !== undefined) {
      const rest = (rests[a] as number) - (rests[b] as number);
      if (rest !== 0) return rest * sign;
    }
    return (a - b) * sign;
  };
}

/** Whether a row comes behind a place that was given out, though its row may have changed since. */
function behind(
  { numbers }: Columns,
  { sort, isDescending }: SelectWish,
  after: Position,
): (n: number) => boolean {
  const keys: Float64Array = numbers[sort satisfies Numeric];
  const rests = sort === 'name' ? numbers.nameRest : undefined;
  const sign = isDescending ? -1 : 1;
  return (n) => {
    const key = keys[n] as number;
    if (Number.isNaN(key)) return after.key !== null || (n - after.n) * sign > 0;
    if (after.key === null) return false;
    if (key !== after.key) return (key - after.key) * sign > 0;
    const rest = rests === undefined ? 0 : (rests[n] as number) - after.rest;
    return rest === 0 ? (n - after.n) * sign > 0 : rest * sign > 0;
  };
}

/** The first `size` of all rows offered; the last of them on top, to be replaced. */
function createHeap(size: number, order: Order) {
  const rows: number[] = [];
  const at = (index: number) => rows[index] as number;
  const swap = (one: number, other: number) => {
    const kept = at(one);
    rows[one] = at(other);
    rows[other] = kept;
  };
  const rise = (from: number) => {
    for (let index = from; index > 0; ) {
      const parent = (index - 1) >> 1;
      if (order(at(index), at(parent)) <= 0) return;
      swap(index, parent);
      index = parent;
    }
  };
  const sink = () => {
    for (let index = 0; ; ) {
      let last = index;
      for (const child of [2 * index + 1, 2 * index + 2]) {
        if (child < rows.length && order(at(child), at(last)) > 0) last = child;
      }
      if (last === index) return;
      swap(index, last);
      index = last;
    }
  };
  return {
    offer: (n: number) => {
      if (rows.length < size) {
        rows.push(n);
        rise(rows.length - 1);
      } else if (order(n, at(0)) < 0) {
        rows[0] = n;
        sink();
      }
    },
    sorted: () => rows.toSorted(order),
  };
}
