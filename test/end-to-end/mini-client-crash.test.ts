/** The mini-client killed at random moments: a share of `npm run test:mini-client-crash`. */
import { describe, expect, it } from 'vitest';
import { playCrashes } from '#test/mini-client/crash-rounds.ts';
import { faultsOf } from '#test/mini-client/judge.ts';

describe('a mini-client killed with SIGKILL', () => {
  it('ends with every application accepted exactly once', async () => {
    const { faults, kills, killsAmidst, accepted } = await playCrashes({
      ...{ rounds: 2, seed: 1, applications: 400, killsMax: 1 },
    });
    expect(faults).toEqual([]);
    expect([kills, accepted]).toEqual([2, 800]);
    expect(killsAmidst).toBeGreaterThan(0);
  });
});

describe('the judge of killed clients', () => {
  const accepted = (application: string, seq: number) => ({
    ...{ event: 'accepted', application, protocol: `day/g1/${seq}`, seq, stamp: '' },
  });
  const line = (application: string, seq: number) => {
    const { event: _, protocol } = accepted(application, seq);
    const stamp = '2011-01-31T08:00:00.000000Z';
    const message = { type: 'accepted', application, protocol, seq, stamp, uncertaintyUs: 1 };
    return `${JSON.stringify({ type: 'accepted', application, message, sentAtUs: 1, latencyMs: 1 })}\n`;
  };
  const good = {
    ...{ applications: ['a', 'b'], exitStatus: 0, journal: line('a', 1) + line('b', 2) },
    lives: [[accepted('a', 1)], [accepted('a', 1), accepted('b', 2)]],
  };

  it('is content when all is well', () => {
    expect(faultsOf(good)).toEqual([]);
  });

  it.each([
    ['an application without an outcome', { lives: [[accepted('a', 1)]] }],
    ['one told twice', { lives: [[...good.lives[1]!, accepted('a', 1)]] }],
    ['another number than the one told before', { lives: [[accepted('a', 9)], good.lives[1]!] }],
    ['a journal without it', { journal: line('a', 1) }],
    ['a last life that did not end well', { exitStatus: 1 }],
    ['a refusal', { lives: [[{ event: 'rejected', application: 'a' }], good.lives[1]!] }],
  ])('sees %s', (_, change) => {
    expect(faultsOf({ ...good, ...change })).not.toEqual([]);
  });
});
