/**
 * Rehearsal windows on a real gate: practice goes the real way and never meets what is real, is
 * bounded, and rests around a real opening.
 */
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ClickDay } from '#protocol/calendar.ts';
import type { Accepted, Rejected } from '#protocol/frames.ts';
import { isoFromUs } from '#protocol/time.ts';
import { clickDay, DAY, SECOND_US } from '#test/support/gate-papers.ts';
import { type GateWorld, openGateWorld, REST } from '#test/support/gate-world.ts';
import { applicationId, OPENING_US } from '#test/support/register-entries.ts';

const WINDOW = 'PROVA-2011-01-30';
const BEFORE_US = OPENING_US - 7200 * SECOND_US;
const ONE = applicationId(1);
const PRACTICE = 'PROVA-01';

function rehearsal(change: Partial<ClickDay> = {}): ClickDay {
  const opensAt = isoFromUs(BEFORE_US);
  const closesAt = isoFromUs(OPENING_US + 86_400 * SECOND_US);
  return { id: WINDOW, opensAt, closesAt, kind: 'rehearsal', ...change };
}

let world: GateWorld;
afterEach(() => world.close());

/** Ten minutes after the window has opened unless said otherwise; the real day is to come. */
async function begin(options: Parameters<typeof openGateWorld>[0] = {}) {
  const nowUs = BEFORE_US + 600 * SECOND_US;
  world = await openGateWorld({ nowUs, rehearsals: [rehearsal()], ...options });
}

const practised = (...applications: string[]) => world.greeted({ applications, clickDay: WINDOW });

async function outcomeOf(client: Awaited<ReturnType<typeof practised>>, application: string) {
  client.submit(application);
  const [outcome] = await client.outcomes(1);
  return outcome as Accepted | Rejected;
}

async function inUse(): Promise<boolean> {
  const answer = await fetch(`${world.http}/health`);
  return ((await answer.json()) as { rehearsal: { isInUse: boolean } }).rehearsal.isInUse;
}

function posted(application: string) {
  const passbook = world.papers.passbook({ applications: [application], clickDay: WINDOW });
  return fetch(`${world.http}/v1/submissions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${passbook}` },
    body: JSON.stringify({ application }),
  });
}

describe('a practice submission', () => {
  it('is stamped, numbered and on disk when it is answered, in a ledger of its own', async () => {
    await begin();
    const client = await practised(PRACTICE);
    const outcome = await outcomeOf(client, PRACTICE);
    expect(outcome).toMatchObject({ type: 'accepted', protocol: `${WINDOW}/g1/000000001`, seq: 1 });
    expect(await world.rehearsed()).toMatchObject([{ application: PRACTICE, clickDay: WINDOW }]);
    expect(await world.entries()).toEqual([]);
    expect(world.ledger.batches).toEqual([]);
  });

  it('takes no number of the real ledger, and the other way round', async () => {
    await begin({ nowUs: OPENING_US + REST.afterUs + SECOND_US });
    const client = await world.connect();
    client.hello(
      world.papers.passbook({ applications: [ONE] }),
      world.papers.passbook({ applications: [PRACTICE, 'PROVA-02'], clickDay: WINDOW }),
    );
    expect((await client.next('welcome')).applications).toBe(3);
    for (const id of [PRACTICE, ONE, 'PROVA-02']) client.submit(id);
    const outcomes = (await client.outcomes(3)) as Accepted[];
    const numbers = Object.fromEntries(outcomes.map((one) => [one.application, one.protocol]));
    expect(numbers).toEqual({
      [PRACTICE]: `${WINDOW}/g1/000000001`,
      [ONE]: `${DAY}/g1/000000001`,
      'PROVA-02': `${WINDOW}/g1/000000002`,
    });
    expect((await world.entries()).map(({ application }) => application)).toEqual([ONE]);
    expect((await world.verify()).violations).toEqual([]);
  });

  it('gets its first outcome when it is repeated', async () => {
    await begin();
    const client = await practised(PRACTICE);
    const first = await outcomeOf(client, PRACTICE);
    expect(await outcomeOf(client, PRACTICE)).toEqual({ ...first, duplicate: true });
  });

  it('goes the same way over HTTP', async () => {
    await begin();
    const answer = await posted(PRACTICE);
    expect(answer.status).toBe(201);
    expect(await world.rehearsed()).toHaveLength(1);
    expect(await world.entries()).toEqual([]);
  });

  it('is refused before its window opens, after it has closed and while it is suspended', async () => {
    await begin({ nowUs: BEFORE_US - SECOND_US });
    const client = await practised(PRACTICE);
    expect(await outcomeOf(client, PRACTICE)).toMatchObject({
      ...{ code: 'TOO_EARLY', opensAt: isoFromUs(BEFORE_US) },
    });
    await world.pass(1_001);
    await world.pass(5);
    expect(await outcomeOf(client, PRACTICE)).toMatchObject({ type: 'accepted' });
    const lay = (day: ClickDay) =>
      world.publish(world.papers.calendar([clickDay()], undefined, [day]));
    await lay(rehearsal({ suspended: true }));
    expect((await client.next('calendar')).clickDays).toContainEqual(
      rehearsal({ suspended: true }),
    );
    const other = await practised('PROVA-02');
    expect(await outcomeOf(other, 'PROVA-02')).toMatchObject({ code: 'SUSPENDED' });
    await lay(rehearsal({ closesAt: isoFromUs(BEFORE_US + SECOND_US) }));
    expect(await outcomeOf(other, 'PROVA-02')).toMatchObject({ code: 'CLOSED' });
  });
});

