/**
 * Who reaches which application: every route with an application in its path, as the portal's own
 * OpenAPI document lists them, against every kind of caller. A route that is added is in the test
 * by itself; if it wants a body, a sample of it must be named in `BODIES`.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyCompact, verifyingKeyFrom } from '#engine/foundation/jws.ts';
import { reached } from '#engine/portal/applications/reach.ts';
import { sql } from '#engine/store/database/index.ts';
import { PASSBOOK_TYP, type PassbookClaims } from '#protocol/passbook.ts';
import type { Application, ApplicationsAnswer } from '#protocol/portal-api.ts';
import {
  memberOf,
  operatorOf,
  organisationOf,
  putInto,
} from '#test/contract/organisation-world.ts';
import { applicant, type Caller, openWorld, type World } from '#test/contract/portal-world.ts';
import { aFile } from '#test/support/attachments.ts';

/** A body that passes the schema, by "METHOD path"; routes that want none are not named. */
const BODIES: Readonly<Record<string, unknown>> = {
  'PUT /api/applications/{id}/pages/{page}': { values: {}, version: 99 },
  'POST /api/applications/{id}/copy': { what: 'all' },
  'POST /api/applications/{id}/outcome': { outcome: 'granted' },
  'POST /api/applications/{id}/attachments': aFile(),
};
/** What a route wants behind its path. */
const QUERIES: Readonly<Record<string, string>> = {
  'POST /api/applications/{id}/attachments': '?kind=passport',
};
const PARAMETERS: Readonly<Record<string, string>> = { page: '1' };
const DECIDING: Readonly<Record<string, unknown>> = {
  ...{ milan: 'NOT_FOUND', office: 200, operator: 'FORBIDDEN', owner: 'FORBIDDEN' },
  ...{ administrator: 'FORBIDDEN', nobody: 'UNAUTHENTICATED' },
};
const READ_AND_DECIDED = ['read', 'page', 'receipt', 'outcome'].map(
  (each) => `application.${each}`,
);
const SOME_ID = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
const REFUSED = new Set(['UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND', 'ROLE_INSUFFICIENT']);
const UNREAD = new Set(['REQUEST_INVALID', 'REQUEST_MALFORMED', 'MEDIA_TYPE_UNSUPPORTED']);

interface Route {
  readonly method: string;
  readonly path: string;
  readonly reads: boolean;
}

let world: World;
let routes: Route[];
const callers: Record<string, Caller> = {};
beforeAll(async () => {
  world = await openWorld();
  const [ours, theirs] = [organisationOf(world, 'Ours'), organisationOf(world, 'Theirs')];
  callers.owner = await applicant(world, 'owner@example.it');
  callers.stranger = await applicant(world, 'stranger@example.it');
  for (const role of ['administrator', 'sender', 'preparer', 'reader'] as const) {
    callers[role] = await memberOf(world, ours, { email: `${role}@ours.example.it`, role });
  }
  const head = { email: 'head@theirs.example.it', role: 'administrator' } as const;
  callers.otherOrganisation = await memberOf(world, theirs, head);
  callers.operator = await operatorOf(world);
  callers.office = await operatorOf(world, 'office');
  callers.nobody = world.nobody;
  routes = await routesWithAnApplication();
});
afterAll(() => world.close());

async function routesWithAnApplication(): Promise<Route[]> {
  const { body } = await world.nobody.call<{ paths: Record<string, object> }>(
    'GET',
    '/api/openapi.json',
  );
  return Object.entries(body.paths)
    .filter(([path]) => path.startsWith('/api/applications/{id}'))
    .flatMap(([path, methods]) => Object.keys(methods).map((each) => ({ method: each, path })))
    .map(({ method, path }) => ({ method: method.toUpperCase(), path, reads: method === 'get' }))
    .sort((left, right) => Number(endsIt(left)) - Number(endsIt(right)));
}

const endsIt = ({ method, path }: Route) => method === 'DELETE' && path.endsWith('/{id}');

/** Whether the path names a second thing, of which there is none: not found by anybody. */
const namesMore = ({ path }: Route) =>
  [...path.matchAll(/\{(\w+)\}/g)].some(([, name]) => name !== 'id' && !(name! in PARAMETERS));

/** What the caller is told of an application: a code that means no, or `yes`. */
async function tried(caller: Caller, id: string, { method, path }: Route): Promise<string> {
  const url = path
    .replace('{id}', id)
    .replace(/\{(\w+)\}/g, (_all, name: string) => PARAMETERS[name] ?? SOME_ID);
  const name = `${method} ${path}`;
  const answer = await caller.call(method, url + (QUERIES[name] ?? ''), BODIES[name]);
  const code = answer.status < 400 ? '' : answer.body.code;
  if (UNREAD.has(code)) throw new Error(`name a sample body of ${method} ${path} (${code})`);
  return REFUSED.has(code) ? code : 'yes';
}

