/**
 * The columns that are filtered and sorted by, in memory: a number for each application, so that a
 * filter over a million of them is one pass of some milliseconds, whatever is combined.
 *
 *     n        0     1      2   …        row number in the database, index here
 *     year     –   2007   2011           0: there is no such row
 *     model    –     1      2            codes of words, as they were first seen
 *     stamp    –   1.2e15  NaN           NaN: has none
 *
 * 62 bytes an application; names are kept as their first 22 letters, which is what they are sorted
 * by. It is read from the table once and then follows it by revision.
 */
import { assert } from '#engine/foundation/assert.ts';
import type { DatabaseReader, Value } from '../../store/database/index.ts';
import { nameKey } from './name-key.ts';

/** Columns of words. */
export const CODED = ['model', 'status', 'clickDay', 'office', 'nationality', 'decree'] as const;
export type Coded = (typeof CODED)[number];

/** Columns of numbers, which is what is sorted by. */
export type Numeric = 'stamp' | 'place' | 'created' | 'changed' | 'name' | 'nameRest';
const NUMERIC: readonly Numeric[] = ['stamp', 'place', 'created', 'changed', 'name', 'nameRest'];

export interface Columns {
  /** Rows are numbered below this. */
  readonly length: number;
  readonly years: Uint16Array;
  readonly codes: Readonly<Record<Coded, Uint16Array>>;
  readonly numbers: Readonly<Record<Numeric, Float64Array>>;
  /** The code of a word; 0 when no application has it. */
  codeOf(column: Coded, word: string): number;
  /** The words of a column, by their codes. */
  words(column: Coded): readonly string[];
  /** Reads what changed since; how many rows that were. Within `reader.atOnce`. */
  refresh(): number;
}

const SELECT = `SELECT n, revision, id IS NULL, year, model, status, click_day, office, nationality,
  decree, stamp_us, place, created_us, changed_us, title FROM search`;
const CHUNK = 20_000;
const ROOM_AT_LEAST = 4096;
const ROOM_FACTOR = 1.25;
const CODE_MAX = 65_535;

/** Empty until `refresh`. */
export function createColumns(reader: DatabaseReader): Columns {
  let length = 0;
  let revision = 0;
  let years = new Uint16Array(ROOM_AT_LEAST);
  const codes = made(CODED, () => new Uint16Array(ROOM_AT_LEAST));
  const numbers = made(NUMERIC, () => new Float64Array(ROOM_AT_LEAST));
  const words = made(CODED, () => new Map<string, number>());

  const makeRoom = (n: number) => {
    if (n < years.length) return;
    const room = Math.ceil((n + 1) * ROOM_FACTOR);
    years = grown(years, new Uint16Array(room));
    for (const name of CODED) codes[name] = grown(codes[name], new Uint16Array(room));
    for (const name of NUMERIC) numbers[name] = grown(numbers[name], new Float64Array(room));
  };

  const code = (column: Coded, word: Value): number => {
    if (word === null) return 0;
    const known = words[column].get(String(word));
    if (known !== undefined) return known;
    const next = words[column].size + 1;
    assert(next < CODE_MAX, `too many kinds of ${column}`);
    words[column].set(String(word), next);
    return next;
  };

  const put = (row: readonly Value[]) => {
    const n = Number(row[0]);
    makeRoom(n);
    length = Math.max(length, n + 1);
    revision = Math.max(revision, Number(row[1]));
    years[n] = row[2] === 1 ? 0 : Number(row[3]);
    for (const [at, name] of CODED.entries()) codes[name][n] = code(name, row[4 + at] ?? null);
    numbers.stamp[n] = numberOf(row[10]);
    numbers.place[n] = numberOf(row[11]);
    numbers.created[n] = numberOf(row[12]);
    numbers.changed[n] = numberOf(row[13]);
    const [first, rest] = nameKey(String(row[14]));
    numbers.name[n] = first;
    numbers.nameRest[n] = rest;
  };

  /** The first time in the order of the table, which is quicker; all of one moment. */
  const load = () => {
    for (let after = 0; ; ) {
      const rows = reader.rows(`${SELECT} WHERE n > ? ORDER BY n LIMIT ${CHUNK}`, [after]);
      for (const row of rows) put(row);
      if (rows.length < CHUNK) return;
      after = Number(rows.at(-1)?.[0]);
    }
  };

  const follow = () => {
    for (let count = 0; ; ) {
      const newer = `${SELECT} WHERE revision > ? ORDER BY revision LIMIT ${CHUNK}`;
      const rows = reader.rows(newer, [revision]);
      for (const row of rows) put(row);
      count += rows.length;
      if (rows.length < CHUNK) return count;
    }
  };

  return {
    get length() {
      return length;
    },
    get years() {
      return years;
    },
    codes,
    numbers,
    codeOf: (column, word) => words[column].get(word) ?? 0,
    words: (column) => ['', ...words[column].keys()],
    refresh: () => {
      if (revision === 0) load();
      return follow();
    },
  };
}

function numberOf(value: Value | undefined): number {
  return value === null || value === undefined ? Number.NaN : Number(value);
}

function made<Name extends string, T>(names: readonly Name[], make: () => T): Record<Name, T> {
  return Object.fromEntries(names.map((name) => [name, make()])) as Record<Name, T>;
}

function grown<T extends Uint16Array | Float64Array>(from: T, into: T): T {
  into.set(from as Uint16Array & Float64Array);
  return into;
}
