/** The search over HTTP: who finds what, files, saved searches, what staff looks at. */
import { openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '#engine/foundation/random.ts';
import { createStaffAccount, importHistory } from '#engine/portal/index.ts';
import { prepareSearch, rebuildSearch } from '#engine/portal/search/index.ts';
import type { SearchTable } from '#engine/store/database/index.ts';
import type { Application } from '#protocol/portal-api.ts';
import type { FoundAnswer, SavedSearchesAnswer, SearchChoices } from '#protocol/search-api.ts';
import { isoFromUs } from '#protocol/time.ts';
import { memberOf, organisationOf, putInto } from '#test/contract/organisation-world.ts';
import {
  applicant,
  type Caller,
  openWorld,
  START_US,
  type World,
} from '#test/contract/portal-world.ts';
import { historyLines } from '#test/support/history.ts';
import { models, sampleOf } from '#test/support/models.ts';

let world: World;
let owner: Caller;
let stranger: Caller;
let member: Caller;
let reader: Caller;
let operator: Caller;
let admin: Caller;
let milan: Caller;
let foreign: Caller;
let ids: { own: string; ours: string };

const path = (query: string) => `/api/applications?${query}`;
const find = async (caller: Caller, query: string) =>
  (await caller.call<FoundAnswer>('GET', path(query))).body;
const found = async (caller: Caller, query: string) =>
  (await find(caller, query)).applications.map(({ id }) => id);

async function draft(caller: Caller, nationality: string, seed: string): Promise<string> {
  const { body } = await caller.call<Application>('POST', '/api/applications', { model: 'A' });
  const random = seededRandom(seed, world.clock);
  const wish = { random, todayIso: '2011-01-17', model: 'A', nationality };
  for (const { number, values } of sampleOf(wish).pages) {
    const page = `/api/applications/${body.id}/pages/${number}`;
    await caller.call('PUT', page, { values, version: 0 });
  }
  return body.id;
}

async function staff(role: 'operator' | 'office', office?: string): Promise<Caller> {
  const email = `${role}${office ?? ''}@clickday.example`;
  const { database, clock, address, nobody } = world;
  const random = seededRandom(email, clock);
  const parts = { database, clock, random, publicUrl: address };
  const { link } = createStaffAccount(parts, { email, role, office });
  const token = new URL(link).searchParams.get('token');
  await nobody.call('POST', '/api/setup', { token, password: 'una parola lunga' });
  return world.person(email, 'una parola lunga');
}

/**
 * What earlier years hold: 400 lines, one of them sent by the owner's address, and two by the
 * organisation, one of these from the address that the stranger has today.
 */
function importEarlier(): void {
  const [first, second, third, ...rest] = historyLines(400);
  const ours = [second, { ...third, sender: 'stranger@example.it' }];
  const all = [
    { ...first, sender: 'Owner@example.it', office: 'MI' },
    ...ours.map((line) => ({ ...line, senderCode: '00743110157', office: 'TO' })),
    ...rest,
  ];
  const file = join(world.directory.outbox, '..', 'history.ndjson');
  writeFileSync(file, all.map((line) => JSON.stringify(line)).join('\n'));
  writeFileSync(`${file}.refused`, '');
  const { database, clock } = world;
  const open = { file: openSync(file, 'r'), refused: openSync(`${file}.refused`, 'r+') };
  importHistory({ database, models, clock, ...open, name: file, onProgress: () => undefined });
}

beforeAll(async () => {
  world = await openWorld();
  owner = await applicant(world, 'owner@example.it');
  stranger = await applicant(world, 'stranger@example.it');
  const organisation = organisationOf(world, 'Patronato');
  member = await memberOf(world, organisation, { email: 'member@example.it', role: 'preparer' });
  reader = await memberOf(world, organisation, { email: 'reader@example.it', role: 'reader' });
  foreign = await applicant(world, 'foreign@example.it');
  operator = await staff('operator');
  milan = await staff('office', 'MI');
  admin = await world.administrator();
  importEarlier();
  const own = await draft(owner, 'MA', 'own');
  ids = { own, ours: await draft(member, 'BD', 'ours') };
});
afterAll(() => world.close());

describe('what is found', () => {
  it('is the caller’s own, and in earlier years what their address sent', async () => {
    const all = await find(owner, '');
    expect(all.total).toBe(2);
    const earlier = all.applications.find(({ found: facts }) => facts?.isHistory);
    expect(earlier).toMatchObject({ status: expect.any(String), pages: [], modelVersion: 0 });
    expect(await found(owner, 'sort=-created')).toContain(ids.own);
    expect(await found(owner, 'year=2011')).toEqual([ids.own]);
    expect(await found(owner, 'year=2007')).toEqual([earlier!.id]);
  });

  it('is, of an organisation’s, with `by=me` only what the caller began', async () => {
    expect(await found(reader, 'year=2011')).toEqual([ids.ours]);
    expect(await found(member, 'year=2011&by=me')).toEqual([ids.ours]);
    expect(await found(reader, 'year=2011&by=me')).toEqual([]);
  });

  it('is, of an organisation’s earlier years, what carries its tax code, for its members', async () => {
    const earlier = 'year=2007,2008,2009,2010&sort=name';
    const ours = await found(member, earlier);
    expect(ours).toHaveLength(2);
    expect(await found(reader, earlier)).toEqual(ours);
    expect(await found(member, '')).toEqual(expect.arrayContaining([...ours, ids.ours]));
    expect(await found(member, `${earlier}&by=me`)).toEqual([]);
    const file = await reader.call<Buffer>('GET', `/api/applications/export.csv?${earlier}`);
    expect(file.body.toString().trim().split('\r\n')).toHaveLength(3);
    const other = organisationOf(world, 'Altro patronato');
    putInto(world, 'foreign@example.it', { organisation: other, member_role: 'administrator' });
    const { build, run } = world.database;
    const code = build.updateTable('organisations').set({ tax_code: '01234567897' });
    run(code.where('id', '=', other));
    for (const caller of [foreign, owner, stranger, milan]) {
      for (const id of ours) expect((await find(caller, `q=${id}`)).total).toBe(0);
    }
    expect((await world.nobody.call('GET', path(earlier))).status).toBe(401);
    putInto(world, 'member@example.it', { organisation: null, member_role: null });
    expect(await found(member, earlier)).toEqual([]);
    const back = { organisation: '01ARZ3NDEKTSV4RRFFQ69G5A00', member_role: 'preparer' };
    putInto(world, 'member@example.it', back);
  });

  it('is what is written now, by worker, employer and nationality', async () => {
    const [one] = (await find(owner, 'nationality=MA&status=draft')).applications;
    const { worker, employer, workerCodiceFiscale } = one!.found!;
    const query = (name: string, text: string) => `${name}=${encodeURIComponent(text)}`;
    const surname = worker.split(' ')[0]!.toLowerCase();
    expect(await found(owner, query('worker', surname))).toContain(ids.own);
    expect(await found(owner, query('employer', employer.slice(0, 4)))).toContain(ids.own);
    const code = workerCodiceFiscale ?? ids.own;
    expect(await found(owner, query('q', code))).toEqual([ids.own]);
    const file = `/api/applications/${ids.own}/pages/2`;
    const page = await owner.call<{ values: object; version: number }>('GET', file);
    const values = { ...page.body.values, workerSurname: 'Ünlü-Nuovo' };
    await owner.call('PUT', file, { values, version: page.body.version });
    expect(await found(owner, 'worker=unlu%20nuov')).toEqual([ids.own]);
    expect((await find(owner, `year=2011&worker=${encodeURIComponent(surname)}`)).total).toBe(0);
    const other = await draft(owner, 'MA', 'gone');
    expect(await found(owner, 'year=2011')).toContain(other);
    await owner.call('DELETE', `/api/applications/${other}`);
    expect(await found(owner, 'year=2011')).not.toContain(other);
  });

  it('is sorted and paged by a cursor that belongs to its order', async () => {
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const answer: FoundAnswer = await find(
        operator,
        `sort=name&limit=100${cursor ? `&cursor=${cursor}` : ''}`,
      );
      expect(answer.total).toBe(402);
      seen.push(...answer.applications.map(({ id }) => id));
      cursor = answer.next;
    }
    expect([seen.length, new Set(seen).size]).toEqual([402, 402]);
    const first = await find(operator, 'sort=name&limit=5');
    const wrong = await operator.call('GET', path(`sort=-stamp&cursor=${first.next}`));
    expect([wrong.status, wrong.body.code]).toEqual([422, 'REQUEST_INVALID']);
    const broken = ['sort=x', 'year=07', 'from=2011', 'to=2011-02-30', 'office=,', 'cursor=s.x'];
    for (const query of broken) {
      expect((await operator.call('GET', path(query))).status).toBe(422);
    }
    // The cursor of the plain list is an id: it goes on from there.
    expect((await find(owner, `cursor=${ids.own}`)).applications).toHaveLength(1);
  });

  it('lies between two days of Rome', async () => {
    const day = await find(operator, 'from=2007-12-15&to=2007-12-15&limit=100');
    expect(day.total).toBeGreaterThan(0);
    for (const { submission } of day.applications) {
      expect(submission!.stamp >= '2007-12-14T23:00').toBe(true);
      expect(submission!.stamp < '2007-12-15T23:00').toBe(true);
    }
    const none = await find(operator, `from=${isoFromUs(START_US + 1e14)}`);
    expect(none.total).toBe(0);
  });
});

