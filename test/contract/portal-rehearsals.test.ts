/** Practice on the portal: when, with what, whose receipt; and who opens a window. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readNotice } from '#engine/calendar/index.ts';
import type { CalendarClaims, ClickDay } from '#protocol/calendar.ts';
import type { LedgerEntry } from '#protocol/entry.ts';
import { protocolNumber } from '#protocol/entry.ts';
import type { PassbookClaims } from '#protocol/passbook.ts';
import { verifyReceipt } from '#protocol/receipt/index.ts';
import type {
  AdminRehearsal,
  AdminRehearsalsAnswer,
  PracticeAnswer,
  PracticeLine,
} from '#protocol/rehearsals-api.ts';
import { isoFromUs } from '#protocol/time.ts';
import { enterRehearsal } from './portal-practice.ts';
import {
  applicant,
  type Caller,
  HOUR_US,
  openWorld,
  START_US,
  type World,
} from './portal-world.ts';

const REST = { beforeUs: 2 * HOUR_US, afterUs: 3 * HOUR_US };
const OPENS_US = START_US + 5 * HOUR_US;

let world: World;
let maria: Caller;
let admin: Caller;
afterAll(() => world.close());

async function begin(kind: 'always' | 'windows' | 'no', limits = {}) {
  await (world as World | undefined)?.close();
  world = await openWorld({ practice: { kind, rest: REST }, limits });
  maria = await applicant(world, 'maria@example.org');
}

async function clickDayAt(admin: Caller) {
  await admin.call('POST', '/api/admin/click-days', {
    id: 'real',
    name: { it: 'Vero', en: 'Real' },
    opensAt: isoFromUs(OPENS_US),
    closesAt: isoFromUs(OPENS_US + 100 * HOUR_US),
  });
}

const times = (fromUs: number, hours: number) => ({
  opensAt: isoFromUs(fromUs),
  closesAt: isoFromUs(fromUs + hours * HOUR_US),
});

const practice = async () => (await maria.call<PracticeAnswer>('GET', '/api/practice')).body;
const line = (body: object = {}) =>
  maria.call<PracticeLine & { code?: string }>('POST', '/api/practice/passbook', body);
const claimsOf = (passbook: string) =>
  JSON.parse(Buffer.from(passbook.split('.')[1] ?? '', 'base64url').toString()) as PassbookClaims;

describe('the standing window', () => {
  beforeAll(() => begin('always'));

  it('is open until the rest before the next real opening, and again after it', async () => {
    expect(await practice()).toMatchObject({ offered: true, isOpen: true, until: null });
    admin = await world.administrator();
    await clickDayAt(admin);
    expect(await practice()).toMatchObject({
      isOpen: true,
      until: isoFromUs(OPENS_US - REST.beforeUs),
    });
    world.clock.set({ nowUs: OPENS_US - REST.beforeUs });
    expect(await practice()).toMatchObject({
      ...{ isOpen: false, until: null, from: isoFromUs(OPENS_US + REST.afterUs) },
    });
    expect((await practice()).windows[0]).toMatchObject({ status: 'resting', standing: true });
    expect((await line()).body).toMatchObject({ code: 'REHEARSAL_PAUSED' });
    world.clock.set({ nowUs: OPENS_US + REST.afterUs });
    expect(await practice()).toMatchObject({ isOpen: true });
    world.clock.set({ nowUs: START_US });
  });

  it('is told to the gates apart from the click days', async () => {
    const { calendarNotice: calendar, keyNotice: portalKey } = world.directory;
    const notice = readNotice({ calendar, portalKey });
    expect(notice?.clickDays.map(({ id }) => id)).toEqual(['real']);
    expect(notice?.rehearsals).toMatchObject([{ id: 'PROVA-APERTA', kind: 'rehearsal' }]);
    const claims = claimsOf(notice?.document ?? '') as unknown as CalendarClaims;
    expect(JSON.stringify(claims.clickDays)).not.toContain('PROVA');
  });

  it('is in no public calendar', async () => {
    const { body } = await world.nobody.call<{ clickDays: ClickDay[] }>('GET', '/api/click-days');
    expect(body.clickDays.map(({ id }) => id)).toEqual(['real']);
  });
});

describe('a line to practise with', () => {
  it('names one pretended application, another each time, in a passbook of the account', async () => {
    const { status, body } = await line();
    expect(status).toBe(201);
    const { applications, exp } = claimsOf(body.passbook);
    expect(applications).toMatchObject([
      { id: body.application, clickDay: 'PROVA-APERTA', model: 'PROVA', office: 'PROVA' },
    ]);
    expect(exp).toBeLessThan(START_US / 1e6 + 10 * 86_400);
    expect((await line()).body.application).not.toBe(body.application);
    // What is sent on a real day does not name it.
    expect((await maria.call<string[]>('POST', '/api/passbooks')).body).toEqual([]);
  });

  it('is for whoever applies: not for staff, not without a session', async () => {
    expect((await world.nobody.call('POST', '/api/practice/passbook', {})).status).toBe(401);
    expect((await admin.call('POST', '/api/practice/passbook', {})).status).toBe(403);
    expect((await line({ window: 'PROVA-2001-01-01' })).body).toMatchObject({
      code: 'REHEARSAL_NONE',
    });
  });
});

describe('the receipt of a practice submission', () => {
  async function practised(): Promise<LedgerEntry> {
    const { body } = await line();
    const [first] = claimsOf(body.passbook).applications;
    const { id, ...facts } = first!;
    return enterRehearsal(world.directory, { ...facts, application: id });
  }
  const receiptOf = (caller: Caller, protocol: string) =>
    caller.call<Buffer & { code?: string }>(
      'GET',
      `/api/practice/receipt.pdf?protocol=${encodeURIComponent(protocol)}`,
    );

  it('is a PDF that a checker calls a rehearsal and proof of no place', async () => {
    const protocol = protocolNumber(await practised());
    const { status, headers, body } = await receiptOf(maria, protocol);
    expect([status, headers.get('content-type')]).toEqual([200, 'application/pdf']);
    const verdict = await verifyReceipt(body, { seals: [], logs: [] });
    expect(verdict).toMatchObject({ genuine: false, code: 'RECEIPT_PRACTICE', reason: 'practice' });
    // What the mark is taken from is no rehearsal any more, and no receipt either.
    const plain = Buffer.from(body.toString('latin1').replace('ClickdayRehearsal', 'X'), 'latin1');
    expect(await verifyReceipt(plain, { seals: [], logs: [] })).toMatchObject({
      code: 'RECEIPT_NOT_SEALED',
    });
  });

  it('is for the account that practised alone', async () => {
    const protocol = protocolNumber(await practised());
    const other = await applicant(world, 'piero@example.org');
    expect((await receiptOf(other, protocol)).body).toMatchObject({
      code: 'REHEARSAL_RECEIPT_NONE',
    });
    expect((await receiptOf(world.nobody, protocol)).status).toBe(401);
    expect((await receiptOf(admin, protocol)).status).toBe(403);
    for (const wrong of ['PROVA-APERTA/g1/800', '2011-01-31/g1/1', 'nonsense']) {
      expect((await receiptOf(maria, wrong)).status).toBe(404);
    }
  });

  it('has no entry that the public can look up, and is told to be a rehearsal', async () => {
    const protocol = encodeURIComponent(protocolNumber(await practised()));
    expect(
      (await world.nobody.call('GET', `/api/entries?protocol=${protocol}`)).body,
    ).toMatchObject({ status: 404, code: 'PROTOCOL_REHEARSAL' });
  });
});

describe('a window of an administrator', () => {
  it('is opened, changed and taken away, each time told to the gates', async () => {
    await begin('windows', { practicePerMinutePerAccount: 2 });
    expect(await practice()).toMatchObject({ offered: true, isOpen: false, from: null });
    admin = await world.administrator();
    const made = await admin.call<AdminRehearsal>('POST', '/api/admin/rehearsals', {
      ...times(START_US + HOUR_US, 3),
    });
    expect(made).toMatchObject({
      status: 201,
      body: { id: 'PROVA-2011-01-17', status: 'planned' },
    });
    expect(await practice()).toMatchObject({ isOpen: false, from: made.body.opensAt });
    expect((await line()).body).toMatchObject({ code: 'REHEARSAL_NONE' });
    // So that the opening itself can be practised.
    expect((await line({ window: made.body.id })).status).toBe(201);
    expect((await line({ window: made.body.id })).body).toMatchObject({
      code: 'REQUESTS_TOO_MANY',
    });
    const { calendarNotice: calendar, keyNotice: portalKey } = world.directory;
    const told = () => readNotice({ calendar, portalKey })?.rehearsals;
    expect(told()).toMatchObject([{ id: made.body.id, opensAt: made.body.opensAt }]);
    world.clock.set({ nowUs: START_US + HOUR_US });
    expect(await practice()).toMatchObject({ isOpen: true, until: made.body.closesAt });
    const path = `/api/admin/rehearsals/${made.body.id}`;
    await admin.call('PUT', path, { ...times(START_US, 9), suspended: true });
    expect(told()).toMatchObject([{ suspended: true }]);
    expect(await practice()).toMatchObject({ isOpen: false });
    expect((await admin.call('DELETE', path)).status).toBe(204);
    expect(told()).toEqual([]);
    const actions = world.database.all(world.database.build.selectFrom('audit').select('action'));
    expect(actions.map(({ action }) => action).filter((it) => it.startsWith('rehearsal'))).toEqual([
      ...['rehearsal.create', 'rehearsal.change', 'rehearsal.remove'],
    ]);
  });

  it('is for administrators, and right in its times', async () => {
    const wanted = times(START_US + HOUR_US, 1);
    for (const caller of [maria, world.nobody]) {
      const status = caller === maria ? 403 : 401;
      expect((await caller.call('GET', '/api/admin/rehearsals')).status).toBe(status);
      expect((await caller.call('POST', '/api/admin/rehearsals', wanted)).status).toBe(status);
      expect((await caller.call('DELETE', '/api/admin/rehearsals/x')).status).toBe(status);
    }
    const backwards = { opensAt: wanted.closesAt, closesAt: wanted.opensAt };
    expect((await admin.call('POST', '/api/admin/rehearsals', backwards)).body).toMatchObject({
      code: 'CLICK_DAY_TIMES',
    });
    expect((await admin.call('PUT', '/api/admin/rehearsals/PROVA-APERTA', wanted)).status).toBe(
      404,
    );
    for (let made = 1; made <= 50; made += 1) {
      await admin.call('POST', '/api/admin/rehearsals', wanted);
    }
    expect((await admin.call('POST', '/api/admin/rehearsals', wanted)).body).toMatchObject({
      code: 'REHEARSALS_TOO_MANY',
    });
    const { body } = await admin.call<AdminRehearsalsAnswer>('GET', '/api/admin/rehearsals');
    expect(body).toMatchObject({ stopsHours: 2, againHours: 3 });
    expect(new Set(body.rehearsals.map(({ id }) => id)).size).toBe(50);
  });

  it('is nothing where practice is not offered', async () => {
    await begin('no');
    await (await world.administrator()).call('POST', '/api/admin/rehearsals', times(START_US, 1));
    expect(await practice()).toEqual({
      ...{ offered: false, isOpen: false, until: null, from: null, windows: [] },
    });
    expect((await line()).body).toMatchObject({ code: 'REHEARSAL_NONE' });
  });
});
