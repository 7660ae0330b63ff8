/**
 * A sync that fails is the end of the gate: nobody whose entry was in that commit is answered, the
 * sync is not tried again (the kernel may already count the lost pages as clean), the process ends
 * with a failure, and the next one goes on from what is on disk.
 *
 * strace makes the gate's nth fdatasync fail with EIO. It counts per thread: opening the ledger
 * syncs three times in the thread that commits, and then every commit once.
 */
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ForeignClient, type GateMessage } from '#test/support/foreign-client.ts';
import {
  exportedLedger,
  type FixtureAccount,
  fixture,
  runningSystem,
  submissionsUrl,
  temporaryDirectory,
  verified,
} from '#test/support/system.ts';
import type { SystemCall } from '#test/support/trace.ts';
import { judgeTrace } from '#test/support/trace-durability.ts';
import { type TracedGate, tracedGate } from '#test/support/trace-gate.ts';

const ACCOUNTS = 2;
const APPLICATIONS = 100;
/** The fourth commit, after the three syncs of opening. */
const FAILING = 3 + 4;

async function prepared() {
  const data = join(temporaryDirectory(), 'data');
  const size = { accounts: ACCOUNTS, applications: APPLICATIONS };
  const accounts = await fixture({ data, ...size, words: ['--opens-in', '0'] });
  return { data, accounts };
}

/** Submits everything at once, so that something is always on its way; gives what was accepted. */
async function submitted(url: string, accounts: readonly FixtureAccount[]): Promise<GateMessage[]> {
  const outcomes = accounts.map(async ({ passbooks, applications }) => {
    const client = await ForeignClient.connect(url);
    onTestFinished(() => client.close());
    await client.hello(passbooks);
    return await client.submit(applications);
  });
  const all = (await Promise.all(outcomes)).flat();
  expect(all.filter(({ type }) => type !== 'accepted')).toEqual([]);
  return all;
}

function applicationsIn(call: SystemCall): string[] {
  const matches = call.words.matchAll(/\{\\"application\\":\\"([^\\]+)\\",\\"clickDay/g);
  return [...matches].map(([, application]) => application!);
}

/** From the failure on, no answer and no touch of the ledger. Gives what was never answered. */
function expectSilenceAfterFailure(gate: TracedGate, accepted: readonly GateMessage[]) {
  const calls = gate.calls();
  const failed = calls.find(({ injected }) => injected);
  expect(failed).toMatchObject({ name: 'fdatasync', file: gate.ledger, result: -1 });
  const failedAt = failed?.endedAt ?? Number.NaN;

  const { acknowledgements, violations } = judgeTrace(calls, gate.ledger);
  expect(violations).toEqual([]);
  expect(acknowledgements).toHaveLength(accepted.length);
  expect(accepted.length).toBeGreaterThan(0);
  expect(acknowledgements.every(({ leftAt }) => leftAt < failedAt)).toBe(true);

  const touches = calls.filter(({ file, name }) => file === gate.ledger && name !== 'openat');
  expect(touches.filter(({ beganAt }) => beganAt > failedAt)).toEqual([]);
  const answered = new Set(accepted.map(({ application }) => application));
  const written = new Set(touches.flatMap(applicationsIn));
  const lost = [...written].filter((application) => !answered.has(application));
  expect(lost.length).toBeGreaterThan(0);
  return lost;
}

describe('a gate whose sync fails', () => {
  it('answers nobody of that commit, ends, and goes on from disk', async () => {
    const { data, accounts } = await prepared();
    const gate = await tracedGate({ data, inject: [`fdatasync:error=EIO:when=${FAILING}`] });
    const accepted = await submitted(gate.url, accounts);
    expect(await gate.ended).toBe(1);
    expect(gate.said()).toContain('the ledger could not be written: ending without an answer');

    const lost = expectSilenceAfterFailure(gate, accepted);
    const [kept, check] = await Promise.all([exportedLedger(data), verified(data)]);
    expect(kept.filter(({ application }) => lost.includes(application))).toEqual([]);
    expect(check.status).toBe(0);

    const system = await runningSystem({ data, words: ['--roles', 'gate'] });
    const again = await submitted(submissionsUrl(system), accounts);
    const outcomes = new Map(again.map((message) => [message.application, message]));
    for (const first of accepted) {
      expect(outcomes.get(first.application)).toEqual({ ...first, duplicate: true });
    }
    const ledger = await exportedLedger(data);
    expect(ledger.map(({ seq }) => seq)).toEqual(
      Array.from({ length: APPLICATIONS }, (_, at) => at + 1),
    );
    expect((await verified(data)).status).toBe(0);
  });

  it('does not come up when the first sync of its ledger fails', async () => {
    const { data } = await prepared();
    const starting = tracedGate({ data, inject: ['fdatasync:error=EIO:when=1'] });
    await expect(starting).rejects.toThrow(/ended with 1 before it served/);
  });
});
