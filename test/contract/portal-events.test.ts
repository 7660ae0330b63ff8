/**
 * The stream of news: each page hears at once of what its caller reaches, of nothing else, and no
 * longer than its session lasts.
 */
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import type { FixtureLine, RegisteredEntry } from '#engine/portal/index.ts';
import type { EventNews } from '#protocol/events-api.ts';
import type { Application, Problem } from '#protocol/portal-api.ts';
import { memberOf, organisationOf, putInto } from '#test/contract/organisation-world.ts';
import {
  applicant,
  type Caller,
  HOUR_US,
  openWorld,
  registered,
  START_US,
  type World,
} from '#test/contract/portal-world.ts';

let world: World;
let lines: readonly [FixtureLine, FixtureLine];
let place = 0;
beforeAll(async () => {
  world = await openWorld();
  lines = (await world.fixture({ accounts: 2, applications: 12 })) as unknown as typeof lines;
});
afterAll(() => world.close());

interface News {
  readonly name: keyof EventNews;
  readonly id: string | undefined;
  readonly data: Partial<Application & EventNews['reload']>;
}

interface Ear {
  readonly status: number;
  readonly headers: Headers;
  /** The next event; rejects when the stream has ended. */
  next(): Promise<News>;
  /** Resolves when the portal has ended the stream. */
  ended(): Promise<void>;
  problem(): Promise<Problem>;
  leave(): void;
}

/** Opens the stream as a page would. */
async function listen(caller: Caller, at = '', more: Record<string, string> = {}): Promise<Ear> {
  const going = new AbortController();
  const headers = { ...caller.headers, ...more };
  const url = `${world.address}/api/events${at}`;
  const response = await fetch(url, { headers, signal: going.signal });
  onTestFinished(() => going.abort());
  const pieces = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  const next = async (): Promise<News> => {
    for (;;) {
      const end = text.indexOf('\n\n');
      if (end >= 0) {
        const block = text.slice(0, end);
        text = text.slice(end + 2);
        if (block.includes('event: ')) return newsOf(block);
        continue;
      }
      const { done, value } = (await pieces?.read()) ?? { done: true, value: '' };
      if (done) throw new Error('ended');
      text += value;
    }
  };
  return {
    status: response.status,
    headers: response.headers,
    next,
    ended: async () => {
      await next().then(
        ({ name }) => Promise.reject(new Error(`still hears ${name}`)),
        () => undefined,
      );
    },
    problem: async () => JSON.parse((await pieces?.read())?.value ?? '') as Problem,
    leave: () => going.abort(),
  };
}

function newsOf(block: string): News {
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
  const name = field('event') as News['name'];
  return { name, id: field('id'), data: JSON.parse(field('data') ?? '') as News['data'] };
}

const person = (at: 0 | 1) => world.person(lines[at].email, lines[at].password);

/** The registrar carries on one entry of the ledger. */
function register(id: string): void {
  const { build, first } = world.database;
  const row = first(build.selectFrom('applications').selectAll().where('id', '=', id))!;
  place += 1;
  const { click_day, digest, model, office } = row;
  const told = { clickDay: click_day ?? '', digest: digest ?? '', model, office: office ?? '' };
  const stamp = { seq: place, stampUs: START_US + HOUR_US + place, uncertaintyUs: 250 };
  const entry: RegisteredEntry = {
    ...{ place, duplicateOf: null },
    entry: { application: id, gate: 'g1', ...told, ...stamp },
  };
  world.portal.submissions.apply([entry]);
}

it('tells the owner, in full and at once, and the other account nothing of it', async () => {
  const [mine, theirs] = [await listen(await person(0)), await listen(await person(1))];
  expect([mine.status, mine.headers.get('content-type')]).toEqual([
    200,
    'text/event-stream; charset=utf-8',
  ]);
  expect(mine.headers.get('cache-control')).toBe('no-store');
  expect(mine.headers.get('x-content-type-options')).toBe('nosniff');
  for (const ear of [mine, theirs]) expect((await ear.next()).name).toBe('reload');
  const [own, others] = [lines[0].applications[0]!, lines[1].applications[0]!];
  register(own);
  register(others);
  const heard = await mine.next();
  const { body } = await (await person(0)).call<Application>('GET', `/api/applications/${own}`);
  expect(heard).toMatchObject({ name: 'application', data: body });
  expect(heard.data.submission?.protocol).toContain('/g1/');
  expect((await theirs.next()).data.id).toBe(others);
  world.portal.submissions.markReceipts([own], START_US);
  expect((await mine.next()).data).toMatchObject({ id: own, status: 'receipt' });
});

it('tells of an application that was deleted on another page', async () => {
  const caller = await applicant(world, 'deleter@example.it');
  const ear = await listen(caller);
  await ear.next();
  const { body } = await caller.call<Application>('POST', '/api/applications', { model: 'A' });
  expect(await ear.next()).toMatchObject({ name: 'application', data: { id: body.id } });
  await caller.call('DELETE', `/api/applications/${body.id}`);
  expect(await ear.next()).toMatchObject({ name: 'gone', data: { id: body.id } });
});

