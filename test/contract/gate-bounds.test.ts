/**
 * The bounds of the whole gate, asked over real sockets. They are far beyond what a test can fill,
 * so here they are smaller; what is answered at them is the same.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { limits } from '#engine/limits.ts';
import { type GateWorld, openGateWorld } from '#test/support/gate-world.ts';
import { applicationId } from '#test/support/register-entries.ts';

vi.mock('../../engine/limits.ts', async (original) => {
  const { limits: real } = await original<typeof import('#engine/limits.ts')>();
  const small = { queueEntriesMax: 16, batchEntriesMax: 8, waitingPerConnectionMax: 8 };
  return { limits: Object.freeze({ ...real, ...small, connectionsMax: 6 }) };
});

const ids = (count: number, from: number) =>
  Array.from({ length: count }, (_, at) => applicationId(from + at));

let world: GateWorld;
beforeEach(async () => {
  world = await openGateWorld();
});
afterEach(() => world.close());

/** Connections of `count` accounts, each with as many submissions on their way as it may have. */
async function filled(count: number) {
  const clients = [];
  for (let at = 0; at < count; at += 1) {
    const applications = ids(limits.inFlightPerConnection + 1, at * 100 + 1);
    const client = await world.greeted({ account: `account-${at}`, applications });
    for (const id of applications.slice(0, -1)) client.submit(id);
    await client.settled();
    clients.push(client);
  }
  return clients;
}

describe('OVERLOADED', () => {
  it('is said when the queue is full, with a time; what was queued is accepted', async () => {
    world.ledger.hold();
    // A batch of 8 on its way to the disk, 16 behind it.
    const clients = await filled(3);
    const late = await world.greeted({ account: 'late', applications: [applicationId(9_001)] });
    late.submit(applicationId(9_001), 'late');
    expect(await late.next('rejected')).toMatchObject({
      ref: 'late',
      code: 'OVERLOADED',
      retryAfterMs: expect.any(Number),
    });
    await world.ledger.release();
    for (const client of clients) {
      const outcomes = await client.outcomes(limits.inFlightPerConnection);
      expect(outcomes.every(({ type }) => type === 'accepted')).toBe(true);
    }
    late.submit(applicationId(9_001));
    expect(await late.next('accepted')).toMatchObject({ seq: 25 });
    expect((await world.verify()).violations).toEqual([]);
  });
});

describe('over HTTP', () => {
  const post = (account: string, application: string) =>
    fetch(`${world.http}/v1/submissions`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${world.papers.passbook({ account, applications: [application] })}`,
      },
      body: JSON.stringify({ application }),
    });

  it('OVERLOADED is 503 and RATE_LIMITED is 429, both with Retry-After', async () => {
    world.ledger.hold();
    const room = limits.inFlightPerConnection + limits.waitingPerConnectionMax;
    const ofOneAccount = ids(room + 2, 5_000).map((id) => post('one', id));
    const refused = await Promise.race(ofOneAccount);
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    expect(await refused.json()).toMatchObject({ code: 'RATE_LIMITED' });
    await filled(2);
    const overloaded = await post('other', applicationId(9_000));
    expect(overloaded.status).toBe(503);
    expect(overloaded.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    expect(await overloaded.json()).toMatchObject({ code: 'OVERLOADED' });
    await world.ledger.release();
    const statuses = (await Promise.all(ofOneAccount)).map(({ status }) => status);
    // How many are read in one pass, and so wait together, is the network's choice.
    const accepted = statuses.filter((status) => status === 201).length;
    expect(accepted).toBeGreaterThanOrEqual(limits.waitingPerConnectionMax);
    expect(accepted).toBeLessThanOrEqual(room);
    expect(statuses.filter((status) => status === 429)).toHaveLength(room + 2 - accepted);
    expect((await world.verify()).violations).toEqual([]);
  });
});

describe('connections', () => {
  it('beyond the bound of the gate are closed with 4429 until one is gone', async () => {
    const clients = [];
    for (let at = 0; at < limits.connectionsMax; at += 1) clients.push(await world.connect());
    const refused = await world.connect();
    expect(await refused.closed()).toEqual({ code: 4429, reason: 'CONNECTIONS_TOO_MANY' });
    clients[0]!.raw(Uint8Array.of(1));
    await clients[0]!.closed();
    await world.greeted({ applications: [applicationId(1)] });
  });
});
