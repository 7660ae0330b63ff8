/**
 * When entries arrived, counted from the opening, and how close neighbours are:
 *
 *     first second   100 buckets of 10 ms
 *     first minute    60 buckets of 1 s
 *     first day    ≤ 1440 buckets of a minute, up to the last that is not empty; `later`: after it
 *
 * A pair of neighbouring places less than a millisecond apart is what people ask about: the order
 * between the two is exact for the gate's clock, and says nothing about who clicked first.
 */
import { type Static, Type } from '@sinclair/typebox';

const Counts = Type.Array(Type.Integer());

export const Arrivals = Type.Object({
  total: Type.Integer(),
  firstSecond: Counts,
  firstMinute: Counts,
  minutes: Counts,
  later: Type.Integer({ description: 'more than 24 hours after the opening' }),
  closePairs: Type.Integer({ description: 'neighbouring places less than 1 ms apart' }),
  closestUs: Type.Union([Type.Integer(), Type.Null()]),
});
export type Arrivals = Static<typeof Arrivals>;

export const CLOSE_US = 1000;
const BUCKET_US = { second: 10_000, minute: 1_000_000, day: 60_000_000 } as const;
const BUCKETS = { second: 100, minute: 60, day: 1440 } as const;

/** Counts stamps (µs) that rise. O(1) each. */
export class ArrivalCounter {
  readonly #opensAtUs: number;
  readonly #second = new Array<number>(BUCKETS.second).fill(0);
  readonly #minute = new Array<number>(BUCKETS.minute).fill(0);
  readonly #minutes: number[] = [];
  #total = 0;
  #later = 0;
  #closePairs = 0;
  #closestUs: number | null = null;
  #lastUs: number | undefined;

  constructor(opensAtUs: number) {
    this.#opensAtUs = opensAtUs;
  }

  add(stampUs: number): void {
    const afterUs = Math.max(0, stampUs - this.#opensAtUs);
    this.#total += 1;
    count(this.#second, Math.floor(afterUs / BUCKET_US.second));
    count(this.#minute, Math.floor(afterUs / BUCKET_US.minute));
    this.#countMinute(Math.floor(afterUs / BUCKET_US.day));
    if (this.#lastUs !== undefined) this.#compare(stampUs - this.#lastUs);
    this.#lastUs = stampUs;
  }

  result(): Arrivals {
    return {
      total: this.#total,
      firstSecond: [...this.#second],
      firstMinute: [...this.#minute],
      minutes: [...this.#minutes],
      later: this.#later,
      closePairs: this.#closePairs,
      closestUs: this.#closestUs,
    };
  }

  #countMinute(at: number): void {
    if (at >= BUCKETS.day) this.#later += 1;
    else {
      while (this.#minutes.length <= at) this.#minutes.push(0);
      count(this.#minutes, at);
    }
  }

  #compare(gapUs: number): void {
    if (gapUs < CLOSE_US) this.#closePairs += 1;
    this.#closestUs = Math.min(gapUs, this.#closestUs ?? gapUs);
  }
}

function count(buckets: number[], at: number): void {
  const before = buckets[at];
  if (before !== undefined) buckets[at] = before + 1;
}