it('says whether something was missed since the position a page comes back with', async () => {
  const caller = await applicant(world, 'returner@example.it');
  const { id: position } = await (await listen(caller)).next();
  const back = await listen(caller, '', { 'last-event-id': position ?? '' });
  expect((await back.next()).name).toBe('ready');
  expect((await (await listen(caller, `?after=${position}`)).next()).name).toBe('ready');
  await caller.call('POST', '/api/applications', { model: 'A' });
  const after = await (await listen(caller, `?after=${position}`)).next();
  expect(after.name).toBe('reload');
  expect(after.data.withinMs).toBeGreaterThan(1000);
  const ofAnotherRun = `?after=01ARZ3NDEKTSV4RRFFQ69G5FAV-${after.id?.split('-')[1]}`;
  expect((await (await listen(caller, ofAnotherRun)).next()).name).toBe('reload');
});

it('is open to nobody without a session, to no staff, and not before the first password', async () => {
  const stranger = await listen(world.nobody);
  expect([stranger.status, (await stranger.problem()).code]).toEqual([401, 'UNAUTHENTICATED']);
  const staff = await listen(await world.administrator());
  expect([staff.status, (await staff.problem()).code]).toEqual([403, 'FORBIDDEN']);
  const oneTime = await registered(world, 'newcomer@example.it');
  const early = await listen(await world.person('newcomer@example.it', oneTime));
  expect([early.status, (await early.problem()).code]).toEqual([403, 'PASSWORD_CHANGE_REQUIRED']);
  expect((await listen(await world.bearer(lines[1].email, lines[1].password))).status).toBe(200);
});

it('tells members of what the organisation has, readers too, until they leave it', async () => {
  const ours = organisationOf(world, 'Ours');
  const head = await memberOf(world, ours, { email: 'head@ours.it', role: 'administrator' });
  const reader = await memberOf(world, ours, { email: 'reader@ours.it', role: 'reader' });
  const outside = await applicant(world, 'outside@example.it');
  const [ear, other] = [await listen(reader), await listen(outside)];
  for (const each of [ear, other]) await each.next();
  const made = await head.call<Application>('POST', '/api/applications', { model: 'A' });
  expect((await ear.next()).data.id).toBe(made.body.id);
  putInto(world, 'reader@ours.it', { organisation: null, member_role: null });
  await ear.ended();
  await listensNoMore(head, made.body.id);
  const own = await outside.call<Application>('POST', '/api/applications', { model: 'A' });
  expect((await other.next()).data.id).toBe(own.body.id);
});

/** Who began an application for an organisation and has left it hears of their own alone. */
async function listensNoMore(formerHead: Caller, id: string): Promise<void> {
  putInto(world, 'head@ours.it', { organisation: null, member_role: null });
  const ear = await listen(formerHead);
  await ear.next();
  const { build, run } = world.database;
  run(build.updateTable('applications').set({ title: 'CHANGED' }).where('id', '=', id));
  const own = await formerHead.call<Application>('POST', '/api/applications', { model: 'A' });
  expect((await ear.next()).data.id).toBe(own.body.id);
}

it('ends with the session: closed, or by a new password elsewhere', async () => {
  const caller = await applicant(world, 'leaver@example.it');
  const here = await listen(caller);
  const elsewhere = await world.person('leaver@example.it', 'la mia parola segreta');
  const there = await listen(elsewhere);
  for (const each of [here, there]) await each.next();
  const change = { current: 'la mia parola segreta', next: 'un’altra parola segreta' };
  await elsewhere.call('POST', '/api/account/password', change);
  await here.ended();
  await elsewhere.call('DELETE', '/api/session');
  await there.ended();
});

it('takes a bounded number of pages of one account, and again when one has left', async () => {
  const caller = await applicant(world, 'many@example.it');
  const ears = await Promise.all(Array.from({ length: 8 }, () => listen(caller)));
  const ninth = await listen(caller);
  expect([ninth.status, (await ninth.problem()).code]).toEqual([429, 'REQUESTS_TOO_MANY']);
  expect(Number(ninth.headers.get('retry-after'))).toBeGreaterThan(0);
  ears[0]!.leave();
  await expect.poll(async () => (await listen(caller)).status).toBe(200);
});

it('is described in the portal’s own document', async () => {
  const { body } = await world.nobody.call<{ paths: Record<string, unknown> }>(
    'GET',
    '/api/openapi.json',
  );
  expect(JSON.stringify(body.paths['/api/events'])).toContain('text/event-stream');
});

it('says nothing more when the session’s time is over', async () => {
  const ear = await listen(await person(0));
  await ear.next();
  world.clock.advance(12 * HOUR_US);
  register(lines[0].applications[1]!);
  await ear.ended();
});
