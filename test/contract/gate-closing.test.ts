/** How and why a gate ends a connection (protocol §3), with every close code, over real sockets. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { generateSigningKey } from '#engine/foundation/jws.ts';
import { CLOSING_US, clickDay, type PassbookOrder } from '#test/support/gate-papers.ts';
import { type GateWorld, openGateWorld } from '#test/support/gate-world.ts';
import { applicationId, OPENING_US } from '#test/support/register-entries.ts';

const ids = (count: number) => Array.from({ length: count }, (_, at) => applicationId(at + 1));
const ONE = applicationId(1);
const order = (count: number): PassbookOrder => ({ applications: ids(count) });

let world: GateWorld;
beforeEach(async () => {
  world = await openGateWorld();
});
afterEach(() => world.close());

describe('the gate ends a connection', () => {
  const close = async (data: string | Uint8Array) => {
    const client = await world.greeted(order(1));
    client.raw(data);
    return client.closed();
  };
  const padded = (type: string, bytes: number) =>
    JSON.stringify({ type, application: ONE, passbooks: [], client: 'x', pad: 'x'.repeat(bytes) });

  it('1003 for a binary frame', async () => {
    expect(await close(Uint8Array.of(123, 125))).toEqual({ code: 1003, reason: 'FRAME_BINARY' });
  });

  it('1007 for what is not JSON', async () => {
    expect(await close('{"type":')).toEqual({ code: 1007, reason: 'FRAME_MALFORMED' });
  });

  it('1009 for a submit of 5 KiB and a hello of 300 KiB, not for one of 5 KiB', async () => {
    const tooLarge = { code: 1009, reason: 'FRAME_TOO_LARGE' };
    expect(await close(padded('submit', 5 * 1024))).toEqual(tooLarge);
    expect(await close(padded('hello', 300 * 1024))).toEqual(tooLarge);
    const client = await world.connect();
    const passbooks = [world.papers.passbook(order(1))];
    client.send({ type: 'hello', passbooks, client: 'x', pad: 'x'.repeat(5 * 1024) });
    expect(await client.next('welcome')).toMatchObject({ applications: 1 });
  });

  it('4401 when another frame comes before hello', async () => {
    const client = await world.connect();
    client.submit(ONE);
    expect(await client.closed()).toEqual({ code: 4401, reason: 'HELLO_REQUIRED' });
  });

  it('4401 when there is no hello within 10 s', async () => {
    const silent = await world.connect();
    const greeted = await world.greeted(order(1));
    await world.pass(10_000);
    await greeted.settled();
    expect(silent.end).toBeUndefined();
    await world.pass(500);
    expect(await silent.closed()).toEqual({ code: 4401, reason: 'HELLO_REQUIRED' });
    await greeted.settled();
  });

  it('4403 for a passbook that is forged, altered, expired or none', async () => {
    const good = world.papers.passbook(order(1));
    const [header, claims, signature] = good.split('.') as [string, string, string];
    const other = world.papers.passbook({ applications: ids(2) }).split('.')[1];
    const refused = {
      forged: world.papers.passbook({ ...order(1), key: generateSigningKey() }),
      altered: `${header}.${other}.${signature}`,
      unsigned: `${header}.${claims}.`,
      none: 'hello',
      calendar: world.papers.calendar([clickDay()]),
    };
    for (const passbook of Object.values(refused)) {
      const client = await world.connect();
      client.hello(good, passbook);
      expect(await client.closed()).toEqual({ code: 4403, reason: 'PASSBOOK_INVALID' });
    }
    const client = await world.connect();
    client.hello(world.papers.passbook({ ...order(1), expiresAtUs: OPENING_US }));
    expect(await client.closed()).toEqual({ code: 4403, reason: 'PASSBOOK_EXPIRED' });
  });

  it('4408 when it is idle for half an hour, not when it asks the time or pings', async () => {
    const [idle, awake] = [await world.greeted(order(1)), await world.greeted(order(1))];
    const pinging = await world.greeted(order(1));
    await world.pass(20 * 60_000);
    await awake.settled();
    await pinging.ping();
    expect(idle.end).toBeUndefined();
    await world.pass(10 * 60_000 + 500);
    expect(await idle.closed()).toEqual({ code: 4408, reason: 'IDLE' });
    await awake.settled();
    await pinging.settled();
  });

  it('4429 for the fifth connection of an account, until one of the four is gone', async () => {
    const four = await Promise.all([1, 2, 3, 4].map(() => world.greeted(order(1))));
    const fifth = await world.connect();
    fifth.hello(world.papers.passbook(order(1)));
    expect(await fifth.closed()).toEqual({ code: 4429, reason: 'CONNECTIONS_TOO_MANY' });
    await world.greeted({ account: 'account-2', applications: [ONE] });
    four[0]!.raw(Uint8Array.of(1));
    await four[0]!.closed();
    await world.greeted(order(1));
  });

  it('and forgets what waited without a turn; what had its turn is entered', async () => {
    world.ledger.hold();
    const client = await world.greeted(order(30));
    for (const id of ids(30)) client.submit(id);
    await client.settled();
    client.raw(Uint8Array.of(1));
    await client.closed();
    await world.ledger.release();
    const other = await world.greeted(order(30));
    other.submit(applicationId(30));
    expect(await other.next('accepted')).toMatchObject({ seq: 9 });
    expect(await world.entries()).toHaveLength(9);
  });

  it('1012 at the end, after it has answered what had its turn', async () => {
    const client = await world.greeted(order(3));
    world.ledger.hold();
    for (const id of ids(3)) client.submit(id);
    await client.settled();
    const ending = world.end();
    await world.ledger.release();
    await ending;
    expect(await client.closed()).toEqual({ code: 1012, reason: 'RESTARTING' });
    expect((await client.outcomes(3)).map(({ type }) => type)).toEqual([
      'accepted',
      'accepted',
      'accepted',
    ]);
  });
});

describe('the gate after a click day', () => {
  it('says once that nothing older comes, so that other gates’ last entries become final', async () => {
    await world.close();
    world = await openGateWorld({ nowUs: CLOSING_US - 300_000 });
    const { watermarks } = world.ledger;
    await world.pass(1000);
    expect(watermarks.at(-1)).toBeGreaterThanOrEqual(CLOSING_US);
    const said = watermarks.length;
    await world.pass(5000);
    expect(watermarks).toHaveLength(said);
  });
});
