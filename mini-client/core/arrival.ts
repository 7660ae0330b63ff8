/**
 * When a frame must leave so that it arrives just after an instant on a gate's clock.
 *
 * A clock exchange tells more than the time: a frame that left at t0 of the client's clock was
 * there at t1 of the gate's, so one that leaves at t arrives at t + (t1 − t0), if its way takes as
 * long. That is the clock's offset and the way there in one number. It is the same as "offset less
 * half the round trip", and how unequal the two ways are cancels out: what is left is how much the
 * way *there* varies, and the drift since (docs/decisions/0030-just-after-the-opening.md).
 *
 *     reading   x = t1 − t0 = offset + way there    sorted: x1 ≤ x2 ≤ … ≤ xn
 *     by now    y = x + drift · age                 at most; the least of them, y*, is relied on
 *     soonest   y* − 2 · drift · age − (x16 − x1)   no frame's way is expected to be quicker
 *     latest    xn                                  the slowest of those that were seen
 *
 * Why x16 − x1: of n ways that lie evenly between two bounds, the next is quicker than the
 * quickest by more than fifteen of their spacings once in 2^15 · n times, and more seldom when
 * they crowd near the quickest. It is no promise as the bound of `clock-estimate.ts` is: a line
 * that suddenly becomes quicker than in all readings makes a frame early, which costs a refusal
 * and one more round trip.
 */
import { CLIENT_DRIFT_PPM, type ClockExchange } from '#protocol/clock-estimate.ts';

/** Exchanges kept: those of the last ten seconds before an opening and as many before. */
export const READINGS_MAX = 64;
/** Rank of the reading whose distance from the least is taken for how uneven the ways are. */
const RANK = 16;

/** A frame that leaves at t arrives, by the gate's clock, from t + soonest to t + latest. */
export interface Lead {
  readonly soonestUs: number;
  readonly latestUs: number;
  /** What the gate last said of its own clock: so much after an opening it lets in. */
  readonly gateUncertaintyUs: number;
}

/** The newest readings of one gate. */
export class WaysThere {
  /** In order of arrival, at most `READINGS_MAX`. */
  #exchanges: readonly ClockExchange[] = [];
  /** Their readings, ascending. */
  #readingsUs: readonly number[] = [];

  /** Takes an exchange; those for which `isForgotten` is true go. O(n log n), n ≤ 64. */
  add(exchange: ClockExchange, isForgotten: (kept: ClockExchange) => boolean): void {
    const kept = this.#exchanges.filter((before) => !isForgotten(before));
    this.#exchanges = [...kept, exchange].slice(-READINGS_MAX);
    this.#readingsUs = this.#exchanges.map(readingUs).sort((one, other) => one - other);
  }

  /** At `atUs` of the client's clock; undefined while too few readings show how even it is. */
  lead(atUs: number): Lead | undefined {
    const newest = this.#exchanges.at(-1);
    const [leastUs = 0, slowestUs = 0] = [this.#readingsUs[0], this.#readingsUs.at(-1)];
    const rankedUs = this.#readingsUs[RANK - 1];
    if (newest === undefined || rankedUs === undefined) return undefined;
    const sinceUs = (exchange: ClockExchange) => driftUs(Math.max(0, atUs - exchange.sentAtUs));
    const byNowUs = (exchange: ClockExchange) => readingUs(exchange) + sinceUs(exchange);
    const relied = this.#exchanges.reduce((one, other) =>
      byNowUs(other) < byNowUs(one) ? other : one,
    );
    return {
      soonestUs: Math.floor(readingUs(relied) - sinceUs(relied) - (rankedUs - leastUs)),
      latestUs: Math.ceil(Math.max(byNowUs(relied), slowestUs)),
      gateUncertaintyUs: newest.serverUncertaintyUs,
    };
  }
}

function readingUs({ serverReceivedAtUs, sentAtUs }: ClockExchange): number {
  return serverReceivedAtUs - sentAtUs;
}

function driftUs(us: number): number {
  return (us * CLIENT_DRIFT_PPM) / 1_000_000;
}
