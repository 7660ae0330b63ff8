/** Drafting, making ready, searching, passbooks: against a real portal over HTTP. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyCompact, verifyingKeyFrom } from '#engine/foundation/jws.ts';
import { seededRandom } from '#engine/foundation/random.ts';
import { PASSBOOK_TYP, type PassbookClaims } from '#protocol/passbook.ts';
import type {
  AdminClickDay,
  Application,
  ApplicationsAnswer,
  PageAnswer,
} from '#protocol/portal-api.ts';
import { isoFromUs } from '#protocol/time.ts';
import {
  applicant,
  type Caller,
  HOUR_US,
  openWorld,
  START_US,
  type World,
} from '#test/contract/portal-world.ts';
import { sampleOf as sampleOfModels } from '#test/support/models.ts';

const OPENS_US = START_US + 14 * 24 * HOUR_US;
const CLOSES_US = OPENS_US + 10 * HOUR_US;

let world: World;
let owner: Caller;
let stranger: Caller;
beforeAll(async () => {
  world = await openWorld();
  owner = await applicant(world, 'owner@example.it');
  stranger = await applicant(world, 'stranger@example.it');
  const admin = await world.administrator();
  await admin.call<AdminClickDay>('POST', '/api/admin/click-days', {
    id: '2011-01-31',
    name: { it: 'Lavoratori di nazionalità riservatarie', en: 'Reserved nationalities' },
    opensAt: isoFromUs(OPENS_US),
    closesAt: isoFromUs(CLOSES_US),
    rules: [{ models: ['A', 'B'], nationalities: ['MA', 'BD'] }],
  });
});
afterAll(() => world.close());

const sampleOf = (nationality: string, seed = 'sample') => {
  const random = seededRandom(seed, world.clock);
  return sampleOfModels({ random, todayIso: '2011-01-17', model: 'A', nationality });
};

async function draft(caller: Caller, nationality = 'MA'): Promise<string> {
  const { body } = await caller.call<Application>('POST', '/api/applications', { model: 'A' });
  for (const { number, values } of sampleOf(nationality, body.id).pages) {
    const path = `/api/applications/${body.id}/pages/${number}`;
    await caller.call('PUT', path, { values, version: 0 });
  }
  return body.id;
}

async function clear(caller: Caller): Promise<void> {
  const { body } = await caller.call<ApplicationsAnswer>('GET', '/api/applications?limit=100');
  for (const { id } of body.applications) {
    await caller.call('DELETE', `/api/applications/${id}/ready`);
    await caller.call('DELETE', `/api/applications/${id}`);
  }
}

describe('drafting', () => {
  it('saves an incomplete page, says what is missing, and keeps what was typed', async () => {
    const created = await owner.call<Application>('POST', '/api/applications', { model: 'A' });
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({ status: 'draft', clickDay: null, submission: null });
    expect(created.body.pages.every((page) => !page.complete && page.savedAt === null)).toBe(true);
    const path = `/api/applications/${created.body.id}/pages/2`;
    const values = { workerSurname: '  Él   Amrani ', workerName: 'Fatima' };
    const saved = await owner.call<PageAnswer>('PUT', path, { values, version: 0 });
    expect(saved.body).toMatchObject({
      values: { workerSurname: 'Él Amrani', workerName: 'Fatima' },
      version: 1,
    });
    expect(saved.body.errors.map((error) => error.field)).toContain('workerCitizenship');
    expect(saved.body.errors[0]?.messages.it.length).toBeGreaterThan(10);
    const read = await owner.call<PageAnswer>('GET', path);
    expect(read.body).toEqual(saved.body);
    const whole = await owner.call<Application>('GET', `/api/applications/${created.body.id}`);
    expect(whole.body.title).toBe('ÉL AMRANI Fatima');
    await clear(owner);
  });

  it('has no name of its own until somebody is named, and again when nobody is', async () => {
    const { body } = await owner.call<Application>('POST', '/api/applications', { model: 'A' });
    const titles = [body.title];
    const path = `/api/applications/${body.id}/pages/2`;
    for (const [version, workerName] of ['Fatima', undefined].entries()) {
      await owner.call('PUT', path, { values: { workerName }, version });
      const { body: now } = await owner.call<Application>('GET', `/api/applications/${body.id}`);
      titles.push(now.title);
    }
    expect(titles).toEqual(['', 'Fatima', '']);
    await clear(owner);
  });

  it('refuses a page that was saved elsewhere meanwhile', async () => {
    const { body } = await owner.call<Application>('POST', '/api/applications', { model: 'A' });
    const path = `/api/applications/${body.id}/pages/2`;
    const save = (workerName: string) =>
      owner.call('PUT', path, { values: { workerName }, version: 0 });
    expect((await save('Fatima')).status).toBe(200);
    const second = await save('Aicha');
    expect([second.status, second.body.code]).toEqual([409, 'VERSION_CONFLICT']);
    expect((await owner.call<PageAnswer>('GET', path)).body.values.workerName).toBe('Fatima');
    await clear(owner);
  });

  it('refuses what no form sends, by field, and keeps nothing of it', async () => {
    const { body } = await owner.call<Application>('POST', '/api/applications', { model: 'A' });
    const path = `/api/applications/${body.id}/pages/2`;
    const values = { workerName: 'Fatima', __proto: 1, invented: 'x', workerSurname: ['a'] };
    const answer = await owner.call('PUT', path, { values, version: 0 });
    expect([answer.status, answer.body.code]).toEqual([422, 'REQUEST_INVALID']);
    const codes = answer.body.errors?.map(({ field, code }) => `${field} ${code}`);
    expect(codes).toContain('invented UNKNOWN_FIELD');
    expect(codes).toContain('workerSurname WRONG_TYPE');
    expect((await owner.call<PageAnswer>('GET', path)).body.version).toBe(0);
    await clear(owner);
  });

  it('knows no other pages and no other models', async () => {
    const { body } = await owner.call<Application>('POST', '/api/applications', { model: 'A' });
    for (const page of ['0', '6', '99', 'x', '-1', '1e3']) {
      const path = `/api/applications/${body.id}/pages/${page}`;
      expect((await owner.call('GET', path)).body.code).toBe('NOT_FOUND');
    }
    const unknown = await owner.call('POST', '/api/applications', { model: 'ZZ' });
    expect([unknown.status, unknown.body.code]).toEqual([422, 'MODEL_UNKNOWN']);
    await clear(owner);
  });

  it('holds five applications of a private account', async () => {
    const create = () => owner.call('POST', '/api/applications', { model: 'B' });
    for (let count = 0; count < 5; count += 1) expect((await create()).status).toBe(201);
    const sixth = await create();
    expect([sixth.status, sixth.body.code]).toEqual([409, 'APPLICATIONS_LIMIT']);
    await clear(owner);
    expect((await create()).status).toBe(201);
    await clear(owner);
  });
});

describe('making ready', () => {
  it('names every page and field that is missing', async () => {
    const { body } = await owner.call<Application>('POST', '/api/applications', { model: 'A' });
    const answer = await owner.call('POST', `/api/applications/${body.id}/ready`);
    expect([answer.status, answer.body.code]).toEqual([422, 'INCOMPLETE']);
    expect(new Set(answer.body.errors?.map((error) => error.page))).toEqual(
      new Set([1, 2, 3, 4, 5]),
    );
    await clear(owner);
  });

  it('fixes click day, office and digest, and the passbook carries exactly these', async () => {
    const id = await draft(owner);
    const ready = await owner.call<Application>('POST', `/api/applications/${id}/ready`);
    expect(ready.body).toMatchObject({ status: 'ready', clickDay: '2011-01-31' });
    expect(ready.body.pages.every((page) => page.complete)).toBe(true);
    const again = await owner.call<Application>('POST', `/api/applications/${id}/ready`);
    expect(again.body).toEqual(ready.body);
    const claims = await passbookOf(owner);
    const { digest } = world.database.first(
      world.database.build.selectFrom('applications').selectAll().where('id', '=', id),
    ) as { digest: string };
    expect(claims?.applications).toEqual([
      { id, clickDay: '2011-01-31', model: 'A', office: ready.body.office, digest },
    ]);
    expect(claims?.exp).toBeGreaterThan(CLOSES_US / 1_000_000);
    await owner.call('DELETE', `/api/applications/${id}/ready`);
  });

  it('refuses a worker whom no click day takes, at the field that decides', async () => {
    const id = await draft(stranger, 'US');
    const answer = await stranger.call('POST', `/api/applications/${id}/ready`);
    expect([answer.status, answer.body.code]).toEqual([422, 'INCOMPLETE']);
    expect(answer.body.errors).toMatchObject([
      { field: 'workerCitizenship', code: 'NATIONALITY_NOT_ADMITTED' },
    ]);
    await clear(stranger);
  });

  it('closes the pages until it is taken back to draft', async () => {
    const id = await draft(stranger);
    await stranger.call('POST', `/api/applications/${id}/ready`);
    const path = `/api/applications/${id}/pages/2`;
    const { body } = await stranger.call<PageAnswer>('GET', path);
    const save = () => stranger.call('PUT', path, { values: body.values, version: body.version });
    expect((await save()).body.code).toBe('NOT_EDITABLE');
    expect((await stranger.call('DELETE', `/api/applications/${id}`)).body.code).toBe(
      'NOT_EDITABLE',
    );
    const back = await stranger.call<Application>('DELETE', `/api/applications/${id}/ready`);
    expect(back.body).toMatchObject({ status: 'draft', clickDay: null, readyAt: null });
    expect((await save()).status).toBe(200);
    await clear(stranger);
  });

  it('does not let go of what a passbook names', async () => {
    const id = await draft(stranger);
    await stranger.call('POST', `/api/applications/${id}/ready`);
    await stranger.call('POST', '/api/passbooks');
    await stranger.call('DELETE', `/api/applications/${id}/ready`);
    const answer = await stranger.call('DELETE', `/api/applications/${id}`);
    expect([answer.status, answer.body.code]).toEqual([409, 'ALREADY_ISSUED']);
    expect(await passbookOf(stranger)).toBeUndefined();
  });

  it('cannot be taken back, nor put into a passbook, once its click day has closed', async () => {
    const caller = await applicant(world, 'late@example.it');
    const id = await draft(caller);
    await caller.call('POST', `/api/applications/${id}/ready`);
    expect(await passbookOf(caller)).toBeDefined();
    world.clock.set({ nowUs: CLOSES_US });
    const later = await world.person('late@example.it', 'la mia parola segreta');
    const answer = await later.call('DELETE', `/api/applications/${id}/ready`);
    const passbooks = await later.call<string[]>('POST', '/api/passbooks');
    world.clock.set({ nowUs: START_US });
    expect(answer.body.code).toBe('NOT_EDITABLE');
    expect(passbooks.body).toEqual([]);
  });
});

describe('an application of somebody else', () => {
  it('is not found, whatever is tried', async () => {
    const id = await draft(owner);
    const tries = [
      ['GET', ''],
      ['DELETE', ''],
      ['POST', '/ready'],
      ['DELETE', '/ready'],
      ['GET', '/pages/1'],
      ['GET', '/receipt.pdf'],
      ['GET', '/preview.pdf'],
    ] as const;
    for (const [method, rest] of tries) {
      const answer = await stranger.call(method, `/api/applications/${id}${rest}`);
      expect([method, rest, answer.status, answer.body.code]).toEqual([
        method,
        rest,
        404,
        'NOT_FOUND',
      ]);
      const nobody = await world.nobody.call(method, `/api/applications/${id}${rest}`);
      expect([nobody.status, nobody.body.code]).toEqual([401, 'UNAUTHENTICATED']);
    }
    const saving = { values: {}, version: 1 };
    const saved = await stranger.call('PUT', `/api/applications/${id}/pages/1`, saving);
    expect(saved.status).toBe(404);
    const list = await stranger.call<ApplicationsAnswer>('GET', '/api/applications');
    expect(list.body.applications.map((each) => each.id)).not.toContain(id);
    await clear(owner);
  });

  it('is nothing for staff to draft', async () => {
    const admin = await world.person('admin@clickday.example', 'una parola lunga');
    const answer = await admin.call('POST', '/api/applications', { model: 'A' });
    expect([answer.status, answer.body.code]).toEqual([403, 'FORBIDDEN']);
  });
});

describe('the list', () => {
  it('pages with a cursor, newest first, each application once', async () => {
    const [line] = await world.fixture({ accounts: 1, applications: 23 });
    const caller = await world.bearer(line!.email, line!.password);
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const path: string = `/api/applications?limit=10${cursor ? `&cursor=${cursor}` : ''}`;
      const { body }: { body: ApplicationsAnswer } = await caller.call('GET', path);
      expect(body.total).toBe(23);
      seen.push(...body.applications.map((each) => each.id));
      cursor = body.next;
    }
    expect(seen).toEqual([...line!.applications].reverse());
  });

  it('filters by status, model, click day and text, and takes signs literally', async () => {
    const [line] = await world.fixture({ accounts: 1, applications: 40 });
    const caller = await world.bearer(line!.email, line!.password);
    const list = async (query: string) =>
      (await caller.call<ApplicationsAnswer>('GET', `/api/applications?limit=100&${query}`)).body;
    const all = (await list('')).applications;
    const models = await list('model=B');
    expect(models.total).toBe(all.filter((each) => each.model === 'B').length);
    expect((await list('status=draft')).total).toBe(0);
    expect((await list(`clickDay=${all[0]!.clickDay}`)).total).toBe(40);
    const surname = all[0]!.title.split(' ')[0]!;
    const found = await list(`q=${encodeURIComponent(surname.toLowerCase())}`);
    expect(found.applications.map((each) => each.id)).toContain(all[0]!.id);
    expect((await list('q=%25')).total).toBe(0);
    expect((await list(`q=${all[3]!.id}`)).applications.map((each) => each.id)).toEqual([
      all[3]!.id,
    ]);
  });
});

describe('documents', () => {
  it('show a draft to its owner as a PDF with every accent', async () => {
    const id = await draft(owner);
    const path = `/api/applications/${id}/preview.pdf`;
    const answer = await owner.call<Buffer>('GET', path);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/pdf');
    expect(answer.body.subarray(0, 5).toString()).toBe('%PDF-');
    await clear(owner);
  });

  it('say when a receipt is not there yet, and give it when it is', async () => {
    const id = await draft(owner);
    const path = `/api/applications/${id}/receipt.pdf`;
    const early = await owner.call('GET', path);
    expect([early.status, early.body.code]).toEqual([404, 'RECEIPT_PENDING']);
    expect(early.headers.get('retry-after')).toBe('5');
    world.receipts.set(id, Buffer.from('%PDF-1.7 receipt'));
    const there = await owner.call<Buffer>('GET', path);
    expect(there.body.toString()).toBe('%PDF-1.7 receipt');
    expect(there.headers.get('cache-control')).toContain('private');
    await clear(owner);
  });
});

async function passbookOf(caller: Caller): Promise<PassbookClaims | undefined> {
  const { body } = await caller.call<string[]>('POST', '/api/passbooks');
  const jwks = await caller.call<{ keys: Record<string, string>[] }>('GET', '/api/keys');
  const keys = jwks.body.keys.map(verifyingKeyFrom);
  if (body[0] === undefined) return undefined;
  return verifyCompact({ token: body[0], typ: PASSBOOK_TYP, keys }) as PassbookClaims;
}
