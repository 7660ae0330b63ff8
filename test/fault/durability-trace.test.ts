/**
 * No acknowledgement leaves before its commit is on disk, seen from outside: strace writes down
 * every write and sync of a real gate, and the trace is judged without asking the gate. The same
 * judge must condemn the same gate when its store does not sync; otherwise it proves nothing.
 *
 * Syncs and commit records are made slow, so that an answer that does not wait for them is early by
 * milliseconds and not by luck.
 */
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ForeignClient } from '#test/support/foreign-client.ts';
import { type FixtureAccount, fixture, temporaryDirectory } from '#test/support/system.ts';
import { type Judgement, judgeTrace } from '#test/support/trace-durability.ts';
import { REAL_GATE, type TracedGate, tracedGate } from '#test/support/trace-gate.ts';

const ACCOUNTS = 4;
const APPLICATIONS = 40;
const SLOW = ['fdatasync:delay_exit=4000', 'pwrite64:delay_exit=2000'];

type Submit = (gate: TracedGate, accounts: readonly FixtureAccount[]) => Promise<unknown>;

async function judged(program: readonly string[], submit: Submit): Promise<Judgement> {
  const data = join(temporaryDirectory(), 'data');
  const size = { accounts: ACCOUNTS, applications: APPLICATIONS };
  const accounts = await fixture({ data, ...size, words: ['--opens-in', '0'] });
  const gate = await tracedGate({ data, program, inject: SLOW });
  await submit(gate, accounts);
  expect(await gate.stop()).toBe(0);
  return judgeTrace(gate.calls(), gate.ledger);
}

async function greeted(gate: TracedGate, account: FixtureAccount): Promise<ForeignClient> {
  const client = await ForeignClient.connect(gate.url);
  onTestFinished(() => client.close());
  await client.hello(account.passbooks);
  return client;
}

const oneAfterTheOther: Submit = async (gate, accounts) => {
  for (const account of accounts) {
    const client = await greeted(gate, account);
    for (const application of account.applications) await client.submit([application]);
  }
};

const allAtOnce: Submit = async (gate, accounts) => {
  const clients = await Promise.all(accounts.map((account) => greeted(gate, account)));
  await Promise.all(clients.map((client, at) => client.submit(accounts[at]!.applications)));
};

/** The same applications on two connections and over HTTP, while their commit is under way. */
const inThreeWays: Submit = async (gate, [account]) => {
  const { applications, passbooks } = account!;
  const clients = [await greeted(gate, account!), await greeted(gate, account!)];
  const posted = applications.map((application) =>
    fetch(gate.url.replace('ws:', 'http:'), {
      method: 'POST',
      headers: { Authorization: `Bearer ${passbooks[0]}` },
      body: JSON.stringify({ application }),
    }),
  );
  await Promise.all(clients.map((client) => client.submit(applications)));
  for (const response of await Promise.all(posted)) expect(response.ok).toBe(true);
};

function numbersOf({ acknowledgements }: Judgement): number[] {
  return acknowledgements.map(({ seq }) => seq).sort((a, b) => a - b);
}

const ALL_NUMBERS = Array.from({ length: APPLICATIONS }, (_, at) => at + 1);

describe('the trace of a gate', () => {
  it('has no acknowledgement before its commit is synced, one after the other', async () => {
    const judgement = await judged(REAL_GATE, oneAfterTheOther);
    expect(judgement.violations).toEqual([]);
    expect(numbersOf(judgement)).toEqual(ALL_NUMBERS);
    expect(judgement.commits).toBe(APPLICATIONS);
  });

  it('has none when many are committed together', async () => {
    const judgement = await judged(REAL_GATE, allAtOnce);
    expect(judgement.violations).toEqual([]);
    expect(numbersOf(judgement)).toEqual(ALL_NUMBERS);
    expect(judgement.commits).toBeLessThan(APPLICATIONS / 2);
  });

  it('has none for those who ask again while the commit is under way', async () => {
    const judgement = await judged(REAL_GATE, inThreeWays);
    expect(judgement.violations).toEqual([]);
    const each = ALL_NUMBERS.slice(0, APPLICATIONS / ACCOUNTS);
    expect(numbersOf(judgement)).toEqual(each.flatMap((seq) => [seq, seq, seq]));
  });
});

describe('the trace of a gate whose store does not sync', () => {
  it('is condemned for every acknowledgement', async () => {
    const judgement = await judged(['test/support/unsafe-gate.ts'], allAtOnce);
    expect(numbersOf(judgement)).toEqual(ALL_NUMBERS);
    expect(judgement.violations).toHaveLength(APPLICATIONS);
    const whys = new Set(judgement.violations.map(({ why }) => why));
    expect([...whys]).toEqual(['no sync follows the write of its entry']);
  });
});
