/** Notices: shown to everybody while their period lasts, written by administrators alone. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Notice, NoticesAnswer } from '#protocol/notices-api.ts';
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

const at = (hours: number) => isoFromUs(START_US + hours * HOUR_US);
const draft = (italian: string, more: object = {}) => ({
  text: { it: italian, en: `${italian} in English` },
  severity: 'info',
  from: at(0),
  until: at(10),
  ...more,
});
const write = async (italian: string, more: object = {}) =>
  (await admin.call<Notice>('POST', '/api/admin/notices', draft(italian, more))).body;
const shown = async () => {
  const { body } = await world.nobody.call<NoticesAnswer>('GET', '/api/notices');
  return body.notices.map(({ text }) => text.it);
};
const remove = (id: string) => admin.call('DELETE', `/api/admin/notices/${id}`);

describe('notices', () => {
  it('are shown from their first instant until before their last, the gravest first', async () => {
    const notices = [
      await write('più tardi', { from: at(2) }),
      await write('nota'),
      await write('guasto', { severity: 'danger' }),
      await write('attenzione', { severity: 'warning', until: at(1) }),
    ];
    expect(await shown()).toEqual(['guasto', 'attenzione', 'nota']);
    world.clock.set({ nowUs: START_US + HOUR_US });
    expect(await shown()).toEqual(['guasto', 'nota']);
    world.clock.set({ nowUs: START_US + 2 * HOUR_US });
    expect(await shown()).toEqual(['guasto', 'più tardi', 'nota']);
    world.clock.set({ nowUs: START_US });
    for (const { id } of notices) expect((await remove(id)).status).toBe(204);
    expect(await shown()).toEqual([]);
  });

  it('are an administrator’s to write, change, see before their time and take away', async () => {
    const { id } = await write('riservato', { from: at(5) });
    const person = await applicant(world, 'somebody@example.it');
    const calls = [
      ['GET', '/api/admin/notices', undefined],
      ['POST', '/api/admin/notices', draft('intruso')],
      ['PUT', `/api/admin/notices/${id}`, draft('intruso')],
      ['DELETE', `/api/admin/notices/${id}`, undefined],
    ] as const;
    for (const [method, path, body] of calls) {
      expect((await person.call(method, path, body)).body.code).toBe('FORBIDDEN');
      expect((await world.nobody.call(method, path, body)).body.code).toBe('UNAUTHENTICATED');
    }
    const { body } = await admin.call<NoticesAnswer>('GET', '/api/admin/notices');
    expect(body.notices.map(({ text }) => text.it)).toEqual(['riservato']);
    await remove(id);
  });

  it('leave a trace of who wrote what, changed it and took it away', async () => {
    const { id } = await write('prima');
    const changed = await admin.call<Notice>('PUT', `/api/admin/notices/${id}`, draft('dopo'));
    expect(changed.body).toMatchObject({ id, text: { it: 'dopo' }, until: at(10) });
    expect(await shown()).toEqual(['dopo']);
    await remove(id);
    const { build } = world.database;
    const traces = world.database.all(
      build.selectFrom('audit').selectAll().where('subject', '=', id).orderBy('id'),
    );
    expect(traces.map(({ action, account }) => [action, account?.length])).toEqual([
      ['notice.create', 26],
      ['notice.change', 26],
      ['notice.remove', 26],
    ]);
    expect(traces[1]?.detail_json).toContain('"it":"prima"');
    expect((await remove(id)).body.code).toBe('NOT_FOUND');
    const gone = await admin.call('PUT', `/api/admin/notices/${id}`, draft('x'));
    expect(gone.body.code).toBe('NOT_FOUND');
  });

  it.each([
    ['a period that ends before it begins', { until: at(0) }, 'NOTICE_PERIOD'],
    ['a time that is none', { from: 'domani alle otto di sera' }, 'NOTICE_PERIOD'],
    ['only one language', { text: { it: 'solo', en: ' ' } }, 'REQUEST_INVALID'],
    ['a severity of its own', { severity: 'panic' }, 'REQUEST_INVALID'],
    ['more than fits', { text: { it: 'x'.repeat(601), en: 'x' } }, 'REQUEST_INVALID'],
  ])('do not have %s', async (_what, more, code) => {
    const { body } = await admin.call('POST', '/api/admin/notices', draft('no', more));
    expect(body.code).toBe(code);
  });

  it('stand in the description of the API', async () => {
    const { body } = await world.nobody.call<{ paths: object }>('GET', '/api/openapi.json');
    expect(Object.keys(body.paths)).toEqual(
      expect.arrayContaining(['/api/notices', '/api/admin/notices', '/api/admin/notices/{id}']),
    );
  });

  it('are never more than 200', async () => {
    const columns = { text_it: 'a', text_en: 'b', severity: 'info', from_us: 1, until_us: 2 };
    const rows = Array.from({ length: 200 }, (_, index) => ({
      ...{ id: String(index), ...columns, created_at_us: 1, updated_at_us: 1 },
    }));
    world.database.run(world.database.build.insertInto('notices').values(rows));
    const { body } = await admin.call('POST', '/api/admin/notices', draft('di troppo'));
    expect(body.code).toBe('NOTICES_MAX');
  });
});
