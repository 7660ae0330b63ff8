/**
 * Small draws for samples, from one 32-bit state: a sample needs a hundred of them and the seeded
 * source of the foundation hashes for each. Reproducible; never for secrets.
 */

/** A value with its weight; weights need not sum to anything. */
export type Weighted = readonly [value: string, weight: number];

export interface Dice {
  /** An integer in [0, maxExclusive). */
  integer(maxExclusive: number): number;
  /** An integer in [from, to]. */
  between(from: number, to: number): number;
  /** True in `percent` of 100 draws. */
  chance(percent: number): boolean;
  pick(values: readonly string[]): string;
  weighted(values: readonly Weighted[]): string;
  digits(count: number): string;
}

const STEP = 0x6d2b79f5;

/** Dice from a seed of 32 bits (mulberry32, public domain). */
export function diceFrom(seed: number): Dice {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + STEP) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const integer = (maxExclusive: number) => Math.floor((next() / 2 ** 32) * maxExclusive);
  return {
    integer,
    between: (from, to) => from + integer(to - from + 1),
    chance: (percent) => integer(100) < percent,
    pick: (values) => values[integer(values.length)] ?? '',
    weighted: (values) => pickWeighted(values, integer),
    digits: (count) => Array.from({ length: count }, () => String(integer(10))).join(''),
  };
}

function pickWeighted(values: readonly Weighted[], integer: (max: number) => number): string {
  let left = integer(values.reduce((sum, [, weight]) => sum + weight, 0));
  for (const [value, weight] of values) {
    left -= weight;
    if (left < 0) return value;
  }
  return values[0]?.[0] ?? '';
}
