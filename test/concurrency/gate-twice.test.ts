/**
 * The same applications from two connections and from HTTP at once, through a real gate: each is
 * entered once. With the guard off the same check must fail, or it proves nothing.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { limits } from '#engine/limits.ts';
import type { Accepted, Rejected } from '#protocol/frames.ts';
import type { GateClient } from '#test/support/gate-client.ts';
import { type GateWorld, openGateWorld } from '#test/support/gate-world.ts';
import { applicationId } from '#test/support/register-entries.ts';

/** The guard: who asks for what is already on its way waits for the same outcome. */
const guard = vi.hoisted(() => ({ isOn: true }));

vi.mock('../../engine/gate/sequencer.ts', async (original) => {
  const real = await original<typeof import('#engine/gate/sequencer.ts')>();
  return {
    createSequencer: (options: Parameters<typeof real.createSequencer>[0]) => {
      const sequencer = real.createSequencer(options);
      const joinPending: typeof sequencer.joinPending = (submission) =>
        guard.isOn && sequencer.joinPending(submission);
      return { ...sequencer, joinPending };
    },
  };
});

const COUNT = 200;
const ALL = Array.from({ length: COUNT }, (_, at) => applicationId(at + 1));

let world: GateWorld;
beforeEach(async () => {
  world = await openGateWorld();
});
afterEach(() => world.close());

/**
 * Both send everything; the first commits are held back until both have as many on their way as
 * they may, so that the race is on whatever the disk's speed.
 */
async function race(orders: readonly (readonly string[])[]) {
  world.ledger.hold();
  const clients: GateClient[] = [];
  for (const _ of orders) clients.push(await world.greeted({ applications: ALL }));
  clients.forEach((client, at) => {
    for (const id of orders[at]!) client.submit(id);
  });
  for (const client of clients) await client.settled();
  await world.ledger.release();
  return Promise.all(clients.map((client) => client.outcomes(COUNT)));
}

/** The check: what is wrong with the ledger, and with what the senders were told. */
async function wrongs(outcomes: readonly (readonly (Accepted | Rejected)[])[]): Promise<string[]> {
  const { violations } = await world.verify();
  const entries = new Map((await world.entries()).map((entry) => [entry.application, entry.seq]));
  const wrong = violations.map(({ code }) => code);
  const firsts = new Set<string>();
  for (const outcome of outcomes.flat()) {
    if (outcome.type === 'rejected') {
      wrong.push(outcome.code);
      continue;
    }
    const { application, seq, duplicate } = outcome;
    if (entries.get(application) !== seq) wrong.push('TOLD_ANOTHER_NUMBER');
    if (duplicate) continue;
    if (firsts.has(application)) wrong.push('FIRST_TWICE');
    firsts.add(application);
  }
  if (entries.size !== COUNT) wrong.push('ENTRIES_MISSING');
  if (firsts.size !== COUNT) wrong.push('NEVER_FIRST');
  return wrong;
}

describe('two connections that submit the same 200 applications at once', () => {
  it('enter each once, and are told the same number', async () => {
    const outcomes = await race([ALL, ALL]);
    expect(await wrongs(outcomes)).toEqual([]);
    expect((await world.entries()).map(({ seq }) => seq)).toEqual(ALL.map((_, at) => at + 1));
  });

  it('enter each once when one of them begins at the end', async () => {
    expect(await wrongs(await race([ALL, ALL.toReversed()]))).toEqual([]);
  });

  it('and two more of the account, from every side', async () => {
    const turned = [...ALL.slice(COUNT / 2), ...ALL.slice(0, COUNT / 2)];
    expect(await wrongs(await race([ALL, ALL.toReversed(), turned, ALL]))).toEqual([]);
  });

  it('would enter some twice without the guard: the check sees that', async () => {
    guard.isOn = false;
    try {
      const found = await wrongs(await race([ALL, ALL]));
      const twice = found.filter((code) => code === 'APPLICATION_TWICE');
      expect(twice.length).toBeGreaterThanOrEqual(limits.inFlightPerConnection);
      expect(found).toContain('FIRST_TWICE');
      expect(found).toContain('TOLD_ANOTHER_NUMBER');
    } finally {
      guard.isOn = true;
    }
  });
});

describe('a connection and HTTP requests with the same applications at once', () => {
  it('enter each once', async () => {
    world.ledger.hold();
    const some = ALL.slice(0, 40);
    const client = await world.greeted({ applications: some });
    const calls = some.map((application) =>
      fetch(`${world.http}/v1/submissions`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${world.papers.passbook({ applications: [application] })}`,
        },
        body: JSON.stringify({ application }),
      }),
    );
    for (const id of some) client.submit(id);
    await client.settled();
    await world.ledger.release();
    const told = await client.outcomes(some.length);
    const answers = await Promise.all(
      calls.map(async (call) => {
        const response = await call;
        const { seq, duplicate } = (await response.json()) as { seq: number; duplicate?: true };
        expect(response.status).toBe(duplicate ? 200 : 201);
        return seq;
      }),
    );
    const numbers = new Map(told.map((one) => [one.application, 'seq' in one && one.seq]));
    expect(answers).toEqual(some.map((id) => numbers.get(id)));
    expect(await world.entries()).toHaveLength(some.length);
    expect((await world.verify()).violations).toEqual([]);
  });
});
