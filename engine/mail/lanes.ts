/**
 * A lane for each domain that has mail waiting, so that a slow or dead domain holds up no other
 * and none is stormed.
 *
 *     outbox ─► lane example.it   ── at most P a minute, C at once ──┐
 *            ─► lane example.com  ── paused after failures          ─┼─► connections (few)
 *            ─► lane …                                              ─┘
 *
 * The lane that was served goes behind the others. A domain that says "later" three times running
 * rests, longer each time, and is then tried with one mail. Lanes live in memory alone: after a
 * start they are made of what waits. There are never more than mails waiting.
 */
import type { Random } from '../foundation/random.ts';
import { domainOf } from './letter.ts';
import type { MailRow, Outbox } from './outbox.ts';

export interface Pace {
  /** Mails to one domain in any minute. */
  readonly perMinute: number;
  /** Mails to one domain at the same time. */
  readonly atOnce: number;
}

export interface Lanes {
  /** Something was enqueued to this address; harmless when it was rolled back. */
  note(address: string): void;
  /** Looks at everything that waits: at the start, and now and then for what others enqueued. */
  refresh(): void;
  /** A mail to deliver now, which is then under way. */
  take(): MailRow | undefined;
  /** It is under way no more. After 'fine' it is not taken again; the outbox hears of it later. */
  done(mail: MailRow, outcome: 'fine' | 'later' | 'no-fault'): void;
  /** The outbox knows now that they were sent. */
  noted(mails: readonly MailRow[]): void;
  /** When `take` may have something next; undefined: when something is noted or done. */
  nextUs(): number | undefined;
  /** Domains that rest, and until when. */
  resting(): { readonly domain: string; readonly untilUs: number }[];
}

interface Lane {
  readonly domain: string;
  /** Of its first mail that is not under way; not before this. */
  dueUs: number;
  readonly underWay: Set<string>;
  /** Sent, and the outbox does not know it yet. */
  readonly unnoted: Set<string>;
  /** When mails were taken, within the last minute. */
  readonly takenUs: number[];
  failures: number;
  restsUntilUs: number;
}

const MINUTE_US = 60_000_000;
const FAILURES_BORNE = 3;
const REST_FIRST_US = 5_000_000;
const REST_MAX_US = 600_000_000;

interface Parts {
  readonly outbox: Outbox;
  readonly clock: { nowUs(): number };
  readonly random: Pick<Random, 'integer'>;
  readonly pace: Pace;
}

export function createLanes({ outbox, clock, random, pace }: Parts): Lanes {
  const lanes = new Map<string, Lane>();
  const laneOf = (domain: string) => {
    const known = lanes.get(domain);
    if (known !== undefined) return known;
    const lane = newLane(domain);
    lanes.set(domain, lane);
    return lane;
  };
  const look = (lane: Lane) => {
    lane.dueUs = outbox.dueUs(lane.domain, takenOf(lane)) ?? Number.POSITIVE_INFINITY;
    const isIdle = lane.dueUs === Number.POSITIVE_INFINITY && takenOf(lane).length === 0;
    if (isIdle && lane.failures === 0 && readyUs(lane, pace) <= clock.nowUs()) {
      forgetOld(lane, clock.nowUs());
      if (lane.takenUs.length === 0) lanes.delete(lane.domain);
    }
  };
  return {
    note: (address) => {
      const lane = laneOf(domainOf(address));
      lane.dueUs = Math.min(lane.dueUs, clock.nowUs());
    },
    refresh: () => {
      for (const lane of [...lanes.values()]) look(lane);
      for (const { domain, dueUs } of outbox.domains()) {
        const lane = laneOf(domain);
        if (takenOf(lane).length === 0) lane.dueUs = dueUs;
      }
    },
    take: () => {
      const nowUs = clock.nowUs();
      for (const lane of lanes.values()) {
        if (lane.dueUs > nowUs || atOnceOf(lane, pace) <= lane.underWay.size) continue;
        forgetOld(lane, nowUs);
        if (readyUs(lane, pace) > nowUs) continue;
        const mail = outbox.due(lane.domain, takenOf(lane));
        if (mail === undefined) {
          look(lane);
          continue;
        }
        lane.underWay.add(mail.id);
        lane.takenUs.push(nowUs);
        lanes.delete(lane.domain);
        lanes.set(lane.domain, lane);
        return mail;
      }
      return undefined;
    },
    done: (mail, outcome) => {
      const lane = laneOf(domainOf(mail.recipient));
      lane.underWay.delete(mail.id);
      if (outcome === 'fine') {
        lane.failures = 0;
        lane.unnoted.add(mail.id);
      }
      if (outcome === 'later') rest(lane, { nowUs: clock.nowUs(), random });
      look(lane);
    },
    noted: (mails) => {
      for (const mail of mails) {
        const lane = laneOf(domainOf(mail.recipient));
        lane.unnoted.delete(mail.id);
        if (lane.unnoted.size === 0) look(lane);
      }
    },
    nextUs: () => {
      let nextUs = Number.POSITIVE_INFINITY;
      for (const lane of lanes.values()) {
        if (atOnceOf(lane, pace) <= lane.underWay.size) continue;
        nextUs = Math.min(nextUs, Math.max(lane.dueUs, readyUs(lane, pace)));
      }
      return nextUs === Number.POSITIVE_INFINITY ? undefined : nextUs;
    },
    resting: () =>
      [...lanes.values()]
        .filter(({ restsUntilUs }) => restsUntilUs > clock.nowUs())
        .map(({ domain, restsUntilUs }) => ({ domain, untilUs: restsUntilUs })),
  };
}

function newLane(domain: string): Lane {
  const fresh = { dueUs: Number.POSITIVE_INFINITY, failures: 0, restsUntilUs: 0 };
  return { domain, underWay: new Set(), unnoted: new Set(), takenUs: [], ...fresh };
}

/** The outbox takes them for waiting. */
function takenOf({ underWay, unnoted }: Lane): string[] {
  return [...underWay, ...unnoted];
}

/** A domain in doubt is tried with one mail. */
function atOnceOf(lane: Lane, { atOnce }: Pace): number {
  return lane.failures >= FAILURES_BORNE ? 1 : atOnce;
}

/** When pace and rest let the next one go. */
function readyUs({ takenUs, restsUntilUs }: Lane, { perMinute }: Pace): number {
  const oldest = takenUs.length < perMinute ? 0 : (takenUs.at(-perMinute) ?? 0) + MINUTE_US;
  return Math.max(oldest, restsUntilUs);
}

function forgetOld({ takenUs }: Lane, nowUs: number): void {
  const kept = takenUs.findIndex((atUs) => atUs > nowUs - MINUTE_US);
  takenUs.splice(0, kept < 0 ? takenUs.length : kept);
}

function rest(lane: Lane, { nowUs, random }: { nowUs: number; random: Parts['random'] }): void {
  lane.failures += 1;
  const beyond = lane.failures - FAILURES_BORNE;
  if (beyond < 0) return;
  const restUs = Math.min(REST_FIRST_US * 2 ** beyond, REST_MAX_US);
  lane.restsUntilUs = nowUs + Math.round(restUs * (0.5 + random.integer(1000) / 1000));
}
