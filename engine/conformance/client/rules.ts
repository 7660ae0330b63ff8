/** What a client must do, judged by what it did (docs/protocol.md). Pure. */
import type { CheckResult } from '../kit.ts';
import { IN_FLIGHT_LIMIT, RETRY_AFTER_MS, type Seen } from './day.ts';

const HELLO_US_MAX = 10_000_000;
const COME_BACK_US_MAX = 15_000_000;
const START_US_MAX = 10_000_000;
/** A refusal for good may be tried once more by a careful client, not for ever. */
const REPEATS_MAX = 3;
/** A client's timer may fire a little early by the gate's clock. */
const EARLY_US = 20_000;

interface Rule {
  readonly name: string;
  readonly rule: string;
  /** What was wrong; undefined: nothing. Null: it cannot be said. */
  judge(seen: Seen): string | undefined | null;
}

const count = (seen: Seen, application: string) =>
  seen.submissions.filter((one) => one.application === application).length;

const RULES: readonly Rule[] = [
  {
    name: 'hello-first',
    rule: 'every connection begins with hello, within 10 s (§3)',
    judge: ({ connections }) => {
      if (connections.length === 0) return 'nobody has connected';
      const wrong = connections.find(({ first }) => first !== undefined && first !== 'hello');
      if (wrong !== undefined) return `a connection began with ${wrong.first}`;
      const late = connections.find(
        (one) => (one.firstAtUs ?? one.openedAtUs) - one.openedAtUs > HELLO_US_MAX,
      );
      return late === undefined ? undefined : 'a hello came after 10 s';
    },
  },
  {
    name: 'never-early',
    rule: 'nothing is submitted before the opening by the gate’s clock, also when it was postponed',
    judge: ({ submissions, opensAtUs }) => {
      const early = submissions.filter(({ atUs }) => atUs < opensAtUs);
      if (early.length === 0) return undefined;
      return `${early.length} came early, the first ${msOf(opensAtUs - early[0]!.atUs)} ms`;
    },
  },
  {
    name: 'starts',
    rule: 'the first submission comes within 10 s after the opening',
    judge: ({ submissions, opensAtUs }) => {
      const first = submissions.find(({ atUs }) => atUs >= opensAtUs);
      if (first === undefined) return 'nothing was submitted after the opening';
      const lateUs = first.atUs - opensAtUs;
      return lateUs > START_US_MAX ? `it came after ${msOf(lateUs)} ms` : undefined;
    },
  },
  {
    name: 'in-flight',
    rule: `a connection has at most inFlightLimit (here ${IN_FLIGHT_LIMIT}) without an answer (§3)`,
    judge: ({ connections }) => {
      const most = Math.max(0, ...connections.map(({ inFlightMax }) => inFlightMax));
      return most > IN_FLIGHT_LIMIT ? `${most} were in flight` : undefined;
    },
  },
  {
    name: 'retry-after',
    rule: `what was refused with retryAfterMs ${RETRY_AFTER_MS} is sent again, not before (§3)`,
    judge: ({ troubles, submissions }) => {
      const { overloaded } = troubles;
      if (overloaded === undefined) return null;
      const own = submissions.filter((one) => one.application === overloaded.application);
      const refusedAtUs = overloaded.untilUs - RETRY_AFTER_MS * 1_000;
      const again = own.find(({ atUs }) => atUs > refusedAtUs);
      if (again === undefined) return 'it was not sent again';
      const leftUs = overloaded.untilUs - again.atUs;
      return leftUs > EARLY_US ? `it was sent again ${msOf(leftUs)} ms too soon` : undefined;
    },
  },
  {
    name: 'lost-answer',
    rule: 'what had no answer when the line was cut is sent again: that is harmless (§3)',
    judge: ({ troubles, submissions }) => {
      const { cut } = troubles;
      if (cut === undefined) return null;
      const isAgain = submissions.some(
        ({ application, atUs }) => application === cut.application && atUs > cut.atUs,
      );
      return isAgain ? undefined : 'it was not sent again';
    },
  },
  {
    name: 'refused-for-good',
    rule: `what can never be accepted is not sent more than ${REPEATS_MAX} times`,
    judge: (seen) => {
      const { refused } = seen.troubles;
      if (refused === undefined) return null;
      const times = count(seen, refused.application);
      return times > REPEATS_MAX ? `it was sent ${times} times` : undefined;
    },
  },
  {
    name: 'comes-back',
    rule: 'after 1012 a client comes back, with hello (§3)',
    judge: ({ troubles, connections, accepted, lines }) => {
      const { restartedAtUs } = troubles;
      if (restartedAtUs === undefined) return null;
      const back = connections.find(({ openedAtUs }) => openedAtUs > restartedAtUs);
      const isOver = accepted.size + 1 >= lines.size;
      if (back === undefined) return isOver ? null : 'it did not';
      const awayUs = back.openedAtUs - restartedAtUs;
      return awayUs > COME_BACK_US_MAX ? `it did after ${msOf(awayUs)} ms` : undefined;
    },
  },
  {
    name: 'unknown-frames',
    rule: 'a frame of unknown type ends nothing: a client closes no connection with work to do',
    judge: ({ connections, troubles, opensAtUs }) => {
      const left = connections.find(
        (one) => !one.isCut && one.endedAtUs !== undefined && one.endedAtUs < opensAtUs,
      );
      if (left !== undefined) return 'it left before the opening';
      return troubles.overloaded === undefined ? null : undefined;
    },
  },
  {
    name: 'complete',
    rule: 'everything that can be accepted is, whatever happens to one item',
    judge: ({ lines, accepted, troubles }) => {
      if (lines.size === 0) return 'no passbook was presented';
      const missing = [...lines].filter(
        (id) => !accepted.has(id) && id !== troubles.refused?.application,
      );
      return missing.length === 0 ? undefined : `${missing.length} of ${lines.size} are missing`;
    },
  },
];

export const CLIENT_RULES: readonly string[] = RULES.map(({ name }) => name);

/** Every rule with its verdict, in their order. */
export function judgeClient(seen: Seen): CheckResult[] {
  return RULES.map(({ name, rule, judge }) => {
    const said = judge(seen);
    const ok = said === null ? null : said === undefined;
    const detail = said === null ? 'it did not come to that' : (said ?? '');
    return { check: name, rule, ok, detail };
  });
}

const msOf = (us: number) => Math.round(us / 1_000);
