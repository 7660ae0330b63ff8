/** Chance that a seed repeats (mulberry32): moments, places and subsets of the fault scenarios. */
export interface Chance {
  /** 0 inclusive to `below` exclusive. */
  integer(below: number): number;
  /** Both inclusive. */
  between(low: number, high: number): number;
  isLucky(probability: number): boolean;
}

export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const integer = (below: number) => Math.floor(next() * below);
  return {
    integer,
    between: (low, high) => low + integer(high - low + 1),
    isLucky: (probability) => next() < probability,
  };
}
