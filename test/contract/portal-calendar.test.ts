/** The calendar: what an administrator may plan, and what lies on disk for the gates. */
import { readFileSync, statSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyCompact, verifyingKeyFrom } from '#engine/foundation/jws.ts';
import { CALENDAR_TYP, type CalendarClaims } from '#protocol/calendar.ts';
import type { MailState } from '#protocol/mail-api.ts';
import type { AdminClickDay, ClickDaysAnswer } from '#protocol/portal-api.ts';
import { isoFromUs } from '#protocol/time.ts';
import {
  applicant,
  type Caller,
  HOUR_US,
  openWorld,
  START_US,
  type World,
} from '#test/contract/portal-world.ts';

let world: World;
let admin: Caller;
beforeAll(async () => {
  world = await openWorld();
  admin = await world.administrator();
});
afterAll(() => world.close());

const name = { it: 'Primo click day', en: 'First click day' };
const times = (fromHours: number, toHours: number) => ({
  opensAt: isoFromUs(START_US + fromHours * HOUR_US),
  closesAt: isoFromUs(START_US + toHours * HOUR_US),
});
const plan = (id: string, more: object = {}) =>
  admin.call<AdminClickDay>('POST', '/api/admin/click-days', {
    id,
    name,
    ...times(10, 20),
    rules: [{ models: ['A'] }],
    ...more,
  });
const change = (id: string, body: object) =>
  admin.call('PUT', `/api/admin/click-days/${id}`, { name, ...body });

function notice(): CalendarClaims {
  const jwks = JSON.parse(readFileSync(world.directory.keyNotice, 'utf8')) as {
    keys: Record<string, string>[];
  };
  const token = readFileSync(world.directory.calendarNotice, 'utf8');
  const keys = jwks.keys.map(verifyingKeyFrom);
  return verifyCompact({ token, typ: CALENDAR_TYP, keys }) as CalendarClaims;
}

