/**
 * The conformance kit: our gate keeps to every rule, and a gate that breaks one is found out by the
 * check of that rule. The log's checks need a log: test/end-to-end/conformance.test.ts.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemTimers, type Timers } from '#engine/clock/index.ts';
import {
  CHECKS,
  type CheckResult,
  type DayState,
  readAccounts,
  runChecks,
  statesOf,
} from '#engine/conformance/index.ts';
import { isoFromUs } from '#protocol/time.ts';
import { clickDay, SECOND_US } from '#test/support/gate-papers.ts';
import { type GateWorld, openGateWorld } from '#test/support/gate-world.ts';
import { type Mangle, type ManglingProxy, manglingProxy } from '#test/support/mangling-proxy.ts';
import { OPENING_US } from '#test/support/register-entries.ts';

const HOUR_US = 3600 * SECOND_US;
const NEEDS_LOG = ['checkpoint', 'entry-in-log'];
/** As many as fit into the header of a gate that was not started by the supervisor. */
const LINES = 10;
const PASSBOOKS = 6;

/** Three click days: one that is over, the one of the tests, and one of tomorrow. */
const DAYS: Readonly<Record<DayState, ReturnType<typeof clickDay>>> = {
  over: day('over', OPENING_US - 2 * HOUR_US),
  open: day('open', OPENING_US),
  before: day('before', OPENING_US + 24 * HOUR_US),
};

function day(id: string, opensAtUs: number) {
  return clickDay({ id, opensAt: isoFromUs(opensAtUs), closesAt: isoFromUs(opensAtUs + HOUR_US) });
}

/** Patience a hundred times shorter: a wrong gate is waited for in vain. */
function hurried(): Timers {
  const timers = systemTimers();
  return { ...timers, after: (ms, fn) => timers.after(ms / 100, fn) };
}

const staysOpen: Mangle = { close: () => null };
const isOutcome = ({ type }: Record<string, unknown>) => type === 'accepted' || type === 'rejected';
const changing = (type: string, change: (frame: Record<string, unknown>) => object): Mangle => ({
  frame: (frame) => (frame.type === type ? { ...frame, ...change(frame) } : frame),
});
const http = (at: string, change: object): Mangle => ({
  http: (reply, path) => (path.startsWith(at) ? { ...reply, ...change } : reply),
});

/** By the name of the check that must find it out: a gate that is wrong in one thing. */
function mangles(): Readonly<Record<string, Mangle>> {
  let seen = 0;
  return {
    silence: staysOpen,
    'hello-first': { close: () => 4403 },
    'foreign-passbook': staysOpen,
    'altered-passbook': staysOpen,
    'large-hello': staysOpen,
    'fifth-connection': staysOpen,
    'not-json': { close: () => 1006 },
    binary: { close: () => 1007 },
    'large-frame': staysOpen,
    welcome: changing('welcome', () => ({ applications: 1 })),
    'hello-again': changing('welcome', () => {
      seen += 1;
      return seen % 2 === 0 ? { applications: 0 } : {};
    }),
    time: changing('time', ({ t1Us }) => ({ t2Us: Number(t1Us) - 1 })),
    'time-goes-on': changing('time', ({ t1Us }) => {
      seen += 1;
      return { t1Us: Number(t1Us) - seen, t2Us: Number(t1Us) };
    }),
    'unknown-members': { sent: (frame) => ('colour' in frame ? null : frame) },
    'unknown-type': { frame: (frame) => (frame.type === 'error' ? null : frame) },
    'wrong-member': changing('error', () => ({ code: 7 })),
    'http-time': http('/v1/time', { headers: {} }),
    'http-without-passbook': http('/v1/submissions', { status: 403 }),
    'http-not-json': http('/v1/submissions', { status: 401 }),
    'http-unknown-path': http('/v1/nothing', { headers: { 'content-type': 'text/html' } }),
    contract: http('/asyncapi.json', { body: Buffer.from('{"asyncapi":"2.6.0"}') }),
    health: http('/health', { body: Buffer.from('{"status":"ok"}') }),
    metrics: http('/metrics', { body: Buffer.from('{}') }),
    'unknown-application': changing('rejected', () => ({ ref: 'another' })),
    'too-early': changing('rejected', () => ({ retryAfterMs: undefined })),
    closed: changing('rejected', () => ({ code: 'TOO_EARLY' })),
    accepted: changing('accepted', ({ seq }) => ({ protocol: `open/g1/${String(seq)}` })),
    repeated: changing('accepted', () => ({ duplicate: undefined })),
    'http-accepted': http('/v1/submissions', { status: 200 }),
    order: changing('accepted', () => ({ stamp: isoFromUs(OPENING_US + SECOND_US) })),
    'no-blocking': {
      frame: (frame) => {
        if (!isOutcome(frame)) return frame;
        seen = frame.type === 'rejected' ? -1 : seen;
        return seen === -1 && frame.type === 'accepted' ? null : frame;
      },
    },
  };
}