describe('what is not the caller’s', () => {
  it('is found by no other account, member, reader or nobody', async () => {
    for (const query of ['', 'sort=name', 'status=draft', `q=${ids.own}`, 'year=2007', 'q=a']) {
      expect((await find(stranger, query)).total).toBe(0);
    }
    for (const caller of [member, reader]) {
      expect(await found(caller, 'sort=name&year=2011')).toEqual([ids.ours]);
      expect((await find(caller, `q=${ids.own}`)).total).toBe(0);
    }
    expect((await find(owner, `q=${ids.ours}`)).total).toBe(0);
    const routes = ['?sort=name', '/choices', '/export.csv', '/export.xlsx'];
    for (const route of routes) {
      const answer = await world.nobody.call('GET', `/api/applications${route}`);
      expect([answer.status, answer.body.code]).toEqual([401, 'UNAUTHENTICATED']);
    }
    expect((await world.nobody.call('GET', '/api/saved-searches')).status).toBe(401);
  });

  it('is not told by choices and files either', async () => {
    const choices = async (caller: Caller) =>
      (await caller.call<SearchChoices>('GET', '/api/applications/choices')).body;
    expect(await choices(stranger)).toMatchObject({ years: [], offices: [], nationalities: [] });
    expect((await choices(member)).nationalities).toEqual(['BD', 'CN']);
    expect((await choices(operator)).years).toEqual([2011, 2010, 2009, 2008, 2007]);
    const file = await stranger.call<Buffer>('GET', '/api/applications/export.csv');
    expect(file.body.toString().trim().split('\r\n')).toHaveLength(1);
  });

  it('is shown to an office when it was sent there, and drafts to none', async () => {
    const all = await find(milan, 'limit=100');
    expect(all.total).toBeGreaterThan(0);
    expect(new Set(all.applications.map(({ office }) => office))).toEqual(new Set(['MI']));
    expect((await find(milan, 'office=RM')).total).toBe(0);
    expect((await find(milan, 'status=draft')).total).toBe(0);
    const { build, run } = world.database;
    run(build.updateTable('search').set({ office: 'MI', revision: 1e6 }).where('id', '=', ids.own));
    expect((await find(milan, `q=${ids.own}`)).total).toBe(0);
    putInto(world, 'officeMI@clickday.example'.toLowerCase(), { office: null });
    const refused = await milan.call('GET', path(''));
    expect([refused.status, refused.body.code]).toEqual([403, 'FORBIDDEN']);
    putInto(world, 'officeMI@clickday.example'.toLowerCase(), { office: 'MI' });
  });

  it('follows a member who leaves, at once', async () => {
    const late = await memberOf(world, '01ARZ3NDEKTSV4RRFFQ69G5A00', {
      email: 'late@example.it',
      role: 'sender',
    });
    expect(await found(late, 'sort=name&year=2011')).toEqual([ids.ours]);
    putInto(world, 'late@example.it', { organisation: null, member_role: null });
    expect(await found(late, 'sort=name')).toEqual([]);
  });
});

