/**
 * A click day that is played to a client: a gate of a few lines that checks no signature, keeps
 * what the client did, and gives it the troubles that a client must bear.
 *
 *   its clock is 2 s behind the machine's        the opening is postponed by 1 s, 3 s before it
 *   the first application: OVERLOADED once       the second: entered, and the line cut instead
 *   the third: refused for good                  half of them accepted: 1012, come back
 *   a frame of unknown type after each welcome   unknown members in every answer
 */
import type { Clock, Timers } from '#engine/clock/index.ts';
import { protocolNumber } from '#protocol/entry.ts';
import { isoFromUs } from '#protocol/time.ts';
import { readAccounts } from '../papers.ts';

/** What a client did, in the order in which it came; instants by the gate's clock, µs. */
export interface Seen {
  readonly lines: ReadonlySet<string>;
  readonly opensAtUs: number;
  readonly connections: ConnectionSeen[];
  readonly submissions: SubmissionSeen[];
  readonly accepted: ReadonlyMap<string, Entry>;
  readonly troubles: Troubles;
}

export interface ConnectionSeen {
  readonly openedAtUs: number;
  /** The type of its first frame; undefined: it said nothing. */
  first?: string;
  firstAtUs?: number;
  inFlightMax: number;
  /** Closed by the gate on purpose, so that its end says nothing of the client. */
  isCut: boolean;
  endedAtUs?: number;
}

export interface SubmissionSeen {
  readonly application: string;
  readonly atUs: number;
}

/** Which application met which trouble, and when; undefined before it happened. */
export interface Troubles {
  overloaded?: { application: string; untilUs: number };
  cut?: { application: string; atUs: number };
  refused?: { application: string };
  restartedAtUs?: number;
}

interface Entry {
  readonly seq: number;
  readonly stamp: string;
}

/** One connection, whatever carries it. */
export interface Line {
  send(frame: object): void;
  close(code: number): void;
  /** Ends it without a word, as a lost line does. */
  cut(): void;
}

export interface FakeDay {
  readonly seen: Seen;
  readonly inFlightLimit: number;
  /** All that can be accepted is. */
  isDone(): boolean;
  nowUs(): number;
  connect(line: Line): { receive(text: string): void; ended(): void };
  /** Ends its timers. */
  end(): void;
}

export const IN_FLIGHT_LIMIT = 3;
export const RETRY_AFTER_MS = 700;
const BEHIND_US = 2_000_000;
const POSTPONED_US = 1_000_000;
const NOTICE_MS = 3_000;
const ANSWER_MS = 20;
const US_A_MS = 1_000;
const DAY_US = 86_400_000_000;
const UNCERTAINTY_US = 1_500;
const GATE = 'fake';