const MANGLES = mangles();

describe('the conformance kit', () => {
  let world: GateWorld;
  let proxy: ManglingProxy;
  let accounts: ReturnType<typeof readAccounts>;

  beforeAll(async () => {
    world = await openGateWorld({ days: Object.values(DAYS) });
    proxy = await manglingProxy(world.url);
    const lines = Object.keys(DAYS).map((id) => {
      const passbooks = Array.from({ length: PASSBOOKS }, (_, book) => {
        const applications = Array.from({ length: LINES }, (__, at) => `${id}-${book}-${at}`);
        return world.papers.passbook({ account: id, applications, clickDay: id });
      });
      return JSON.stringify({ passbooks });
    });
    accounts = readAccounts(lines.join('\n'));
  });
  afterAll(async () => {
    await proxy.close();
    await world.close();
  });

  const run = async (names: readonly string[], parts: { gate: string; timers: Timers }) => {
    const checks = CHECKS.filter(({ name }) => names.includes(name));
    const kit = { ...parts, accounts };
    const sound = { gate: world.url, timers: systemTimers(), accounts };
    const results: CheckResult[] = [];
    const states = await statesOf(sound);
    // Accounts in the order of DAYS: what asks for any takes one whose lines nobody submits.
    for await (const result of runChecks(kit, checks, states)) results.push(result);
    return results;
  };

  it('finds nothing wrong with our gate, and every check applies', async () => {
    const names = CHECKS.map(({ name }) => name).filter((name) => !NEEDS_LOG.includes(name));
    const running = run(names, { gate: world.url, timers: systemTimers() });
    let isDone = false;
    void running.finally(() => {
      isDone = true;
    });
    while (!isDone) await world.pass(100); // the silent connection's ten seconds
    const results = await running;
    expect(results.filter(({ ok }) => ok !== true)).toEqual([]);
    expect(results.map(({ check }) => check).toSorted()).toEqual(names.toSorted());
  });

  it('knows an account whose click day is over, open or still to open', async () => {
    const states = await statesOf({ gate: world.url, timers: systemTimers(), accounts });
    expect(accounts.map(states)).toEqual(['over', 'open', 'before']);
  });

  it.each(Object.entries(MANGLES))(
    'finds out a gate that breaks the rule of %s',
    async (name, mangle) => {
      proxy.mangle = mangle;
      const [result] = await run([name], { gate: proxy.url, timers: hurried() });
      expect(result).toMatchObject({ check: name, ok: false });
      expect(result!.detail).not.toMatch(/^failed: /);
    },
  );

  it('has a wrong gate for every check', () => {
    const judged = [...Object.keys(MANGLES), ...NEEDS_LOG];
    expect(CHECKS.map(({ name }) => name).toSorted()).toEqual(judged.toSorted());
  });

  it('reads no accounts from another file', () => {
    expect(() => readAccounts('{"passbooks":["x"]}')).toThrow('line 1 is no account');
    expect(() => readAccounts('no json')).toThrow('line 1 is no account');
  });
});