describe('what staff looks at', () => {
  it('is audited: filters, shown ids, and of what was typed only that it was', async () => {
    const before = new Set(audit().map(({ id }) => id));
    await find(owner, 'sort=name');
    expect(audit()).toHaveLength(before.size);
    const shown = await found(operator, 'worker=unlu&year=2011');
    await admin.call('GET', '/api/applications/export.csv?office=MI');
    const added = audit().filter(({ id }) => !before.has(id));
    const [search, file] = added;
    expect(search).toMatchObject({
      action: 'applications.search',
      detail: { filters: { worker: true, year: '2011' }, total: shown.length, shown },
    });
    const detail = { filters: { office: 'MI' } };
    expect(file).toMatchObject({ action: 'applications.export', detail });
    expect(JSON.stringify(search)).not.toContain('unlu');
  });

  const audit = () =>
    world.database
      .all(world.database.build.selectFrom('audit').selectAll().orderBy('id'))
      .map(({ id, action, detail_json }) => {
        return { id, action, detail: JSON.parse(detail_json) as object };
      });
});

describe('a file of what was found', () => {
  it('holds all of it in its order, with texts that a spreadsheet cannot run', async () => {
    const file = `/api/applications/${ids.ours}/pages/2`;
    const page = await member.call<{ values: object; version: number }>('GET', file);
    const values = { ...page.body.values, workerSurname: '=cmd()' };
    await member.call('PUT', file, { values, version: page.body.version });
    const answer = await operator.call<Buffer>('GET', '/api/applications/export.csv?sort=-name');
    expect(answer.headers.get('content-disposition')).toContain('applications.csv');
    const lines = answer.body.toString().trim().split('\r\n');
    expect(lines).toHaveLength(403);
    expect(lines.find((line) => line.includes(ids.ours))).toContain("'=cmd()");
    const first = (await find(operator, 'sort=-name&limit=1')).applications[0]!;
    expect(lines[1]).toContain(first.id);
  });

  it('is a workbook too', async () => {
    const answer = await member.call<Buffer>('GET', '/api/applications/export.xlsx');
    expect(answer.headers.get('content-type')).toContain('spreadsheetml');
    expect(answer.body.subarray(0, 2).toString()).toBe('PK');
  });
});

