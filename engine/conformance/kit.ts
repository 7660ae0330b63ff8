/**
 * Runs the checks against a gate, one after the other in their order, those that only wait beside
 * the others. A check passes, deviates with a sentence, or does not apply: it needs passbooks that
 * were not given, or a click day that is not open.
 */
import type { Timers } from '#engine/clock/index.ts';
import type { PassbookLine } from '#protocol/passbook.ts';
import { ask, type Reply } from './http.ts';
import type { Presented } from './papers.ts';
import { Deviation, Session } from './session.ts';

export type DayState = 'before' | 'open' | 'over';

export interface KitParts {
  /** `ws://host:port/v1/submissions`. */
  readonly gate: string;
  readonly accounts: readonly Presented[];
  readonly timers: Timers;
}

/** What a check has in its hand. */
export interface Stage extends KitParts {
  /** A connection that has said nothing. Ended with the check. */
  open(): Promise<Session>;
  /** One that has said hello for an account, and its welcome. */
  greeted(account: Presented): Promise<Session>;
  http(path: string, init?: RequestInit): Promise<Reply>;
  /** The account whose click day is in this state. Its lines are submitted once each. */
  account(state?: DayState): Presented;
  /** A line of that account that no check has submitted yet. */
  fresh(account: Presented): PassbookLine;
}

export interface Check {
  readonly name: string;
  /** What the protocol says, in a sentence, with its chapter. */
  readonly rule: string;
  /** It does little but wait: runs beside the others. */
  readonly waits?: true;
  /** Throws `Deviation`, or `NotApplicable`. */
  run(stage: Stage): Promise<void>;
}

/** The check needs what is not there; says what. */
export class NotApplicable extends Error {}

export interface CheckResult {
  readonly check: string;
  readonly rule: string;
  /** Null: did not apply. */
  readonly ok: boolean | null;
  readonly detail: string;
}

/** Yields each result as it is known. Submits applications of `accounts` for good. */
export async function* runChecks(
  parts: KitParts,
  checks: readonly Check[],
  stateOf: (account: Presented) => DayState | undefined,
): AsyncGenerator<CheckResult> {
  const submitted = new Set<string>();
  const run = (check: Check) => runOne(check, parts, { submitted, stateOf });
  const waiting = checks.filter(({ waits }) => waits).map(run);
  for (const check of checks) if (!check.waits) yield await run(check);
  for (const result of waiting) yield await result;
}

async function runOne(
  check: Check,
  parts: KitParts,
  known: { submitted: Set<string>; stateOf: (account: Presented) => DayState | undefined },
): Promise<CheckResult> {
  const sessions: Session[] = [];
  const told = { check: check.name, rule: check.rule };
  try {
    await check.run(stageOf(parts, { ...known, sessions }));
    return { ...told, ok: true, detail: '' };
  } catch (error) {
    if (error instanceof NotApplicable) return { ...told, ok: null, detail: error.message };
    if (error instanceof Deviation) return { ...told, ok: false, detail: error.message };
    return { ...told, ok: false, detail: `failed: ${(error as Error).message}` };
  } finally {
    for (const session of sessions) session.end();
  }
}

function stageOf(
  parts: KitParts,
  known: {
    readonly submitted: Set<string>;
    readonly sessions: Session[];
    readonly stateOf: (account: Presented) => DayState | undefined;
  },
): Stage {
  const open = async () => {
    const session = await Session.open(parts.gate, parts.timers);
    known.sessions.push(session);
    return session;
  };
  return {
    ...parts,
    open,
    greeted: (account) => greet(parts.timers, open, account),
    http: (path, init) => ask(parts, path, init),
    account: (state) => {
      const found = parts.accounts.find(
        (one) => state === undefined || known.stateOf(one) === state,
      );
      if (found !== undefined) return found;
      const which = state === undefined ? '' : ` whose click day is ${WORDS[state]}`;
      throw new NotApplicable(`needs an account${which} (--accounts)`);
    },
    fresh: ({ lines }) => {
      const line = lines.find(({ id }) => !known.submitted.has(id));
      if (line === undefined) throw new NotApplicable('needs more applications in one account');
      known.submitted.add(line.id);
      return line;
    },
  };
}

/**
 * Says hello; again when the account has its 4 connections: those of the check before may still be
 * closing, above all behind a balancer.
 */
async function greet(
  timers: Timers,
  open: () => Promise<Session>,
  { passbooks }: Presented,
): Promise<Session> {
  for (let attempt = 1; ; attempt += 1) {
    const session = await open();
    session.send({ type: 'hello', passbooks, client: 'clickday-conformance/1' });
    try {
      await session.next('welcome', ({ type }) => type === 'welcome');
      return session;
    } catch (error) {
      if (session.closing?.code !== TOO_MANY || attempt === ATTEMPTS_MAX) throw error;
      await new Promise<void>((resolve) => void timers.after(AGAIN_MS, resolve));
    }
  }
}

const TOO_MANY = 4429;
const ATTEMPTS_MAX = 20;
const AGAIN_MS = 250;

const WORDS: Readonly<Record<DayState, string>> = {
  before: 'still to open',
  open: 'open',
  over: 'over',
};
