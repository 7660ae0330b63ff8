/**
 * One question to one NTP server. The packet travels by `ntp-time-sync` (`getNetworkTime` only:
 * its own offset has the wrong sign rule, and its cache is module-wide); T1 and T4 are taken here
 * on the monotonic clock, before the call and after its answer, so that whatever the library
 * spends in between only widens the round trip and thereby the stated uncertainty.
 *
 * Checked: mode, version, leap indicator, stratum, order of timestamps, and that the answer
 * echoes the time at which we asked. Not given by the library and so not checked: the address the
 * answer came from. Plain NTP is not authenticated; several servers and a majority are the guard.
 */
import { NtpTimeSync } from 'ntp-time-sync';
import type { HostClock } from './clock.ts';
import { type Estimate, type Exchange, estimateOf } from './selection.ts';
import type { SourceFailure } from './source.ts';

/** The fields of an NTP packet that are used, as the library parses them. */
export interface NtpAnswer {
  readonly leapIndicator: number;
  readonly version: number;
  readonly mode: number;
  readonly stratum: number;
  /** Durations, given as a date after 1900-01-01. */
  readonly rootDelay: Date;
  readonly rootDispersion: Date;
  readonly originTimestamp: Date;
  readonly receiveTimestamp: Date;
  readonly transmitTimestamp: Date;
}

/** Sends the question to an IPv4 address and resolves with the packet; rejects without one. */
export type NtpQuestion = (address: string, port: number) => Promise<Partial<NtpAnswer>>;

export type ExchangeOutcome =
  | { readonly kind: 'estimate'; readonly estimate: Estimate }
  | { readonly kind: 'failed'; readonly failure: SourceFailure };

/** The library drops the fraction of a millisecond. */
const RESOLUTION_US = 1_000;
const EPOCH_1900_MS = Date.UTC(1900, 0, 1);
const STRATUM_MAX = 15;
const ROOT_DISTANCE_US_MAX = 1_500_000;
const LEAP_UNSYNCHRONISED = 3;
const MODE_SERVER = 4;
const VERSION_MAX = 4;

/** @param options.timeoutMs how long one answer is waited for */
export function ntpQuestion(options: { readonly timeoutMs: number }): NtpQuestion {
  const client = new NtpTimeSync({ servers: [], replyTimeout: options.timeoutMs });
  return (address, port) => client.getNetworkTime(address, port);
}

/** Asks once. Never rejects; settles within the question's own time-out. */
export async function exchange(
  server: { readonly address: string; readonly port: number },
  { host, ask }: { readonly host: HostClock; readonly ask: NtpQuestion },
): Promise<ExchangeOutcome> {
  const askedAtUs = host.systemUs();
  const sentUs = host.monotonicUs();
  let answer: Partial<NtpAnswer>;
  try {
    answer = await ask(server.address, server.port);
  } catch {
    return failed('NO_ANSWER'); // a time-out or an error of the socket: it does not matter which
  }
  const receivedUs = host.monotonicUs();
  return judge(answer, { sentUs, receivedUs, askedAtUs, answeredAtUs: host.systemUs() });
}

interface OwnTimes {
  readonly sentUs: number;
  readonly receivedUs: number;
  readonly askedAtUs: number;
  readonly answeredAtUs: number;
}

/** Turns a packet into an estimate, or names what is wrong with it. Pure. */
export function judge(answer: Partial<NtpAnswer>, own: OwnTimes): ExchangeOutcome {
  const { stratum = Number.NaN, version = Number.NaN } = answer;
  const wellFormed = answer.mode === MODE_SERVER && version >= 1 && version <= VERSION_MAX;
  if (!wellFormed || !isOurs(answer.originTimestamp, own)) return failed('ANSWER_REFUSED');
  const synchronised = stratum >= 1 && stratum <= STRATUM_MAX;
  if (!synchronised || answer.leapIndicator === LEAP_UNSYNCHRONISED) {
    return failed('NOT_SYNCHRONISED');
  }
  const times: Exchange = {
    sentUs: own.sentUs,
    receivedUs: own.receivedUs,
    serverReceivedUs: instantUs(answer.receiveTimestamp),
    serverSentUs: instantUs(answer.transmitTimestamp),
    resolutionUs: RESOLUTION_US,
    rootDelayUs: durationUs(answer.rootDelay),
    rootDispersionUs: durationUs(answer.rootDispersion),
  };
  if (!(times.serverReceivedUs <= times.serverSentUs)) return failed('ANSWER_REFUSED');
  if (!(times.rootDispersionUs + times.rootDelayUs / 2 < ROOT_DISTANCE_US_MAX)) {
    return failed('NOT_SYNCHRONISED');
  }
  const estimate = estimateOf(times);
  return estimate === undefined ? failed('ANSWER_REFUSED') : { kind: 'estimate', estimate };
}

/** The server echoes our transmit time, which the library takes from the system's date. */
function isOurs(origin: Date | undefined, own: OwnTimes): boolean {
  const originUs = instantUs(origin);
  return originUs >= own.askedAtUs - 2_000 && originUs <= own.answeredAtUs + 2_000;
}

function instantUs(date: Date | undefined): number {
  return date === undefined ? Number.NaN : date.getTime() * 1000;
}

/** Rounded up, because the library rounds down and these only ever widen. */
function durationUs(date: Date | undefined): number {
  return date === undefined ? Number.NaN : (date.getTime() - EPOCH_1900_MS + 1) * 1000;
}

function failed(failure: SourceFailure): ExchangeOutcome {
  return { kind: 'failed', failure };
}
