/** Order statistics of a benchmark: exact, by sorting: a run has at most some 10^5 values. */

/** The value at quantile `q` of ascending values (nearest rank); NaN of none. */
export function quantile(ascending: readonly number[], q: number): number {
  const index = Math.max(0, Math.ceil(q * ascending.length) - 1);
  return ascending[index] ?? Number.NaN;
}

/** The latency figures that are reported, in the unit of the values. */
export interface Latencies {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** Latency figures of values in any order. */
export function latenciesOf(values: readonly number[]): Latencies {
  const ascending = [...values].sort((a, b) => a - b);
  return {
    p50: quantile(ascending, 0.5),
    p90: quantile(ascending, 0.9),
    p99: quantile(ascending, 0.99),
    p999: quantile(ascending, 0.999),
    max: quantile(ascending, 1),
  };
}

/** Median of several runs, with the lowest and the highest beside it. */
export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** Median (the lower one of two), lowest and highest of the runs' values. */
export function spreadOf(values: readonly number[]): Spread {
  const ascending = [...values].sort((a, b) => a - b);
  return {
    median: quantile(ascending, 0.5),
    low: quantile(ascending, 0),
    high: quantile(ascending, 1),
  };
}
