/** What `send` tells programs and people of a sender's events, and the sum at the end. */
import { outcomeOf } from '#protocol/outcomes.ts';
import type { AcceptedOutcome, SenderEvent, SenderResult } from './core/index.ts';
import type { Output } from './output.ts';
import type { TextKey } from './texts.ts';
import { tenths } from './words.ts';

type Waiting = Extract<SenderEvent, { event: 'waiting' }>;

/** Events that programs are told; the others are steps on the way. */
const TOLD = new Set<SenderEvent['event']>([
  'accepted',
  'rejected',
  'waiting',
  'opening',
  'departed',
  'connected',
  'gate-changed',
  'disconnected',
  'gate-error',
  'journal-failed',
]);

/** An event as one flat object; undefined for what programs are not told. */
export function eventData(event: SenderEvent, account?: string): object | undefined {
  if (!TOLD.has(event.event)) return undefined;
  const whose = account === undefined ? {} : { account };
  if (event.event !== 'accepted') return { ...event, ...whose };
  return { ...acceptedData(event), ...whose };
}

function acceptedData(event: AcceptedOutcome): object {
  const { application, message, leafHash, sentAtUs, latencyMs, isJournaled, isResumed } = event;
  const { protocol, seq, stamp, uncertaintyUs, duplicate } = message;
  return {
    ...{ event: 'accepted', application, protocol, seq, stamp, uncertaintyUs },
    ...{ sentAtUs, latencyMs },
    ...(duplicate === undefined ? {} : { duplicate }),
    ...(leafHash === undefined ? {} : { leafHash }),
    ...(isJournaled ? {} : { isJournaled }),
    ...(isResumed ? { isResumed } : {}),
  };
}

/** Says an event to a person; `title` names an application. */
export function sayEvent(output: Output, event: SenderEvent, title: (id: string) => string): void {
  switch (event.event) {
    case 'connected':
      output.say('connected', { name: event.name, applications: event.applications });
      break;
    case 'gate-changed':
      output.say('gateChanged', { from: event.from, to: event.to });
      break;
    case 'disconnected': {
      const { code, reason, retryInMs } = event;
      output.say('disconnected', { code, reason, seconds: seconds(retryInMs) });
      break;
    }
    case 'opening':
      if (event.isSuspended) output.say('suspended', { id: event.clickDay });
      break;
    case 'waiting':
      sayWaiting(output, event);
      break;
    case 'accepted': {
      const { protocol, stamp, duplicate } = event.message;
      const key = event.isResumed ? 'resumed' : duplicate === true ? 'duplicate' : 'accepted';
      output.say(key, { title: title(event.application), protocol, stamp });
      break;
    }
    case 'rejected': {
      const { application, code } = event;
      const message = outcomeOf(code)?.[output.language] ?? event.message;
      output.say('rejected', { title: title(application), code, message });
      break;
    }
    case 'journal-failed':
      output.say('journalFailed', { reason: event.reason });
      break;
    case 'gate-error':
      output.line(`${event.code}: ${event.message}`);
      break;
    default:
      break;
  }
}

function sayWaiting(output: Output, { code, waitMs }: Waiting): void {
  const keys: Readonly<Record<string, TextKey>> = {
    TOO_EARLY: 'waitingEarly',
    OVERLOADED: 'waitingBusy',
  };
  const message = outcomeOf(code)?.[output.language] ?? code;
  output.say(keys[code] ?? 'waitingOther', { message, seconds: seconds(waitMs) });
}

function seconds(ms: number): number {
  return tenths(ms / 1000);
}

export interface Summary {
  readonly event: 'summary';
  readonly accepted: number;
  /** Of these, accepted in an earlier run. */
  readonly resumed: number;
  readonly rejectedByCode: Readonly<Record<string, number>>;
  /** Without an outcome. */
  readonly open: number;
  /** From a frame's leaving to its answer, of this run; null when nothing was accepted in it. */
  readonly latencyMs: { readonly p50: number | null; readonly p99: number | null };
}

/** The sum over senders. O(n log n) in outcomes. */
export function summarize(results: readonly SenderResult[]): Summary {
  const accepted = results.flatMap((result) => result.accepted);
  const rejectedByCode: Record<string, number> = {};
  for (const { code } of results.flatMap(({ rejected }) => rejected)) {
    rejectedByCode[code] = (rejectedByCode[code] ?? 0) + 1;
  }
  const latencies = accepted
    .filter(({ isResumed }) => !isResumed)
    .map(({ latencyMs }) => latencyMs)
    .sort((one, other) => one - other);
  return {
    event: 'summary',
    accepted: accepted.length,
    resumed: accepted.length - latencies.length,
    rejectedByCode,
    open: results.reduce((sum, { open }) => sum + open.length, 0),
    latencyMs: { p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99) },
  };
}

/** Nearest rank of ascending values; null when there are none. */
export function percentile(ascending: readonly number[], share: number): number | null {
  const rank = Math.max(1, Math.ceil(share * ascending.length));
  return ascending[rank - 1] ?? null;
}

/** Tells the sum; true when every application is accepted. */
export function tellSummary(output: Output, summary: Summary): boolean {
  const rejected = Object.values(summary.rejectedByCode).reduce((sum, count) => sum + count, 0);
  const { accepted, open } = summary;
  output.say('summary', { accepted, rejected, open });
  if (open > 0) output.say('openLeft');
  output.data(summary);
  output.flush();
  return rejected === 0 && open === 0;
}
