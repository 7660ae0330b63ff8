/** The way of an application with its times, copying it, and others of the same people. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { seededRandom } from '#engine/foundation/random.ts';
import type { AlikeGroupsAnswer, Way } from '#protocol/drafting-api.ts';
import type { FormValues } from '#protocol/forms/index.ts';
import type { Application, PageAnswer } from '#protocol/portal-api.ts';
import { isoFromUs } from '#protocol/time.ts';
import {
  memberOf,
  operatorOf,
  organisationOf,
  putInto,
} from '#test/contract/organisation-world.ts';
import {
  applicant,
  type Caller,
  HOUR_US,
  openWorld,
  START_US,
  type World,
} from '#test/contract/portal-world.ts';
import { attach } from '#test/support/attachments.ts';
import { formOf, sampleOf } from '#test/support/models.ts';

const OPENS_US = START_US + 14 * 24 * HOUR_US;

let world: World;
let owner: Caller;
let stranger: Caller;
let clerk: Caller;
beforeAll(async () => {
  world = await openWorld({ limits: { applicationsMax: 50 } });
  owner = await applicant(world, 'owner@example.it');
  stranger = await applicant(world, 'stranger@example.it');
  clerk = await operatorOf(world, 'office');
  const admin = await world.administrator();
  await admin.call('POST', '/api/admin/click-days', {
    id: '2011-01-31',
    name: { it: 'Tutti', en: 'Everybody' },
    opensAt: isoFromUs(OPENS_US),
    closesAt: isoFromUs(OPENS_US + HOUR_US),
    rules: [{ models: ['A'] }],
  });
});
afterAll(() => world.close());

/** A complete draft; the same seed gives the same people. */
async function draft(caller: Caller, seed: string, change: FormValues = {}): Promise<string> {
  const { body } = await caller.call<Application>('POST', '/api/applications', { model: 'A' });
  const random = seededRandom(seed, world.clock);
  const sample = sampleOf({ random, todayIso: '2011-01-17', model: 'A', nationality: 'MA' });
  for (const { number, values } of sample.pages) {
    const fields = Object.keys(formOf('A').pages[number - 1]?.schema.properties ?? {});
    const changed = Object.entries(change).filter(([field]) => fields.includes(field));
    const all = { ...values, ...Object.fromEntries(changed) };
    await caller.call('PUT', `/api/applications/${body.id}/pages/${number}`, {
      ...{ values: all, version: 0 },
    });
  }
  return body.id;
}

const wayOf = async (id: string) =>
  (await owner.call<Way>('GET', `/api/applications/${id}/way`)).body;
const reachedOf = async (id: string) => {
  const { steps } = await wayOf(id);
  return steps.filter(({ at }) => at !== null).map(({ step }) => step);
};
const pageOf = async (id: string, page: number) =>
  (await owner.call<PageAnswer>('GET', `/api/applications/${id}/pages/${page}`)).body.values;
const alikeOf = async (id: string, caller = owner) => {
  const path = `/api/applications/${id}/alike`;
  const { body } = await caller.call<{ alike: { id: string }[] }>('GET', path);
  return body.alike.map((each) => each.id);
};

it('tells each step with its time, and none that did not happen', async () => {
  const begun = await owner.call<Application>('POST', '/api/applications', { model: 'A' });
  expect(await reachedOf(begun.body.id)).toEqual(['to-complete']);
  const id = await draft(owner, 'way');
  const completeAt = isoFromUs(world.clock.nowUs());
  world.clock.advance(60_000_000);
  const complete = await wayOf(id);
  expect(complete.present).toBe('to-validate');
  expect(complete.steps[1]).toEqual({ step: 'to-validate', at: completeAt });
  await owner.call('POST', `/api/applications/${id}/ready`);
  const ready = await wayOf(id);
  expect([ready.present, ready.isIssued]).toEqual(['ready', false]);
  expect(ready.steps.map(({ at }) => at)).toEqual([
    ...[completeAt, completeAt, isoFromUs(world.clock.nowUs())],
    ...[null, null, null, null],
  ]);
  await owner.call('POST', '/api/passbooks');
  await owner.call('DELETE', `/api/applications/${id}/ready`);
  const back = await wayOf(id);
  expect([back.present, back.isIssued]).toEqual(['to-validate', true]);
  expect(back.steps[2]).toEqual({ step: 'ready', at: null });
  expect(back.events.map(({ kind }) => kind)).toEqual(['reopened', 'ready', 'completed']);
});