async function newDraft(caller: Caller): Promise<string> {
  const { body } = await caller.call<Application>('POST', '/api/applications', { model: 'A' });
  return body.id;
}

/** Each route's answer; the one that deletes the application comes last. */
async function answers(caller: Caller, id: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const route of routes) {
    found[`${route.method} ${route.path}`] = await tried(caller, id, route);
  }
  return found;
}

/** What an applicant is told of their own alone. */
const isForItsOwner = ({ path }: Route) => path.endsWith('/alike');
const STAFF = new Set(['operator', 'office']);
/** What an office says of those that were forwarded to it; nobody else, whatever they read. */
const isForOffices = ({ path }: Route) => path.endsWith('/outcome');

function expected(who: string, reading: string, changing: string): Record<string, string> {
  const of = (route: Route) => {
    if (isForOffices(route) && who !== 'nobody') return who === 'office' ? reading : 'FORBIDDEN';
    if (STAFF.has(who) && isForItsOwner(route)) return 'FORBIDDEN';
    const code = route.reads ? reading : changing;
    return code === 'yes' && namesMore(route) ? 'NOT_FOUND' : code;
  };
  return Object.fromEntries(routes.map((each) => [`${each.method} ${each.path}`, of(each)]));
}

describe('a private application', () => {
  it.each([
    ['owner', 'yes', 'yes'],
    ['stranger', 'NOT_FOUND', 'NOT_FOUND'],
    ['administrator', 'NOT_FOUND', 'NOT_FOUND'],
    ['otherOrganisation', 'NOT_FOUND', 'NOT_FOUND'],
    ['operator', 'yes', 'FORBIDDEN'],
    ['office', 'NOT_FOUND', 'FORBIDDEN'],
    ['nobody', 'UNAUTHENTICATED', 'UNAUTHENTICATED'],
  ])('to %s: read %s, change %s', async (who, reading, changing) => {
    const id = await newDraft(callers.owner!);
    expect(await answers(callers[who]!, id)).toEqual(expected(who, reading, changing));
    await callers.owner!.call('DELETE', `/api/applications/${id}`);
  });
});

describe("an organisation's application", () => {
  it.each([
    ['administrator', 'yes', 'yes'],
    ['sender', 'yes', 'yes'],
    ['preparer', 'yes', 'yes'],
    ['reader', 'yes', 'ROLE_INSUFFICIENT'],
    ['otherOrganisation', 'NOT_FOUND', 'NOT_FOUND'],
    ['owner', 'NOT_FOUND', 'NOT_FOUND'],
    ['operator', 'yes', 'FORBIDDEN'],
    ['office', 'NOT_FOUND', 'FORBIDDEN'],
    ['nobody', 'UNAUTHENTICATED', 'UNAUTHENTICATED'],
  ])('to %s: read %s, change %s', async (who, reading, changing) => {
    const id = await newDraft(callers.preparer!);
    expect(await answers(callers[who]!, id)).toEqual(expected(who, reading, changing));
    await callers.preparer!.call('DELETE', `/api/applications/${id}`);
  });

  it('leaves a line in the audit each time staff reads it, and none for its members', async () => {
    const id = await newDraft(callers.preparer!);
    const lines = () =>
      world.database.all(
        world.database.build
          .selectFrom('audit')
          .select(['action', 'account', 'detail_json'])
          .where('subject', '=', id)
          .where('action', 'like', 'application.%')
          .orderBy('id'),
      );
    for (const who of ['reader', 'otherOrganisation', 'office', 'operator']) {
      for (const path of ['', '/pages/2', '/receipt.pdf', '/way', '/attachments']) {
        await callers[who]!.call('GET', `/api/applications/${id}${path}`);
      }
    }
    // There is no receipt yet: nothing was read there.
    const read = [
      ['application.read', '{}'],
      ['application.page', '{"page":"2"}'],
    ];
    const more = [
      ['application.way', '{}'],
      ['application.attachments', '{}'],
    ];
    const found = lines().map(({ action, detail_json }) => [action, detail_json]);
    expect(found).toEqual([...read, ...more]);
    expect(new Set(lines().map(({ account }) => account)).size).toBe(1);
    await callers.preparer!.call('DELETE', `/api/applications/${id}`);
  });

  it('is in the lists of its members, found by operators, and by nobody else', async () => {
    const id = await newDraft(callers.preparer!);
    const lists = async (who: string) => {
      const { body } = await callers[who]!.call<ApplicationsAnswer>('GET', '/api/applications');
      return body.applications?.some((each) => each.id === id) && body.total > 0;
    };
    const members = ['administrator', 'sender', 'preparer', 'reader'];
    expect(await Promise.all(members.map(lists))).toEqual([true, true, true, true]);
    expect(await lists('operator')).toBe(true);
    for (const who of ['owner', 'stranger', 'otherOrganisation', 'nobody']) {
      expect([who, await lists(who)]).not.toEqual([who, true]);
    }
    await callers.preparer!.call('DELETE', `/api/applications/${id}`);
  });

  it('is begun by those who prepare, not by a reader', async () => {
    const answer = await callers.reader!.call('POST', '/api/applications', { model: 'A' });
    expect([answer.status, answer.body.code]).toEqual([403, 'ROLE_INSUFFICIENT']);
    expect(answer.body.messages?.it).toContain('amministratore');
  });

  it('stays with the organisation when who began it belongs to none any more', async () => {
    const id = await newDraft(callers.preparer!);
    const email = 'preparer@ours.example.it';
    const member = { organisation: organisationNamed('Ours')!, member_role: 'preparer' };
    putInto(world, email, { organisation: null, member_role: null });
    const read = await callers.preparer!.call('GET', `/api/applications/${id}`);
    putInto(world, email, member);
    expect([read.status, read.body.code]).toEqual([404, 'NOT_FOUND']);
    await callers.preparer!.call('DELETE', `/api/applications/${id}`);
  });

  it('follows the role, not who began it', async () => {
    const id = await newDraft(callers.preparer!);
    putInto(world, 'preparer@ours.example.it', { member_role: 'reader' });
    const tries = ['GET', 'DELETE'].map((method) =>
      callers.preparer!.call(method, `/api/applications/${id}`),
    );
    const [read, removed] = await Promise.all(tries);
    putInto(world, 'preparer@ours.example.it', { member_role: 'preparer' });
    expect([read?.status, removed?.status]).toEqual([200, 403]);
    await callers.preparer!.call('DELETE', `/api/applications/${id}`);
  });
});

