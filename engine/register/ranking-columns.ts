/**
 * The places of one click day in memory, a column a fact: 30 bytes a place, 12 MB for 400,000. What
 * a column does not hold (application, stamp's text, hash) is read from the register when a place
 * is shown.
 */
import { assert } from '#engine/foundation/assert.ts';
import type { RankedEntry, RankingFilter } from '#protocol/ranking/ranking.ts';

type Numbers = Uint16Array | Uint32Array | Float64Array;

const FIRST_ROOM = 1024;
const WORDS_MAX = 65_536;

/** Small numbers for words that repeat: quotas, offices, gates. */
class Words {
  readonly #numbers = new Map<string, number>();
  readonly #words: string[] = [];
  readonly counts: number[] = [];

  /** The word's number, counted once more. */
  take(word: string): number {
    let number = this.#numbers.get(word);
    if (number === undefined) {
      number = this.#words.length;
      assert(number < WORDS_MAX, 'more quotas, offices or gates than a column can tell apart');
      this.#numbers.set(word, number);
      this.#words.push(word);
      this.counts.push(0);
    }
    this.counts[number] = (this.counts[number] ?? 0) + 1;
    return number;
  }

  at(number: number): string {
    return this.#words[number] ?? '';
  }

  /** Undefined: never taken. */
  find(word: string): number | undefined {
    return this.#numbers.get(word);
  }

  /** Each word with how often it was taken. */
  tally(): Map<string, number> {
    return new Map(this.#words.map((word, at) => [word, this.counts[at] ?? 0]));
  }
}

/** A place as the columns know it; `registerPlace` leads to the rest. */
export interface ColumnPlace {
  readonly registerPlace: number;
  readonly quota: string;
  readonly quotaPlace: number;
  readonly officePlace: number;
}

/** Rows are counted from 0: place 1 is row 0. */
export class RankingColumns {
  readonly quotas = new Words();
  readonly offices = new Words();
  readonly gates = new Words();
  #count = 0;
  #registerPlaces: Uint32Array = new Uint32Array(FIRST_ROOM);
  #stamps: Float64Array = new Float64Array(FIRST_ROOM);
  #quotaNumbers: Uint16Array = new Uint16Array(FIRST_ROOM);
  #officeNumbers: Uint16Array = new Uint16Array(FIRST_ROOM);
  #gateNumbers: Uint16Array = new Uint16Array(FIRST_ROOM);
  #quotaPlaces: Uint32Array = new Uint32Array(FIRST_ROOM);
  #officePlaces: Uint32Array = new Uint32Array(FIRST_ROOM);

  get count(): number {
    return this.#count;
  }

  add(registerPlace: number, ranked: RankedEntry): void {
    if (this.#count === this.#stamps.length) this.#grow();
    const at = this.#count;
    this.#registerPlaces[at] = registerPlace;
    this.#stamps[at] = ranked.entry.stampUs;
    this.#quotaNumbers[at] = this.quotas.take(ranked.quota);
    this.#officeNumbers[at] = this.offices.take(ranked.entry.office);
    this.#gateNumbers[at] = this.gates.take(ranked.entry.gate);
    this.#quotaPlaces[at] = ranked.quotaPlace;
    this.#officePlaces[at] = ranked.officePlace;
    this.#count += 1;
  }

  at(row: number): ColumnPlace {
    return {
      registerPlace: this.#registerPlaces[row] ?? 0,
      quota: this.quotas.at(this.#quotaNumbers[row] ?? 0),
      quotaPlace: this.#quotaPlaces[row] ?? 0,
      officePlace: this.#officePlaces[row] ?? 0,
    };
  }

  stampUs(row: number): number {
    return this.#stamps[row] ?? 0;
  }

  /** The row of a place of the register; undefined when it is not of this click day. */
  rowOf(registerPlace: number): number | undefined {
    const row = firstAtLeast(this.#registerPlaces, this.#count, registerPlace);
    return row < this.#count && this.#registerPlaces[row] === registerPlace ? row : undefined;
  }

  /** Rows that pass the filter, in order, from row `from` on and below `until`. */
  *rows(filter: RankingFilter, from: number, until: number): Generator<number> {
    const { start, stop, tests } = this.#search(filter, from, until);
    for (let row = start; row < stop; row += 1) if (passes(tests, row)) yield row;
  }

  /** How many rows below `until` pass. O(rows), 2 ns each; O(log n) when only instants count. */
  countRows(filter: RankingFilter, until: number): number {
    const { start, stop, tests } = this.#search(filter, 0, until);
    if (tests.length === 0) return Math.max(0, stop - start);
    let count = 0;
    for (let row = start; row < stop; row += 1) if (passes(tests, row)) count += 1;
    return count;
  }

  /** Where to look, and for what; instants are found by halving. */
  #search({ quota, office, gate, fromUs, toUs }: RankingFilter, from: number, until: number) {
    const wanted = [
      wantedIn(this.#quotaNumbers, this.quotas, quota),
      wantedIn(this.#officeNumbers, this.offices, office),
      wantedIn(this.#gateNumbers, this.gates, gate),
    ].filter((one) => one !== 'any');
    const tests = wanted.filter((one) => one !== 'none');
    if (tests.length < wanted.length) return { start: 0, stop: 0, tests };
    const at = (us: number) => firstAtLeast(this.#stamps, this.#count, us);
    const start = Math.max(from, fromUs === undefined ? 0 : at(fromUs));
    const stop = Math.min(until, toUs === undefined ? this.#count : at(toUs));
    return { start, stop, tests };
  }

  #grow(): void {
    const grown = <T extends Numbers>(column: T): T => {
      const next = new (column.constructor as new (length: number) => T)(2 * column.length);
      next.set(column as never);
      return next;
    };
    this.#registerPlaces = grown(this.#registerPlaces);
    this.#stamps = grown(this.#stamps);
    this.#quotaNumbers = grown(this.#quotaNumbers);
    this.#officeNumbers = grown(this.#officeNumbers);
    this.#gateNumbers = grown(this.#gateNumbers);
    this.#quotaPlaces = grown(this.#quotaPlaces);
    this.#officePlaces = grown(this.#officePlaces);
  }
}

/** A column and the number that it must have. */
interface Wanted {
  readonly numbers: Uint16Array;
  readonly number: number;
}

function passes(tests: readonly Wanted[], row: number): boolean {
  for (const { numbers, number } of tests) if (numbers[row] !== number) return false;
  return true;
}

/** 'none': no row can have that word. */
function wantedIn(
  numbers: Uint16Array,
  words: Words,
  word: string | undefined,
): Wanted | 'any' | 'none' {
  if (word === undefined) return 'any';
  const number = words.find(word);
  return number === undefined ? 'none' : { numbers, number };
}

/** The first of the first `count` rising numbers that is at least `value`; `count` when none is. */
function firstAtLeast(numbers: Numbers, count: number, value: number): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((numbers[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