it('is no more to validate when an answer is taken away', async () => {
  const id = await draft(owner, 'undone');
  const page = { values: {}, version: 1 };
  await owner.call('PUT', `/api/applications/${id}/pages/2`, page);
  expect(await reachedOf(id)).toEqual(['to-complete']);
});

it('is forwarded to its office with the receipt, and shows what the office has decided', async () => {
  const id = await draft(owner, 'office');
  await owner.call('POST', `/api/applications/${id}/ready`);
  const { digest, office } = world.database.first(
    world.database.build
      .selectFrom('applications')
      .select(['digest', 'office'])
      .where('id', '=', id),
  )!;
  world.portal.submissions.markSubmitted(
    [
      {
        ...{ application: id, digest: digest ?? '', protocol: 'p', gate: 'g1', seq: 1 },
        ...{ stampUs: OPENS_US + 1, uncertaintyUs: 1, place: 1 },
      },
    ],
    '1',
  );
  expect((await wayOf(id)).present).toBe('submitted');
  const forwardedAt = isoFromUs(world.clock.nowUs());
  for (const receiptAtUs of [OPENS_US + 2, OPENS_US + 9]) {
    world.portal.submissions.markReceipts([id], receiptAtUs);
  }
  const forwarded = await wayOf(id);
  expect(forwarded.present).toBe('forwarded');
  expect(forwarded.events.filter(({ kind }) => kind === 'forwarded').length).toBe(1);
  putInto(world, 'office@clickday.example', { office });
  const decided = `/api/applications/${id}/outcome`;
  expect((await clerk.call('POST', decided, { outcome: 'refused' })).status).toBe(200);
  world.clock.advance(1);
  const told = { outcome: 'granted', note: 'Convocazione il 12 maggio.' };
  expect((await clerk.call('POST', decided, { ...told, note: ` ${told.note} ` })).status).toBe(200);
  const { steps, present } = await wayOf(id);
  expect(present).toBe('outcome');
  const shown = await owner.call<Application>('GET', `/api/applications/${id}`);
  expect(shown.body.updatedAt).toBe(isoFromUs(world.clock.nowUs()));
  expect(steps.slice(3)).toEqual([
    { step: 'submitted', at: isoFromUs(OPENS_US + 1) },
    { step: 'receipt', at: isoFromUs(OPENS_US + 2) },
    { step: 'forwarded', at: forwardedAt, detail: { office } },
    { step: 'outcome', at: isoFromUs(world.clock.nowUs()), detail: told },
  ]);
});

it('copies everything but what holds once, or everything but the worker', async () => {
  const id = await draft(owner, 'copied');
  await attach(owner, id);
  await owner.call('POST', `/api/applications/${id}/ready`);
  const copy = async (what: string) =>
    owner.call<Application>('POST', `/api/applications/${id}/copy`, { what });
  const { stampNumber, stampDate, ...closing } = await pageOf(id, 5);
  expect([typeof stampNumber, typeof stampDate]).toEqual(['string', 'string']);
  const all = await copy('all');
  expect([all.status, all.body.status]).toEqual([201, 'draft']);
  expect(await pageOf(all.body.id, 2)).toEqual(await pageOf(id, 2));
  const kept = await pageOf(all.body.id, 5);
  expect(closing).toMatchObject(kept);
  expect(Object.keys(kept)).toContain('yearlyIncome');
  expect(Object.keys(kept).filter((field) => /^(stamp|declares|undertakes)/.test(field))).toEqual(
    [],
  );
  const other = await copy('other-person');
  expect(await pageOf(other.body.id, 1)).toEqual(await pageOf(id, 1));
  expect(await pageOf(other.body.id, 2)).toEqual({});
  expect(other.body.pages.map(({ complete }) => complete)).toEqual([
    true,
    false,
    true,
    true,
    false,
  ]);
  const files = await owner.call<{ attachments: [] }>(
    'GET',
    `/api/applications/${all.body.id}/attachments`,
  );
  expect(files.body.attachments).toEqual([]);
  expect((await copy('nothing')).status).toBe(422);
});