describe('an application that was forwarded to an office', () => {
  const milan = 'milan@clickday.example';
  const ofOffice = (email: string, office: string | null) => putInto(world, email, { office });
  let id: string;
  beforeAll(async () => {
    const [line] = await world.fixture({ accounts: 1, applications: 1 });
    id = line!.applications[0]!;
    const { build, run } = world.database;
    run(build.updateTable('applications').set({ office: 'RM' }).where('id', '=', id));
    callers.milan = await applicant(world, milan);
    putInto(world, milan, { role: 'office', office: 'MI' });
  });
  const reading = async (who: string) => {
    const paths = ['', '/pages/2', '/attachments', '/way', '/preview.pdf'];
    const answers = paths.map((path) =>
      callers[who]!.call('GET', `/api/applications/${id}${path}`),
    );
    return (await Promise.all(answers)).map(({ status }) => status);
  };
  const forward = () => {
    const { build, run } = world.database;
    const row = { id: 'E', application: id, kind: 'forwarded', at_us: 1, account: null };
    run(build.insertInto('application_events').values({ ...row, detail_json: '{}' }));
  };

  it('is read by that office from then on, and by no other', async () => {
    expect(await reading('office')).toEqual([404, 404, 404, 404, 404]);
    forward();
    expect(await reading('office')).toEqual([200, 200, 200, 200, 200]);
    expect(await reading('milan')).toEqual([404, 404, 404, 404, 404]);
    ofOffice('office@clickday.example', null);
    expect(await reading('office')).toEqual([404, 404, 404, 404, 404]);
    ofOffice('office@clickday.example', 'RM');
  });

  it('is read with its receipt, decided by that office, changed by nobody, and all is audited', async () => {
    world.receipts.set(id, Buffer.from('%PDF-1.7'));
    const receipt = `/api/applications/${id}/receipt.pdf`;
    const of = async (who: string) => (await callers[who]!.call('GET', receipt)).status;
    expect([await of('office'), await of('milan')]).toEqual([200, 404]);
    const changes = ['POST /ready', 'DELETE /ready', 'DELETE ', 'POST /copy'];
    for (const change of changes) {
      const [method = '', rest = ''] = change.split(' ');
      const answer = await callers.office!.call(method, `/api/applications/${id}${rest}`, {});
      expect([change, answer.body.code]).toEqual([change, 'FORBIDDEN']);
    }
    const decide = `/api/applications/${id}/outcome`;
    for (const who of ['milan', 'office', 'operator', 'owner', 'administrator', 'nobody']) {
      const answer = await callers[who]!.call('POST', decide, { outcome: 'refused' });
      expect([who, answer.body.code ?? answer.status]).toEqual([who, DECIDING[who]]);
    }
    const { build, all } = world.database;
    const lines = build.selectFrom('audit').select('action').where('subject', '=', id);
    expect(all(lines.where('action', 'like', 'application.%')).map(({ action }) => action)).toEqual(
      expect.arrayContaining(READ_AND_DECIDED),
    );
  });
});

