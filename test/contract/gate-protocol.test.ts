/**
 * What a client may rely on (protocol §3), asked of a real gate over real sockets: every answer to
 * a submission and every frame. `GateClient` checks each frame's form. How a connection ends is in
 * gate-closing.test.ts.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { generateSigningKey } from '#engine/foundation/jws.ts';
import { limits } from '#engine/limits.ts';
import { isoFromUs } from '#protocol/time.ts';
import {
  CLOSING_US,
  clickDay,
  DAY,
  type PassbookOrder,
  SECOND_US,
} from '#test/support/gate-papers.ts';
import { type GateWorld, openGateWorld, UNCERTAINTY_US } from '#test/support/gate-world.ts';
import { applicationId, OPENING_US } from '#test/support/register-entries.ts';

const ids = (count: number, from = 1) =>
  Array.from({ length: count }, (_, at) => applicationId(from + at));
const ONE = applicationId(1);
const order = (count: number): PassbookOrder => ({ applications: ids(count) });

let world: GateWorld;
beforeEach(async () => {
  world = await openGateWorld();
});
afterEach(() => world.close());

/** A gate of its own for a test that needs another instant or calendar. */
async function anew(options: Parameters<typeof openGateWorld>[0]) {
  await world.close();
  world = await openGateWorld(options);
}

describe('a submission that is in time', () => {
  it('is accepted with number, stamp and the client’s own mark, and is on disk by then', async () => {
    const client = await world.greeted(order(2));
    client.submit(ONE, 'my mark');
    const accepted = await client.next('accepted');
    expect(accepted).toEqual({
      type: 'accepted',
      application: ONE,
      ref: 'my mark',
      protocol: `${DAY}/g1/000000001`,
      seq: 1,
      stamp: isoFromUs(OPENING_US + SECOND_US),
      uncertaintyUs: UNCERTAINTY_US,
    });
    expect(await world.entries()).toMatchObject([{ application: ONE, seq: 1 }]);
  });

  it('is not answered while it is not on disk', async () => {
    world.ledger.hold();
    const client = await world.greeted(order(1));
    client.submit(ONE);
    await client.settled();
    await client.settled();
    expect(client.frames.map(({ type }) => type)).not.toContain('accepted');
    await world.ledger.release();
    expect(await client.next('accepted')).toMatchObject({ seq: 1 });
  });

  it('gets the first outcome again when it is repeated, from whatever connection', async () => {
    const [first, second] = [await world.greeted(order(1)), await world.greeted(order(1))];
    first.submit(ONE);
    const outcome = await first.next('accepted');
    first.submit(ONE, 'again');
    second.submit(ONE);
    expect(await first.next('accepted')).toEqual({ ...outcome, ref: 'again', duplicate: true });
    expect(await second.next('accepted')).toEqual({ ...outcome, duplicate: true });
    expect(await world.entries()).toHaveLength(1);
  });

  it('is entered once when it is repeated while the first is on its way', async () => {
    world.ledger.hold();
    const [first, second] = [await world.greeted(order(1)), await world.greeted(order(1))];
    first.submit(ONE, 'a');
    await first.settled();
    first.submit(ONE, 'b');
    second.submit(ONE, 'c');
    await first.settled();
    await second.settled();
    await world.ledger.release();
    const [a, b] = await first.outcomes(2);
    const [c] = await second.outcomes(1);
    expect(a).toMatchObject({ ref: 'a', seq: 1 });
    expect(a).not.toHaveProperty('duplicate');
    expect(b).toEqual({ ...a, ref: 'b', duplicate: true });
    expect(c).toEqual({ ...a, ref: 'c', duplicate: true });
    expect(await world.entries()).toHaveLength(1);
  });

  it('hears of its acceptance when the day closed while it was on its way', async () => {
    world.ledger.hold();
    const [first, second] = [await world.greeted(order(1)), await world.greeted(order(1))];
    first.submit(ONE);
    await first.settled();
    world.clock.set({ nowUs: CLOSING_US });
    second.submit(ONE);
    await second.settled();
    await world.ledger.release();
    const outcome = await first.next('accepted');
    expect(await second.outcomes(1)).toEqual([{ ...outcome, duplicate: true }]);
  });

  it('is entered even when its sender is gone before the answer', async () => {
    world.ledger.hold();
    const [lost, other] = [await world.greeted(order(1)), await world.greeted(order(1))];
    lost.submit(ONE);
    await lost.settled();
    lost.raw(Uint8Array.of(1));
    await lost.closed();
    await world.ledger.release();
    other.submit(ONE);
    expect(await other.next('accepted')).toMatchObject({ seq: 1, duplicate: true });
  });
});