it('counts a copy among the applications a private account may have', async () => {
  const person = await applicant(world, 'five@example.it');
  world.database.run(
    world.database.build
      .updateTable('accounts')
      .set({ applications_max: 2 })
      .where('email', '=', 'five@example.it'),
  );
  const id = await draft(person, 'five');
  const copy = () => person.call('POST', `/api/applications/${id}/copy`, { what: 'all' });
  expect((await copy()).status).toBe(201);
  const more = await copy();
  expect([more.status, more.body.code]).toEqual([409, 'APPLICATIONS_LIMIT']);
});

it('warns of the same worker and employer among one’s own, and tells of nobody else’s', async () => {
  const first = await draft(owner, 'alike');
  const again = await draft(owner, 'alike', { workerName: 'Fátima', workerSurname: 'D’Alò' });
  const spelt = await draft(owner, 'alike', { workerName: 'FATIMA', workerSurname: "D'ALO" });
  const theirs = await draft(stranger, 'alike');
  const others = await draft(owner, 'somebody else');
  expect(await alikeOf(again)).toContain(spelt);
  expect(await alikeOf(others)).toEqual([]);
  expect(await alikeOf(theirs, stranger)).toEqual([]);
  const all = [...(await alikeOf(first)), ...(await alikeOf(again))];
  expect(all).not.toContain(theirs);
  const { body } = await owner.call<AlikeGroupsAnswer>('GET', '/api/alike-applications');
  const groups = body.groups.map((group) => group.map((each) => each.id));
  expect(groups.some((group) => group.includes(again) && group.includes(spelt))).toBe(true);
  expect(groups.flat()).not.toContain(theirs);
  expect(groups.flat()).not.toContain(others);
  expect(groups.every((group) => group.length > 1)).toBe(true);
});

it('warns members of an organisation of what their colleagues have, by whatever model', async () => {
  const ours = organisationOf(world, 'Ours');
  const email = (name: string) => `${name}@ours.example.it`;
  const one = await memberOf(world, ours, { email: email('one'), role: 'preparer' });
  const two = await memberOf(world, ours, { email: email('two'), role: 'reader' });
  const theirs = organisationOf(world, 'Theirs');
  const other = await memberOf(world, theirs, { email: 'x@theirs.example.it', role: 'preparer' });
  const [first, second] = [await draft(one, 'shared'), await draft(one, 'shared')];
  const elsewhere = await draft(other, 'shared');
  expect(await alikeOf(first, two)).toEqual([second]);
  expect(await alikeOf(elsewhere, other)).toEqual([]);
  const groups = await two.call<AlikeGroupsAnswer>('GET', '/api/alike-applications');
  expect(groups.body.groups.map((group) => group.map(({ id }) => id))).toEqual([[second, first]]);
});

it('does not count what belongs to a click day that is over', async () => {
  const person = await applicant(world, 'years@example.it');
  const [before, now] = [await draft(person, 'years'), await draft(person, 'years')];
  await person.call('POST', `/api/applications/${before}/ready`);
  expect(await alikeOf(now, person)).toEqual([before]);
  const { build, run } = world.database;
  run(build.updateTable('click_days').set({ opens_at_us: 1, closes_at_us: 2 }));
  expect(await alikeOf(now, person)).toEqual([]);
  run(build.updateTable('click_days').set({ closes_at_us: OPENS_US + HOUR_US }));
  run(build.updateTable('click_days').set({ opens_at_us: OPENS_US }));
});

it('is nobody else’s: staff reads its way, another account and nobody at all get nothing', async () => {
  const id = await draft(owner, 'access');
  const admin = await world.person('admin@clickday.example', 'una parola lunga');
  const tries: readonly [string, string, unknown?][] = [
    ['GET', `/api/applications/${id}/way`],
    ['GET', `/api/applications/${id}/alike`],
    ['POST', `/api/applications/${id}/copy`, { what: 'all' }],
  ];
  for (const [method, path, body] of tries) {
    expect([path, (await stranger.call(method, path, body)).status]).toEqual([path, 404]);
    const staff = path.endsWith('/way') ? 200 : 403;
    expect([path, (await admin.call(method, path, body)).status]).toEqual([path, staff]);
    expect([path, (await world.nobody.call(method, path, body)).status]).toEqual([path, 401]);
  }
  expect((await world.nobody.call('GET', '/api/alike-applications')).status).toBe(401);
});