/** A day that opens `opensInMs` from now, for the applications of any passbook presented. */
export function createFakeDay(parts: {
  readonly clock: Pick<Clock, 'nowUs'>;
  readonly timers: Timers;
  readonly opensInMs: number;
}): FakeDay {
  const { timers, opensInMs } = parts;
  const nowUs = () => parts.clock.nowUs() - BEHIND_US;
  const lines = new Map<string, string>();
  const accepted = new Map<string, Entry>();
  const open = new Set<{ line: Line; seen: ConnectionSeen }>();
  const day = { opensAtUs: nowUs() + opensInMs * US_A_MS };
  const troubles: Troubles = {};
  const seen = {
    ...{ lines: new Set<string>(), connections: [], submissions: [], accepted, troubles },
    opensAtUs: 0,
  } as unknown as Seen & { lines: Set<string>; opensAtUs: number };
  seen.opensAtUs = day.opensAtUs;

  const clickDays = () =>
    [...new Set(lines.values())].map((id) => ({
      id,
      opensAt: isoFromUs(day.opensAtUs),
      closesAt: isoFromUs(day.opensAtUs + DAY_US),
    }));
  const postpone = timers.after(Math.max(0, opensInMs - NOTICE_MS), () => {
    day.opensAtUs += POSTPONED_US;
    seen.opensAtUs = day.opensAtUs;
    for (const { line } of open) line.send({ type: 'calendar', clickDays: clickDays() });
  });

  const enter = (application: string): Entry => {
    const entry = { seq: accepted.size + 1, stamp: isoFromUs(nowUs()) };
    accepted.set(application, entry);
    return entry;
  };
  const acceptance = (application: string, { seq, stamp }: Entry, isAgain: boolean) => {
    const clickDay = lines.get(application) ?? '';
    const protocol = protocolNumber({ clickDay, gate: GATE, seq });
    const place = { protocol, seq, stamp, uncertaintyUs: UNCERTAINTY_US, colour: 'blue' };
    return { type: 'accepted', application, ...place, ...(isAgain && { duplicate: true }) };
  };
  const refusal = (application: string, code: string, more: object = {}) => {
    return { type: 'rejected', application, code, message: code, colour: 'blue', ...more };
  };

  /** The answer, or what happens instead of one. */
  const judge = (application: string): object | 'cut' => {
    const atUs = nowUs();
    const known = accepted.get(application);
    if (known !== undefined) return acceptance(application, known, true);
    if (!lines.has(application)) return refusal(application, 'UNKNOWN_APPLICATION');
    const leftUs = day.opensAtUs - (atUs - UNCERTAINTY_US);
    if (leftUs > 0) {
      const opensAt = isoFromUs(day.opensAtUs);
      const retryAfterMs = Math.ceil(leftUs / US_A_MS);
      return refusal(application, 'TOO_EARLY', { opensAt, retryAfterMs });
    }
    if (troubles.overloaded === undefined) {
      const toldAtUs = atUs + ANSWER_MS * US_A_MS;
      troubles.overloaded = { application, untilUs: toldAtUs + RETRY_AFTER_MS * US_A_MS };
      return refusal(application, 'OVERLOADED', { retryAfterMs: RETRY_AFTER_MS });
    }
    if (troubles.cut === undefined && application !== troubles.overloaded.application) {
      enter(application);
      troubles.cut = { application, atUs };
      return 'cut';
    }
    const isThird = application !== troubles.overloaded.application;
    if (troubles.refused === undefined && isThird) troubles.refused = { application };
    if (application === troubles.refused?.application) {
      return refusal(application, 'WRONG_CLICK_DAY');
    }
    return acceptance(application, enter(application), false);
  };

  const restart = () => {
    if (troubles.restartedAtUs !== undefined || accepted.size * 2 < lines.size) return;
    troubles.restartedAtUs = nowUs();
    for (const { line, seen: one } of open) {
      one.isCut = true;
      line.close(1012);
    }
  };

  const greet = (line: Line, passbooks: readonly string[]) => {
    for (const account of readAccounts(JSON.stringify({ passbooks }))) {
      for (const { id, clickDay } of account.lines) {
        lines.set(id, clickDay);
        seen.lines.add(id);
      }
    }
    const told = { gate: GATE, applications: lines.size, clickDays: clickDays() };
    line.send({ type: 'welcome', ...told, inFlightLimit: IN_FLIGHT_LIMIT, colour: 'blue' });
    line.send({ type: 'news', text: 'a frame of tomorrow' });
  };

  return {
    seen,
    inFlightLimit: IN_FLIGHT_LIMIT,
    nowUs,
    isDone: () => {
      const refused = troubles.refused === undefined ? 0 : 1;
      return lines.size > 0 && accepted.size + refused >= lines.size;
    },
    end: postpone,
    connect: (line) => {
      const own: ConnectionSeen = { openedAtUs: nowUs(), inFlightMax: 0, isCut: false };
      const entry = { line, seen: own };
      seen.connections.push(own);
      open.add(entry);
      let inFlight = 0;
      const submit = (application: string) => {
        seen.submissions.push({ application, atUs: nowUs() });
        inFlight += 1;
        own.inFlightMax = Math.max(own.inFlightMax, inFlight);
        const answer = judge(application);
        timers.after(ANSWER_MS, () => {
          inFlight -= 1;
          if (!open.has(entry)) return;
          if (answer === 'cut') {
            own.isCut = true;
            line.cut();
            return;
          }
          line.send(answer);
          restart();
        });
      };
      return {
        receive: (text) => {
          const frame = frameOf(text);
          own.first ??= frame.type;
          own.firstAtUs ??= nowUs();
          if (frame.type === 'hello' && Array.isArray(frame.passbooks)) {
            greet(line, frame.passbooks as string[]);
          } else if (frame.type === 'time') {
            const t1Us = nowUs();
            const about = { uncertaintyUs: UNCERTAINTY_US, sync: 'synchronised' };
            line.send({ type: 'time', t0: frame.t0, t1Us, t2Us: nowUs(), ...about });
          } else if (frame.type === 'submit') submit(String(frame.application));
          else line.send({ type: 'error', code: 'FRAME_UNKNOWN', message: 'unknown' });
        },
        ended: () => {
          own.endedAtUs = nowUs();
          open.delete(entry);
        },
      };
    },
  };
}

function frameOf(text: string): Record<string, unknown> & { type: string } {
  try {
    return { type: '', ...(JSON.parse(text) as object) };
  } catch {
    return { type: 'not JSON' };
  }
}