describe('a real ledger', () => {
  it('never gets a line of a rehearsal, even from a calendar that calls its window real', async () => {
    const nowUs = BEFORE_US + REST.afterUs + SECOND_US;
    await begin({ nowUs, days: [rehearsal()], rehearsals: [] });
    const client = await practised(PRACTICE);
    expect(await outcomeOf(client, PRACTICE)).toMatchObject({ code: 'WRONG_CLICK_DAY' });
    expect(world.ledger.batches).toEqual([]);
  });

  it('nor on a gate that knows of no rehearsals', async () => {
    world = await openGateWorld({ days: [rehearsal()], nowUs: BEFORE_US + SECOND_US });
    const client = await practised(PRACTICE);
    expect(await outcomeOf(client, PRACTICE)).toMatchObject({ code: 'UNKNOWN_APPLICATION' });
    expect((await posted(PRACTICE)).status).toBe(404);
    expect(world.ledger.batches).toEqual([]);
  });

  it('takes a real line all the same: the negative control', async () => {
    await begin({ nowUs: OPENING_US + SECOND_US });
    const client = await world.greeted({ applications: [ONE] });
    expect(await outcomeOf(client, ONE)).toMatchObject({ protocol: `${DAY}/g1/000000001` });
    expect(world.ledger.batches).toHaveLength(1);
  });

  it('has windows listed apart from its click days', async () => {
    await begin();
    const client = await world.connect();
    client.hello(world.papers.passbook({ applications: [ONE] }));
    const { clickDays } = await client.next('welcome');
    expect(clickDays).toEqual([clickDay(), rehearsal()]);
  });
});

describe('practice rests', () => {
  it.each([
    ['a moment before the rest', OPENING_US - REST.beforeUs - SECOND_US, undefined],
    ['before a real opening', OPENING_US - REST.beforeUs, REST.beforeUs + REST.afterUs],
    ['at a real opening', OPENING_US, REST.afterUs],
    ['after it', OPENING_US + REST.afterUs - SECOND_US, SECOND_US],
    ['no longer than that', OPENING_US + REST.afterUs, undefined],
  ])('%s', async (_, nowUs, restUs) => {
    await begin({ nowUs });
    const client = await practised(PRACTICE);
    const outcome = await outcomeOf(client, PRACTICE);
    if (restUs === undefined) expect(outcome).toMatchObject({ type: 'accepted' });
    else {
      expect(outcome).toMatchObject({ code: 'REHEARSAL_PAUSED', retryAfterMs: restUs / 1000 });
      expect(await world.rehearsed().catch(() => [])).toEqual([]);
    }
  });

  it('with nothing of it left, and is begun anew after it', async () => {
    await begin({ nowUs: OPENING_US - REST.beforeUs - SECOND_US });
    const client = await practised(PRACTICE);
    expect(await outcomeOf(client, PRACTICE)).toMatchObject({ seq: 1 });
    expect(await inUse()).toBe(true);
    await world.pass(2_000);
    await vi.waitFor(async () => expect(await inUse()).toBe(false));
    await world.pass((REST.beforeUs + REST.afterUs) / 1000);
    expect(await outcomeOf(await practised('PROVA-02'), 'PROVA-02')).toMatchObject({ seq: 1 });
  });

  it('until a suspended click day closes, since it may go on at any moment', async () => {
    const nowUs = OPENING_US + REST.afterUs + SECOND_US;
    await begin({ nowUs, days: [clickDay({ suspended: true })] });
    const client = await practised(PRACTICE);
    expect(await outcomeOf(client, PRACTICE)).toMatchObject({ code: 'REHEARSAL_PAUSED' });
  });
});

describe('practice is bounded', () => {
  it('to so many a second in all, repeats too', async () => {
    await begin();
    const client = await practised(PRACTICE);
    for (let sent = 0; sent < 300; sent += 1) client.submit(PRACTICE);
    const outcomes = await client.outcomes(300);
    const refused = outcomes.filter((one) => one.type === 'rejected');
    expect(refused).toHaveLength(100);
    expect(refused[0]).toMatchObject({ code: 'OVERLOADED' });
    await world.pass(1_000);
    expect(await outcomeOf(client, PRACTICE)).toMatchObject({ type: 'accepted' });
  });

  it('to so many entries, and begins a new ledger then', async () => {
    await begin({ rehearsalEntriesMax: 2 });
    const ids = ['PROVA-01', 'PROVA-02', 'PROVA-03'];
    const client = await practised(...ids);
    for (const id of ids.slice(0, 2)) await outcomeOf(client, id);
    await vi.waitFor(async () => {
      expect(await outcomeOf(client, 'PROVA-03')).toMatchObject({ type: 'accepted', seq: 1 });
    });
    expect(await world.rehearsed()).toMatchObject([{ application: 'PROVA-03' }]);
  });
});
