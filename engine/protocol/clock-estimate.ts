/**
 * What a client can know of official time from clock exchanges with a gate or the portal.
 *
 * Promise: the official instant lies within `uncertaintyUs` of the estimate whatever the two ways
 * of the network did, because a way cannot take less than nothing: an exchange bounds the offset
 * to half its round trip (RFC 5905 §8), to which come the server's own uncertainty and the drift
 * since. The best of many exchanges is the one that bounds it most tightly now (its minimum
 * filter), not their mean: delay only ever adds.
 * It does not read a clock: the caller gives instants of one clock that never jumps. A jump all
 * the same (a computer that slept) shows as exchanges that contradict each other; the newest wins.
 */

/** Clocks drift by up to 100 ppm and a server may slew its own by 500 ppm. */
export const CLIENT_DRIFT_PPM = 600;
/** Exchanges that are kept; enough to hold the luckiest of some minutes. */
export const EXCHANGES_MAX = 32;

/** One exchange; `sentAtUs` and `receivedAtUs` are of the client's clock, the others official. */
export interface ClockExchange {
  readonly sentAtUs: number;
  readonly serverReceivedAtUs: number;
  readonly serverSentAtUs: number;
  readonly receivedAtUs: number;
  readonly serverUncertaintyUs: number;
}

/** Official time = client's clock + `offsetUs`, give or take `uncertaintyUs`, at one instant. */
export interface ClockEstimate {
  readonly offsetUs: number;
  readonly uncertaintyUs: number;
  readonly roundTripUs: number;
  readonly serverUncertaintyUs: number;
  /** Client's instant of the exchange it rests on. */
  readonly measuredAtUs: number;
}

/** Way there and back without the server's own time. Negative when the exchange is nonsense. */
export function roundTripUs(exchange: ClockExchange): number {
  const serverUs = exchange.serverSentAtUs - exchange.serverReceivedAtUs;
  return exchange.receivedAtUs - exchange.sentAtUs - serverUs;
}

/** False for an exchange whose instants cannot be: clocks that ran backwards, not numbers. */
export function isPlausible(exchange: ClockExchange): boolean {
  return (
    Object.values(exchange).every(Number.isFinite) &&
    exchange.receivedAtUs >= exchange.sentAtUs &&
    exchange.serverSentAtUs >= exchange.serverReceivedAtUs &&
    exchange.serverUncertaintyUs >= 0
  );
}

/** The estimate that one exchange gives at `atUs` of the client's clock. */
export function estimateFrom(
  exchange: ClockExchange,
  atUs: number,
  driftPpm = CLIENT_DRIFT_PPM,
): ClockEstimate {
  // The server's clock may run a little faster than ours: a trip is never less than nothing.
  const tripUs = Math.max(0, roundTripUs(exchange));
  const thereUs = exchange.serverReceivedAtUs - exchange.sentAtUs;
  const backUs = exchange.serverSentAtUs - exchange.receivedAtUs;
  const ageUs = Math.max(0, atUs - exchange.sentAtUs);
  return {
    offsetUs: Math.round((thereUs + backUs) / 2),
    uncertaintyUs: Math.ceil(
      exchange.serverUncertaintyUs + tripUs / 2 + (ageUs * driftPpm) / 1_000_000,
    ),
    roundTripUs: tripUs,
    serverUncertaintyUs: exchange.serverUncertaintyUs,
    measuredAtUs: exchange.receivedAtUs,
  };
}

/** The tightest estimate at `atUs`; undefined without a plausible exchange. O(exchanges). */
export function bestEstimate(
  exchanges: readonly ClockExchange[],
  atUs: number,
  driftPpm = CLIENT_DRIFT_PPM,
): ClockEstimate | undefined {
  let best: ClockEstimate | undefined;
  for (const exchange of exchanges) {
    if (!isPlausible(exchange)) continue;
    const estimate = estimateFrom(exchange, atUs, driftPpm);
    if (best === undefined || estimate.uncertaintyUs < best.uncertaintyUs) best = estimate;
  }
  return best;
}

/** Whether two estimates cannot both be true: one of the clocks has jumped between them. */
export function contradicts(one: ClockEstimate, other: ClockEstimate): boolean {
  const apartUs = Math.abs(one.offsetUs - other.offsetUs);
  return apartUs > one.uncertaintyUs + other.uncertaintyUs;
}

/**
 * The exchanges to keep after a new one: at most `EXCHANGES_MAX`, without those that the new one
 * contradicts. When full, the loosest goes. An implausible exchange changes nothing.
 */
export function keepExchange(
  exchanges: readonly ClockExchange[],
  exchange: ClockExchange,
  driftPpm = CLIENT_DRIFT_PPM,
): readonly ClockExchange[] {
  if (!isPlausible(exchange)) return exchanges;
  const atUs = exchange.receivedAtUs;
  const newest = estimateFrom(exchange, atUs, driftPpm);
  const agreeing = exchanges
    .map((kept) => ({ kept, estimate: estimateFrom(kept, atUs, driftPpm) }))
    .filter(({ kept, estimate }) => kept.receivedAtUs <= atUs && !contradicts(estimate, newest))
    .sort((one, other) => one.estimate.uncertaintyUs - other.estimate.uncertaintyUs)
    .slice(0, EXCHANGES_MAX - 1);
  return [...agreeing.map(({ kept }) => kept), exchange];
}

/** Official time at `clientUs` of the client's clock, as well as it is known. */
export function officialTimeUs(estimate: ClockEstimate, clientUs: number): number {
  return clientUs + estimate.offsetUs;
}

/**
 * The client's instant from which the official instant `officialUs` has certainly passed, also
 * for a server that waits until its clock less its uncertainty says so. What is sent then never
 * arrives early, even over a way that takes no time. Cost: on an even line the first frame
 * arrives up to one round trip, and the drift since, after the instant at which the server opens.
 */
export function certainlyPassedAtUs(estimate: ClockEstimate, officialUs: number): number {
  return officialUs - estimate.offsetUs + estimate.uncertaintyUs;
}