describe('saved searches', () => {
  const list = async (caller: Caller) =>
    (await caller.call<SavedSearchesAnswer>('GET', '/api/saved-searches')).body.searches;
  const save = (caller: Caller, name: string, query = 'year=2007') =>
    caller.call<{ id: string; code?: string }>('POST', '/api/saved-searches', { name, query });

  it('are an account’s own, replaced by name, 20 at most', async () => {
    const { status, body } = await save(owner, ' Milano ');
    expect(status).toBe(201);
    await save(owner, 'Milano', 'office=MI');
    expect(await list(owner)).toMatchObject([{ name: 'Milano', query: 'office=MI' }]);
    expect(await list(stranger)).toEqual([]);
    const [kept] = await list(owner);
    const foreign = await stranger.call('DELETE', `/api/saved-searches/${kept!.id}`);
    expect([foreign.status, foreign.body.code]).toEqual([404, 'NOT_FOUND']);
    expect((await owner.call('DELETE', `/api/saved-searches/${body.id}`)).status).toBe(404);
    for (let at = 1; at < 20; at += 1) await save(owner, `Numero ${at}`);
    const full = await save(owner, 'Uno di troppo');
    expect([full.status, full.body.code]).toEqual([409, 'SAVED_SEARCHES_FULL']);
    expect((await save(owner, 'Milano')).status).toBe(201);
  });
});

describe('the table of the search', () => {
  const rows = () => {
    const { all, build } = world.database;
    const own = build.selectFrom('search').selectAll().where('is_history', '=', 0);
    return all(own.where('id', 'is not', null).orderBy('id')).map(
      ({ n: _n, revision: _revision, ...row }: SearchTable) => row,
    );
  };

  it('is the same when it is made anew as it became change by change', async () => {
    const [line] = await world.fixture({ accounts: 1, applications: 12 });
    world.portal.submissions.markSubmitted(
      [
        {
          ...{ application: line!.applications[0]!, digest: '', protocol: '2011-01-17/g1/1' },
          ...{ gate: 'g1', seq: 1, stampUs: START_US + 5, uncertaintyUs: 1, place: 1 },
        },
      ],
      '1',
    );
    const { build, run } = world.database;
    run(build.updateTable('search').set({ office: null }).where('id', '=', ids.own));
    const before = rows();
    expect(before.find(({ protocol }) => protocol !== null)).toMatchObject({ status: 'submitted' });
    rebuildSearch(world.database);
    expect(rows()).toEqual(before);
    expect(prepareSearch(world.database, models)).toBe(0);
  });
});