describe('a deactivated account', () => {
  it('has no session and gets none', async () => {
    const email = 'stranger@example.it';
    putInto(world, email, { deactivated_at_us: 1 });
    const session = await callers.stranger!.call('GET', '/api/session');
    const password = 'la mia parola segreta';
    const login = await world.nobody.call('POST', '/api/session', { email, password });
    putInto(world, email, { deactivated_at_us: null });
    expect([session.body.code, login.body.code]).toEqual(['UNAUTHENTICATED', 'CREDENTIALS_WRONG']);
  });
});

describe('passbooks of an organisation', () => {
  beforeAll(async () => {
    const { build, run } = world.database;
    const [line] = await world.fixture({ accounts: 1, applications: 3 });
    const ours = build.selectFrom('organisations').select('id').where('name', '=', 'Ours');
    const given = build.updateTable('applications').set({ organisation: ours });
    run(given.where('account', '=', line!.account));
  });

  it('name all that is ready, with its `org`, for a sender and an administrator', async () => {
    for (const who of ['sender', 'administrator']) {
      const { body } = await callers[who]!.call<string[]>('POST', '/api/passbooks');
      const claims = await claimsOf(body[0]!);
      expect(claims.applications).toHaveLength(3);
      expect(claims.org).toBe(organisationNamed('Ours'));
    }
  });

  it('hold 500 each, over click days, in the order in which they became ready', async () => {
    const { build, run, all } = world.database;
    const [line] = await world.fixture({ accounts: 1, applications: 1001 });
    const organisation = organisationNamed('Ours')!;
    const given = build.updateTable('applications').set({ organisation });
    run(given.where('account', '=', line!.account));
    const backwards = sql<number>`ready_at_us + 1000000 - rowid`;
    run(build.updateTable('applications').set({ ready_at_us: backwards }));
    const { body } = await callers.sender!.call<string[]>('POST', '/api/passbooks');
    const claims = await Promise.all(body.map(claimsOf));
    expect(claims.map((each) => each.applications.length)).toEqual([500, 500, 4]);
    const named = claims.flatMap((each) => each.applications.map(({ id }) => id));
    const ours = build.selectFrom('applications').select('id');
    const ready = ours.where('organisation', '=', organisation).where('status', '=', 'ready');
    const rows = all(ready.orderBy('click_day').orderBy('ready_at_us').orderBy('id'));
    expect(named).toEqual(rows.map(({ id }) => id));
    expect(claims.map((each) => each.exp)).toEqual(Array(3).fill(claims[0]!.exp));
  });

  it('are not given to who may not send, nor to others', async () => {
    for (const who of ['preparer', 'reader']) {
      const answer = await callers[who]!.call('POST', '/api/passbooks');
      expect([who, answer.status, answer.body.code]).toEqual([who, 403, 'ROLE_INSUFFICIENT']);
    }
    for (const who of ['otherOrganisation', 'owner']) {
      expect((await callers[who]!.call('POST', '/api/passbooks')).body).toEqual([]);
    }
  });
});

describe('lists', () => {
  it('are read along an index, never by going through all applications', () => {
    const { build } = world.database;
    const plans = ['owner@example.it', 'reader@ours.example.it'].map((email) => {
      const account = world.database.first(
        build.selectFrom('accounts').selectAll().where('email', '=', email),
      )!;
      const rows = build.selectFrom('applications').selectAll().where(reached(account));
      const query = rows.orderBy('id', 'desc').limit(25).compile();
      const text = sql`explain query plan ${sql.raw(inlined(query))}`;
      return world.database
        .all<{ detail: string }>({ compile: () => text.compile(build) as never })
        .map((row) => row.detail);
    });
    expect(plans[0]?.join()).toContain('USING INDEX applications_by_account');
    expect(plans[1]?.join()).toContain('USING INDEX applications_by_organisation');
    expect(plans.flat().join()).not.toContain('TEMP B-TREE');
  });
});

/** The text of a query with its parameters written in. */
function inlined({ sql: text, parameters }: { sql: string; parameters: readonly unknown[] }) {
  let at = 0;
  return text.replaceAll('?', () => {
    const value = parameters[at++];
    return typeof value === 'string' ? `'${value}'` : String(value);
  });
}

function organisationNamed(name: string): string | undefined {
  const { build, first } = world.database;
  return first(build.selectFrom('organisations').select('id').where('name', '=', name))?.id;
}

async function claimsOf(token: string): Promise<PassbookClaims> {
  const { body } = await world.nobody.call<{ keys: Record<string, string>[] }>('GET', '/api/keys');
  const keys = body.keys.map(verifyingKeyFrom);
  return verifyCompact({ token, typ: PASSBOOK_TYP, keys }) as PassbookClaims;
}
