/**
 * The list and the single application are given from memory while nothing has changed, and are
 * never older than what the caller has been answered, nor anybody else's.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { FixtureLine, RegisteredEntry } from '#engine/portal/index.ts';
import { openDatabase } from '#engine/store/database/index.ts';
import type { Application, ApplicationsAnswer, PageAnswer } from '#protocol/portal-api.ts';
import {
  applicant,
  type Caller,
  HOUR_US,
  openWorld,
  START_US,
  type World,
} from '#test/contract/portal-world.ts';

const LIST = '/api/applications?limit=50';
let world: World;
let lines: readonly [FixtureLine, FixtureLine];
beforeAll(async () => {
  world = await openWorld();
  lines = (await world.fixture({ accounts: 2, applications: 6 })) as unknown as typeof lines;
});
afterAll(() => world.close());

const person = (at: 0 | 1) => world.person(lines[at].email, lines[at].password);
const list = (caller: Caller, headers?: Record<string, string>) =>
  caller.call<ApplicationsAnswer>('GET', LIST, undefined, headers);
const givenAgain = async () => {
  const { body } = await world.nobody.call<Buffer>('GET', '/metrics');
  return Number(/^clickday_portal_answers_given_again (\d+)/m.exec(String(body))?.[1]);
};

function entryOf(id: string, place: number): RegisteredEntry {
  const { build, first } = world.database;
  const row = first(build.selectFrom('applications').selectAll().where('id', '=', id))!;
  const { click_day, digest, model, office } = row;
  const told = { clickDay: click_day ?? '', digest: digest ?? '', model, office: office ?? '' };
  const stamp = { seq: place, stampUs: START_US + HOUR_US + place, uncertaintyUs: 250 };
  return { place, duplicateOf: null, entry: { application: id, gate: 'g1', ...told, ...stamp } };
}

it('gives the same answer again, from memory, with the same headers', async () => {
  const caller = await person(0);
  const first = await list(caller);
  const before = await givenAgain();
  const again = await list(caller);
  expect(await givenAgain()).toBe(before + 1);
  expect(again.body).toEqual(first.body);
  const named = (headers: Headers) =>
    Object.fromEntries([...headers].filter(([n]) => n !== 'date'));
  expect(named(again.headers)).toEqual(named(first.headers));
  expect(again.headers.get('cache-control')).toBe('no-store');
  expect(again.headers.get('content-security-policy')).toContain("default-src 'self'");
});

it('answers 304 to who has it already, and in full when it changed', async () => {
  const caller = await applicant(world, 'etag@example.it');
  await list(caller);
  const etag = (await list(caller)).headers.get('etag') ?? '';
  const none = { 'if-none-match': etag };
  const unchanged = await list(caller, none);
  expect([unchanged.status, unchanged.headers.get('etag')]).toEqual([304, etag]);
  expect(unchanged.headers.get('cache-control')).toBe('no-store');
  await caller.call('POST', '/api/applications', { model: 'A' });
  const changed = await list(caller, none);
  expect([changed.status, changed.body.total]).toEqual([200, 1]);
  const fresh = { 'if-none-match': changed.headers.get('etag') ?? '' };
  expect((await list(await person(0), fresh)).status).toBe(200);
});

it('shows what the caller has just written', async () => {
  const caller = await applicant(world, 'writer@example.it');
  await list(caller);
  const made = (await caller.call<Application>('POST', '/api/applications', { model: 'A' })).body;
  const own = `/api/applications/${made.id}`;
  expect((await list(caller)).body.applications.map(({ id }) => id)).toEqual([made.id]);
  await caller.call('GET', own);
  await caller.call<PageAnswer>('PUT', `${own}/pages/1`, { values: {}, version: 0 });
  const saved = (await caller.call<Application>('GET', own)).body;
  expect(saved.pages[0]?.savedAt).not.toBeNull();
  expect((await list(caller)).body.applications).toEqual([saved]);
  await caller.call('DELETE', own);
  expect((await list(caller)).body.total).toBe(0);
  expect((await caller.call('GET', own)).status).toBe(404);
});

it('shows what the registrar has written, and the receipt', async () => {
  const caller = await person(0);
  const [id] = lines[0].applications as [string];
  const statusOf = async () =>
    (await list(caller)).body.applications.find((each) => each.id === id)?.status;
  expect([await statusOf(), await statusOf()]).toEqual(['ready', 'ready']);
  world.portal.submissions.apply([entryOf(id, 1)]);
  expect(await statusOf()).toBe('submitted');
  world.portal.submissions.markReceipts([id], START_US);
  expect(await statusOf()).toBe('receipt');
});

it('gives each caller their own, at one and the same address', async () => {
  const [one, two] = [await person(0), await person(1)];
  await list(one);
  const [own, others] = [(await list(one)).body, (await list(two)).body];
  const ids = (answer: ApplicationsAnswer) => answer.applications.map(({ id }) => id).sort();
  expect(ids(own)).toEqual([...lines[0].applications].sort());
  expect(ids(others)).toEqual([...lines[1].applications].sort());
  const path = `/api/applications/${lines[0].applications[0]}`;
  await one.call('GET', path);
  expect((await two.call('GET', path)).status).toBe(404);
  expect((await world.nobody.call('GET', path)).status).toBe(401);
});

it('stops at once when the session is closed, its password changed, or its time over', async () => {
  const left = await person(1);
  await list(left);
  await left.call('DELETE', '/api/session');
  expect((await list(left)).status).toBe(401);

  const caller = await applicant(world, 'changer@example.it');
  const elsewhere = await world.person('changer@example.it', 'la mia parola segreta');
  await list(elsewhere);
  const change = { current: 'la mia parola segreta', next: 'un’altra parola segreta' };
  await caller.call('POST', '/api/account/password', change);
  expect((await list(elsewhere)).status).toBe(401);
  expect((await list(caller)).status).toBe(200);
});

it('notices what another process did to the account', async () => {
  const caller = await applicant(world, 'outside@example.it');
  await list(caller);
  const other = openDatabase(world.directory.database);
  const { build } = other;
  other.run(
    build.updateTable('accounts').set({ role: 'office' }).where('email', '=', 'outside@example.it'),
  );
  other.close();
  expect((await list(caller)).status).toBe(403);
});

it('ends with the session’s time', async () => {
  const caller = await person(1);
  await list(caller);
  world.clock.advance(12 * HOUR_US);
  expect((await list(caller)).status).toBe(401);
});