describe('a submission that is refused', () => {
  it('TOO_EARLY says when the day opens and how long to wait', async () => {
    await anew({ nowUs: OPENING_US - 60 * SECOND_US });
    const client = await world.greeted(order(1));
    client.submit(ONE, 'early');
    expect(await client.next('rejected')).toEqual({
      type: 'rejected',
      application: ONE,
      ref: 'early',
      code: 'TOO_EARLY',
      message: 'Not open yet: try again at the instant of opening.',
      retryAfterMs: 60_001,
      opensAt: isoFromUs(OPENING_US),
    });
  });

  it('that lay unread in the kernel at the opening is TOO_EARLY, the next one is not', async () => {
    await anew({ nowUs: OPENING_US - SECOND_US });
    const client = await world.greeted(order(2));
    await world.pass(900);
    // The instant passes, the frame lies in the kernel, and only then does the gate look.
    world.clock.advance(200_000);
    client.submit(ONE);
    await world.pass(100);
    expect(await client.next('rejected')).toMatchObject({ code: 'TOO_EARLY', retryAfterMs: 0 });
    client.submit(ONE);
    expect(await client.next('accepted')).toMatchObject({ seq: 1 });
    expect((await world.verify()).violations).toEqual([]);
  });

  it('CLOSED from the close on', async () => {
    const client = await world.greeted(order(2));
    world.clock.set({ nowUs: CLOSING_US - 1 });
    client.submit(ONE);
    expect(await client.next('accepted')).toMatchObject({ stamp: isoFromUs(CLOSING_US - 1) });
    world.clock.set({ nowUs: CLOSING_US });
    client.submit(applicationId(2));
    expect(await client.next('rejected')).toMatchObject({ code: 'CLOSED' });
    client.submit(ONE);
    expect(await client.next('accepted')).toMatchObject({ seq: 1, duplicate: true });
  });

  it('UNKNOWN_APPLICATION when it is in no presented passbook', async () => {
    const client = await world.greeted(order(1));
    client.submit(applicationId(2));
    expect(await client.next('rejected')).toMatchObject({
      application: applicationId(2),
      code: 'UNKNOWN_APPLICATION',
    });
  });

  it('WRONG_CLICK_DAY when its day is not in the calendar', async () => {
    const client = await world.greeted({ applications: [ONE], clickDay: '2012-01-31' });
    client.submit(ONE);
    expect(await client.next('rejected')).toMatchObject({ code: 'WRONG_CLICK_DAY' });
  });

  it('SUSPENDED while an administrator has suspended the day', async () => {
    const client = await world.greeted(order(1));
    await world.publish(world.papers.calendar([clickDay({ suspended: true })]));
    client.submit(ONE);
    expect(await client.next('rejected')).toMatchObject({ code: 'SUSPENDED' });
    await world.publish(world.papers.calendar([clickDay()]));
    client.submit(ONE);
    expect(await client.next('accepted')).toMatchObject({ seq: 1 });
  });

  it('RATE_LIMITED beyond 1,024 that wait; all others are accepted in the end', async () => {
    const room = limits.inFlightPerConnection + limits.waitingPerConnectionMax;
    const client = await world.greeted({ applications: ids(limits.inFlightPerConnection) });
    client.hello(...passbooksOf(room + 3));
    await client.next('welcome');
    world.ledger.hold();
    for (const id of ids(limits.inFlightPerConnection)) client.submit(id);
    await client.settled();
    for (const id of ids(room + 3).slice(limits.inFlightPerConnection)) client.submit(id);
    const refused = await client.outcomes(3);
    expect(refused.map(({ type }) => type)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(refused[0]).toMatchObject({
      application: applicationId(room + 1),
      code: 'RATE_LIMITED',
      retryAfterMs: expect.any(Number),
    });
    await world.ledger.release();
    const accepted = await client.outcomes(room);
    expect(accepted.map((outcome) => outcome.application)).toEqual(ids(room));
    expect(accepted.every(({ type }) => type === 'accepted')).toBe(true);
  });

  it('STORAGE_UNAVAILABLE while the disk is full, and goes on by itself with room', async () => {
    const client = await world.greeted(order(1));
    world.disk.freeBytes = 1024;
    await world.pass(500);
    client.submit(ONE);
    expect(await client.next('rejected')).toMatchObject({
      code: 'STORAGE_UNAVAILABLE',
      retryAfterMs: 1000,
    });
    world.disk.freeBytes = 1e12;
    await world.pass(500);
    client.submit(ONE);
    expect(await client.next('accepted')).toMatchObject({ seq: 1 });
  });

  it('STORAGE_UNAVAILABLE when the commit itself ran into the full disk', async () => {
    world.ledger.hold();
    const client = await world.greeted(order(30));
    for (const id of ids(30)) client.submit(id);
    await client.settled();
    world.disk.freeBytes = 1024;
    await world.ledger.fail(new Error('ENOSPC'));
    const refused = await client.outcomes(30);
    expect(new Set(refused.map((one) => 'code' in one && one.code))).toEqual(
      new Set(['STORAGE_UNAVAILABLE']),
    );
    expect(await world.entries()).toEqual([]);
    expect(world.fatal).toEqual([]);
  });

  it('is told nothing at all when a sync failed: the process ends', async () => {
    world.ledger.hold();
    const client = await world.greeted(order(2));
    client.submit(ONE);
    await client.settled();
    await world.ledger.fail(new Error('EIO'));
    client.submit(ONE);
    client.submit(applicationId(2));
    await client.settled();
    expect(world.fatal).toHaveLength(1);
    expect(client.frames.map(({ type }) => type)).toEqual(['welcome', 'time', 'time']);
  });

  it('nothing more is written after a sync that failed, no watermark either', async () => {
    world.ledger.hold();
    const client = await world.greeted(order(1));
    client.submit(ONE);
    await client.settled();
    const { length } = world.ledger.watermarks;
    await world.ledger.fail(new Error('EIO'));
    await world.ledger.release();
    for (let half = 0; half < 4; half += 1) await world.pass(500);
    expect(world.fatal).toHaveLength(1);
    expect(world.ledger.watermarks).toHaveLength(length);
  });
});

function passbooksOf(count: number, account = 'account-1'): string[] {
  const all = ids(count);
  const books: string[] = [];
  while (all.length > 0) {
    books.push(world.papers.passbook({ account, applications: all.splice(0, 500) }));
  }
  return books;
}

describe('hello', () => {
  it('is answered with gate, calendar, limit and the state of the clock', async () => {
    const client = await world.connect();
    client.hello(world.papers.passbook(order(3)));
    expect(await client.next('welcome')).toEqual({
      type: 'welcome',
      gate: 'g1',
      applications: 3,
      clickDays: [clickDay()],
      inFlightLimit: 8,
      sync: 'synchronised',
      uncertaintyUs: UNCERTAINTY_US,
    });
  });

  it('adds up when it is repeated, and counts an application once', async () => {
    const client = await world.greeted(order(2));
    client.hello(world.papers.passbook({ applications: ids(3, 2) }));
    expect(await client.next('welcome')).toMatchObject({ applications: 4 });
    client.submit(applicationId(4));
    expect(await client.next('accepted')).toMatchObject({ seq: 1 });
  });

  it('with 10,000 applications is the most; one more is an error and the connection lives', async () => {
    const client = await world.connect();
    const books = passbooksOf(10_000);
    for (const book of books) client.hello(book);
    for (const _ of books.slice(1)) await client.next('welcome');
    expect(await client.next('welcome')).toMatchObject({ applications: 10_000 });
    client.hello(world.papers.passbook({ applications: ids(1, 10_001) }));
    expect(await client.next('error')).toMatchObject({ code: 'APPLICATIONS_TOO_MANY' });
    client.hello(books[0]!);
    expect(await client.next('welcome')).toMatchObject({ applications: 10_000 });
    client.submit(applicationId(9_999));
    expect(await client.next('accepted')).toMatchObject({ seq: 1 });
  });
});

describe('other frames', () => {
  it('time is answered with the client’s own instant and the gate’s', async () => {
    const client = await world.greeted(order(1));
    client.send({ type: 'time', t0: 12.625 });
    const nowUs = OPENING_US + SECOND_US;
    expect(await client.next('time')).toEqual({
      type: 'time',
      t0: 12.625,
      t1Us: nowUs,
      t2Us: nowUs,
      uncertaintyUs: UNCERTAINTY_US,
      sync: 'synchronised',
    });
  });

  it('of an unknown type are an error, and the connection lives', async () => {
    const client = await world.greeted(order(1));
    for (const frame of [{ type: 'dance' }, { type: 'toString' }, { type: 7 }, {}]) {
      client.send(frame);
      expect(await client.next('error')).toMatchObject({ code: 'FRAME_UNKNOWN' });
    }
    client.raw('[1,2]');
    expect(await client.next('error')).toMatchObject({ code: 'FRAME_UNKNOWN' });
    client.send({ type: 'submit', application: 7 });
    expect(await client.next('error')).toMatchObject({ code: 'FRAME_INVALID' });
    client.submit(ONE, 'x'.repeat(65));
    expect(await client.next('error')).toMatchObject({ code: 'FRAME_INVALID' });
    client.submit(ONE);
    expect(await client.next('accepted')).toMatchObject({ seq: 1 });
  });

  it('may have members that nobody knows', async () => {
    const client = await world.greeted(order(1));
    client.send({ type: 'submit', application: ONE, colour: 'red', seq: 99 });
    expect(await client.next('accepted')).toMatchObject({ seq: 1 });
  });

  it('carry sentences in the language that was asked for', async () => {
    const client = await world.connect({ language: 'it-IT,it;q=0.9' });
    client.hello(world.papers.passbook(order(1)));
    client.submit(applicationId(2));
    expect(await client.next('rejected')).toMatchObject({
      message: 'Domanda non presente nei libretti presentati: aggiornare l’elenco dal portale.',
    });
  });
});

describe('the calendar', () => {
  it('is announced to whoever is connected when it changes on disk', async () => {
    const client = await world.greeted(order(1));
    const later = clickDay({ closesAt: isoFromUs(CLOSING_US + SECOND_US) });
    await world.publish(world.papers.calendar([later]));
    expect((await client.next('calendar')).clickDays).toEqual([later]);
  });

  it('stays as it was when what lies on disk does not verify', async () => {
    const client = await world.greeted(order(1));
    const forged = world.papers.calendar([clickDay({ suspended: true })], generateSigningKey());
    await world.publish(forged);
    await world.publish('not a calendar at all');
    client.submit(ONE);
    expect(await client.next('accepted')).toMatchObject({ seq: 1 });
    expect(client.frames.map(({ type }) => type)).not.toContain('calendar');
  });
});