describe('planning click days', () => {
  it('shows a day to everybody and lays it, signed, on disk', async () => {
    const planned = await plan('2011-01-31');
    expect(planned.status).toBe(201);
    const { body } = await world.nobody.call<ClickDaysAnswer>('GET', '/api/click-days');
    expect(body.clickDays).toEqual([
      { id: '2011-01-31', name, ...times(10, 20), status: 'planned', models: ['A'] },
    ]);
    expect(notice().clickDays).toEqual([{ id: '2011-01-31', ...times(10, 20) }]);
  });

  it('issues calendars that gates can order, also when the clock stands still', async () => {
    await plan('ordered');
    const first = notice().iat;
    await change('ordered', times(11, 20));
    const second = notice().iat;
    world.clock.advance(-HOUR_US);
    await change('ordered', times(12, 20));
    world.clock.advance(HOUR_US);
    expect(second).toBeGreaterThan(first);
    expect(notice().iat).toBeGreaterThan(second);
  });

  it('tells suspension, opening and closing as they come', async () => {
    await plan('stages', times(30, 40));
    const status = async () => {
      const { body } = await world.nobody.call<ClickDaysAnswer>('GET', '/api/click-days');
      return body.clickDays.find((day) => day.id === 'stages')?.status;
    };
    expect(await status()).toBe('planned');
    await change('stages', { ...times(30, 40), suspended: true });
    expect(await status()).toBe('suspended');
    expect(notice().clickDays.find((day) => day.id === 'stages')?.suspended).toBe(true);
    await change('stages', times(30, 40));
    world.clock.set({ nowUs: START_US + 30 * HOUR_US });
    expect(await status()).toBe('open');
    world.clock.set({ nowUs: START_US + 40 * HOUR_US - 1 });
    expect(await status()).toBe('open');
    world.clock.set({ nowUs: START_US + 40 * HOUR_US });
    expect(await status()).toBe('closed');
    world.clock.set({ nowUs: START_US });
  });

  it('keeps an opening that has passed where it was', async () => {
    await plan('frozen', times(5, 20));
    world.clock.set({ nowUs: START_US + 5 * HOUR_US });
    const moved = await change('frozen', times(6, 20));
    const same = await change('frozen', { ...times(5, 22), suspended: true });
    world.clock.set({ nowUs: START_US });
    expect([moved.status, moved.body.code]).toEqual([409, 'CLICK_DAY_PAST']);
    expect(same.status).toBe(200);
  });

  it('does not move an opening into the past', async () => {
    await plan('not-back', times(5, 20));
    const moved = await change('not-back', times(-1, 20));
    expect(moved.body.code).toBe('CLICK_DAY_PAST');
  });

  it('refuses times that make no sense and identifiers that are taken', async () => {
    const backwards = await plan('backwards', times(20, 10));
    expect(backwards.body).toMatchObject({ code: 'CLICK_DAY_TIMES' });
    const noTime = await plan('no-time', { opensAt: '2011-01-31 at eight o’clock' });
    expect(noTime.body).toMatchObject({ errors: [{ field: 'opensAt' }] });
    const never = await plan('never', { closesAt: '9999-12-31T00:00:00Z' });
    expect(never.body).toMatchObject({ errors: [{ field: 'closesAt' }] });
    await plan('taken');
    expect((await plan('taken')).body).toMatchObject({ code: 'CLICK_DAY_EXISTS' });
    expect((await change('unknown', times(1, 2))).body.code).toBe('NOT_FOUND');
    for (const id of ['', '../x', 'a/b', 'UPPER', 'x'.repeat(41)]) {
      expect((await plan(id)).body).toMatchObject({ code: 'REQUEST_INVALID' });
    }
  });

  it('is an administrator’s, and leaves a trace', async () => {
    const person = await applicant(world, 'somebody@example.it');
    const paths = [
      '/api/admin/click-days',
      '/api/admin/status',
      '/api/admin/outbox',
      '/api/admin/mail',
    ];
    for (const path of paths) {
      expect((await person.call('GET', path)).body.code).toBe('FORBIDDEN');
      expect((await world.nobody.call('GET', path)).body.code).toBe('UNAUTHENTICATED');
    }
    await plan('traced');
    const { build } = world.database;
    const traces = world.database.all(
      build.selectFrom('audit').selectAll().where('subject', '=', 'traced'),
    );
    expect(traces.map(({ action }) => action)).toEqual(['click-day.create']);
    expect(traces[0]?.account).toMatch(/^[0-9A-Z]{26}$/);
  });

  it('keeps the signing key to its owner', () => {
    expect(statSync(world.directory.portalKey).mode & 0o777).toBe(0o600);
    const published = readFileSync(world.directory.keyNotice, 'utf8');
    expect(JSON.parse(published).keys[0]).not.toHaveProperty('d');
  });
});

describe('the control room', () => {
  it('shows the system at a glance and the mails that left', async () => {
    await applicant(world, 'mailed@example.it');
    const status = await admin.call('GET', '/api/admin/status');
    expect(status.body).toMatchObject({
      register: { entries: 0, lastPlace: null },
      applications: { draft: 0, ready: 0, submitted: 0 },
      mail: { queued: 0, failed: 0 },
      gates: [{ id: 'g1', health: 'ok' }],
    });
    interface Mails {
      mails: { id: string; to: string; subject: string }[];
    }
    const { body } = await admin.call<Mails>('GET', '/api/admin/outbox');
    const mail = body.mails.find((each) => each.to === 'mailed@example.it');
    const read = await admin.call<{ text: string }>('GET', `/api/admin/outbox/${mail?.id}`);
    expect(read.body.text).toContain('Password monouso');
    const { build, all } = world.database;
    const traces = all(build.selectFrom('audit').selectAll().where('action', 'like', 'mail%'));
    expect(traces.map(({ action, subject }) => [action, subject])).toEqual([
      ['mails.list', 'mails'],
      ['mail.read', mail?.id],
    ]);
    expect(traces[0]?.detail_json).toContain(mail?.id);
    expect(JSON.stringify(traces)).not.toContain('mailed@');
    const { body: state } = await admin.call<MailState>('GET', '/api/admin/mail');
    expect(state).toMatchObject({ trouble: null, overdueSeconds: 0, domains: 0, queues: [] });
    expect(state.counts.sent).toBeGreaterThan(0);
    const none = await admin.call('GET', '/api/admin/outbox/01ARZ3NDEKTSV4RRFFQ69G5FAV');
    expect(none.body.code).toBe('NOT_FOUND');
  });
});
