/**
 * The arithmetic of synchronisation, pure: from four timestamps to an interval that must hold the
 * true offset, from the exchanges with one server to the best of them, and from the servers to
 * the interval on which a majority agrees. Sources: RFC 5905 §8, §10 and §11.2.1; Marzullo 1984.
 *
 * An offset is "reference time minus our monotonic clock". Instead of a middle and a guess, each
 * value is an interval, so what the uncertainty promises can be proved and tested.
 */

/** Rounded-down timestamps of one exchange; T1 and T4 monotonic, T2 and T3 the server's date. */
export interface Exchange {
  readonly sentUs: number;
  readonly serverReceivedUs: number;
  readonly serverSentUs: number;
  readonly receivedUs: number;
  /** How far T2 and T3 may lie above their value: 1000 when they are parsed as whole ms. */
  readonly resolutionUs: number;
  /** The server's own distance from the true time. */
  readonly rootDelayUs: number;
  readonly rootDispersionUs: number;
}

/** Offset within `± errorUs`, as measured at `atUs` (monotonic); microseconds. */
export interface Estimate {
  readonly offsetUs: number;
  readonly errorUs: number;
  readonly atUs: number;
}

/**
 * Neither packet arrived before it was sent, therefore T3 − T4 ≤ offset ≤ T2 − T1. The middle is
 * ((T2 − T1) + (T3 − T4)) / 2, the half width is half the round trip, and both ends are widened
 * by what the server says of itself.
 * @returns undefined when the timestamps contradict one another (negative round trip)
 */
export function estimateOf(exchange: Exchange): Estimate | undefined {
  const lowUs = exchange.serverSentUs - exchange.receivedUs;
  const highUs = exchange.serverReceivedUs + exchange.resolutionUs - exchange.sentUs;
  if (!(highUs >= lowUs)) return undefined;
  const rootUs = exchange.rootDispersionUs + exchange.rootDelayUs / 2;
  return {
    offsetUs: (lowUs + highUs) / 2,
    errorUs: (highUs - lowUs) / 2 + rootUs,
    atUs: exchange.receivedUs,
  };
}

/** The error at `nowUs`: it grows by `driftPpm` from the measurement on (and never shrinks). */
export function errorAt(estimate: Estimate, nowUs: number, driftPpm: number): number {
  return estimate.errorUs + (Math.max(0, nowUs - estimate.atUs) * driftPpm) / 1e6;
}

/** The estimate with the smallest error as of `nowUs`; undefined when there is none. O(n). */
export function bestOf(
  estimates: readonly Estimate[],
  nowUs: number,
  driftPpm: number,
): Estimate | undefined {
  let best: Estimate | undefined;
  for (const estimate of estimates) {
    if (best === undefined || errorAt(estimate, nowUs, driftPpm) < errorAt(best, nowUs, driftPpm)) {
      best = estimate;
    }
  }
  return best;
}

/** What the servers agree on. */
export type Agreement =
  | {
      readonly kind: 'agreed';
      readonly estimate: Estimate;
      /** Indexes of the servers whose interval lies outside: they lie, or are broken. */
      readonly outvoted: readonly number[];
    }
  | { readonly kind: 'no-majority' };

/**
 * The smallest interval that holds every point covered by more than half of the servers. As long
 * as any minority lies, however it lies, the true offset is inside: each honest interval holds
 * it, and the honest are more than half. The price: the width is that of a middling server, not
 * of the sharpest. One server alone is believed; two must overlap. O(n log n).
 */
export function agree(estimates: readonly Estimate[], nowUs: number, driftPpm: number): Agreement {
  const intervals = estimates.map((estimate) => {
    const errorUs = errorAt(estimate, nowUs, driftPpm);
    return { lowUs: estimate.offsetUs - errorUs, highUs: estimate.offsetUs + errorUs };
  });
  const hull = majorityHull(intervals);
  if (hull === undefined) return { kind: 'no-majority' };
  const outvoted = intervals.flatMap(({ lowUs, highUs }, index) =>
    highUs < hull.lowUs || lowUs > hull.highUs ? [index] : [],
  );
  const offsetUs = (hull.lowUs + hull.highUs) / 2;
  const errorUs = (hull.highUs - hull.lowUs) / 2;
  return { kind: 'agreed', estimate: { offsetUs, errorUs, atUs: nowUs }, outvoted };
}

interface Interval {
  readonly lowUs: number;
  readonly highUs: number;
}

/** Sweeps over the ends; at one point an interval begins before another ends. */
function majorityHull(intervals: readonly Interval[]): Interval | undefined {
  const majority = Math.floor(intervals.length / 2) + 1;
  const ends = intervals
    .flatMap(({ lowUs, highUs }) => [
      { atUs: lowUs, change: 1 },
      { atUs: highUs, change: -1 },
    ])
    .sort((a, b) => a.atUs - b.atUs || b.change - a.change);
  let covering = 0;
  let lowUs: number | undefined;
  let highUs: number | undefined;
  for (const { atUs, change } of ends) {
    if (change === 1 && covering + 1 === majority) lowUs ??= atUs;
    if (change === -1 && covering === majority) highUs = atUs;
    covering += change;
  }
  return lowUs === undefined || highUs === undefined ? undefined : { lowUs, highUs };
}
