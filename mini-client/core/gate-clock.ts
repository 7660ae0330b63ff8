/**
 * What is known of the time of each gate, shared by all connections of one process.
 *
 * Promise: exchanges are asked for often when they matter (a burst at first, then four a second
 * in the last seconds before the opening) and seldom otherwise, however many connections there
 * are: a sender with thousands of accounts must not storm a gate with `time`. Each gate has a
 * clock of its own and is never mixed with another one.
 */
import {
  bestEstimate,
  type ClockEstimate,
  type ClockExchange,
  contradicts,
  estimateFrom,
  isPlausible,
  keepExchange,
} from '#protocol/clock-estimate.ts';
import type { SyncState, TimeAnswer } from '#protocol/frames.ts';
import { type Lead, WaysThere } from './arrival.ts';

/** Exchanges of the first burst and the pauses between exchanges. */
const BURST_COUNT = 16;
const BURST_PAUSE_US = 50_000;
const CALM_PAUSE_US = 2_000_000;
const CLOSE_PAUSE_US = 250_000;

export interface GateClock {
  /** Whether an exchange should be asked for now; saying yes counts as asked. */
  wantsExchange(clientUs: number, opensSoon: boolean): boolean;
  /** Takes the answer of a gate, received at `receivedAtUs` of the client's clock. */
  add(answer: TimeAnswer, receivedAtUs: number): void;
  /** Whether the first exchanges are still being made, in quick succession. */
  isBursting(): boolean;
  estimate(clientUs: number): ClockEstimate | undefined;
  /** How much later a frame arrives than it leaves; undefined while too little is known. */
  lead(clientUs: number): Lead | undefined;
  sync(): SyncState | undefined;
}

/** Gate clocks by URL; one object for all senders of a process. */
export interface GateClocks {
  of(url: string): GateClock;
}

export function createGateClocks(): GateClocks {
  const clocks = new Map<string, GateClock>();
  return {
    of(url) {
      const clock = clocks.get(url) ?? createGateClock();
      clocks.set(url, clock);
      return clock;
    },
  };
}

export function createGateClock(): GateClock {
  let exchanges: readonly ClockExchange[] = [];
  let askedCount = 0;
  let askedAtUs = Number.NEGATIVE_INFINITY;
  let sync: SyncState | undefined;
  const ways = new WaysThere();

  const pauseUs = (opensSoon: boolean) => {
    if (askedCount < BURST_COUNT || exchanges.length === 0) return BURST_PAUSE_US;
    return opensSoon ? CLOSE_PAUSE_US : CALM_PAUSE_US;
  };

  return {
    wantsExchange(clientUs, opensSoon) {
      if (clientUs - askedAtUs < pauseUs(opensSoon)) return false;
      askedAtUs = clientUs;
      askedCount += 1;
      return true;
    },
    add(answer, receivedAtUs) {
      sync = answer.sync;
      const exchange = exchangeOf(answer, receivedAtUs);
      exchanges = keepExchange(exchanges, exchange);
      if (!isPlausible(exchange)) return;
      const newest = estimateFrom(exchange, receivedAtUs);
      ways.add(exchange, (kept) => contradicts(estimateFrom(kept, receivedAtUs), newest));
    },
    isBursting: () => askedCount < BURST_COUNT || exchanges.length === 0,
    estimate: (clientUs) => bestEstimate(exchanges, clientUs),
    lead: (clientUs) => ways.lead(clientUs),
    sync: () => sync,
  };
}

/** `t0` is the client's own instant in ms, as it was sent. */
export function exchangeOf(answer: TimeAnswer, receivedAtUs: number): ClockExchange {
  return {
    sentAtUs: Math.floor(answer.t0 * 1000),
    serverReceivedAtUs: answer.t1Us,
    serverSentAtUs: answer.t2Us,
    receivedAtUs,
    serverUncertaintyUs: answer.uncertaintyUs,
  };
}
