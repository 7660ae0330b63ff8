/** Organisations over HTTP: asked for, granted, grown, kept; and who may do which of it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountStore } from '#engine/portal/accounts/store.ts';
import type {
  AccountsRequest,
  MembersAnswer,
  MemberView,
  OrganisationAnswer,
  RequestsAnswer,
  RequestView,
} from '#protocol/organisations-api.ts';
import type { Application, ApplicationsAnswer, SessionAnswer } from '#protocol/portal-api.ts';
import {
  memberOf,
  operatorOf,
  organisationOf,
  putInto,
} from '#test/contract/organisation-world.ts';
import {
  applicant,
  type Caller,
  openWorld,
  START_US,
  type World,
} from '#test/contract/portal-world.ts';

const PASSWORD = 'la mia parola segreta';
const WISH = { name: '  Patronato  Prova ', kind: 'patronato', taxCode: 'IT 00743110157' } as const;

let world: World;
let operator: Caller;
let head: Caller;
beforeAll(async () => {
  world = await openWorld();
  operator = await operatorOf(world);
  head = await applicant(world, 'head@patronato.example.it');
});
afterAll(() => world.close());

const members = async (caller: Caller): Promise<MemberView[]> =>
  (await caller.call<MembersAnswer>('GET', '/api/organisation/members')).body.members;
const memberAt = async (email: string) =>
  (await members(head)).find((each) => each.email === email)!;
const ask = (caller: Caller, wish: Partial<AccountsRequest> & { base: string }) =>
  caller.call<RequestView>('POST', '/api/organisation/requests', {
    ...{ count: 1, role: 'preparer' },
    ...wish,
  });
const decide = (id: string, reason?: string) => {
  const path = `/api/operator/requests/${id}`;
  if (reason === undefined) return operator.call<RequestView>('POST', `${path}/grant`);
  return operator.call<RequestView>('POST', `${path}/refusal`, { reason });
};
const audited = () => {
  const { build, all } = world.database;
  return all(build.selectFrom('audit').select('action')).map((row) => row.action);
};

/** Opens the newest link mailed to an address, sets a password and logs in as `email`. */
async function setUp(mailbox: string, email: string): Promise<Caller> {
  const letter = await world.letter(mailbox);
  expect(letter).toContain(email);
  const token = /setup\?token=([\w-]+)/.exec(letter)?.[1];
  const answer = await world.nobody.call('POST', '/api/setup', { token, password: PASSWORD });
  expect(answer.status).toBe(200);
  return world.person(email, PASSWORD);
}

describe('an organisation', () => {
  it('names every field of a wish that is wrong', async () => {
    const wrong = { name: ' ', kind: 'patronato', taxCode: '00743110158' };
    const { status, body } = await head.call('POST', '/api/organisation', wrong);
    expect([status, body.code]).toEqual([422, 'REQUEST_INVALID']);
    expect(body.errors?.map(({ field, code }) => `${field} ${code}`)).toEqual([
      'name ORGANISATION_NAME_INVALID',
      'taxCode TAX_CODE_INVALID',
    ]);
  });

  it('is there once an operator grants it, and has what its founder had begun', async () => {
    const begun = await head.call<Application>('POST', '/api/applications', { model: 'A' });
    const asked = await head.call<RequestView>('POST', '/api/organisation', WISH);
    expect([asked.status, asked.body.organisation]).toEqual([
      201,
      { name: 'Patronato Prova', kind: 'patronato', taxCode: '00743110157' },
    ]);
    const again = await head.call('POST', '/api/organisation', WISH);
    expect([again.status, again.body.code]).toEqual([409, 'REQUESTS_WAITING']);
    const before = await head.call<OrganisationAnswer>('GET', '/api/organisation');
    expect(before.body).toMatchObject({ organisation: null, founding: { status: 'waiting' } });
    const queue = await operator.call<RequestsAnswer>('GET', '/api/operator/requests');
    expect(queue.body.requests.map((each) => each.id)).toEqual([asked.body.id]);

    expect((await decide(asked.body.id)).body.status).toBe('granted');
    const after = await head.call<OrganisationAnswer>('GET', '/api/organisation');
    expect(after.body.organisation).toMatchObject({
      name: 'Patronato Prova',
      role: 'administrator',
    });
    const session = await head.call<SessionAnswer>('GET', '/api/session');
    expect(session.body.account.memberRole).toBe('administrator');
    const list = await head.call<ApplicationsAnswer>('GET', '/api/applications');
    expect(list.body.applications).toMatchObject([
      { id: begun.body.id, preparedBy: 'Maria Rossi' },
    ]);
    expect(await world.letter('head@patronato.example.it')).toContain('Patronato Prova');
    expect(audited()).toEqual(
      expect.arrayContaining(['organisation.asked', 'organisation.granted']),
    );
  });

  it('has no bound on its applications', async () => {
    const answers = [];
    for (let count = 0; count < 7; count += 1) {
      answers.push((await head.call('POST', '/api/applications', { model: 'B' })).status);
    }
    expect(new Set(answers)).toEqual(new Set([201]));
  });

  it('is decided once, and refused with a reason that is mailed', async () => {
    const other = await applicant(world, 'refused@example.it');
    const { body } = await other.call<RequestView>('POST', '/api/organisation', WISH);
    expect((await decide(body.id, '')).body).toMatchObject({ code: 'REQUEST_INVALID' });
    const refused = await decide(body.id, 'Il codice è di un altro ente.');
    expect(refused.body).toMatchObject({
      status: 'refused',
      reason: 'Il codice è di un altro ente.',
    });
    expect(await world.letter('refused@example.it')).toContain('Il codice è di un altro ente.');
    expect((await decide(body.id)).body).toMatchObject({ code: 'REQUEST_DECIDED' });
    const own = await other.call<OrganisationAnswer>('GET', '/api/organisation');
    expect(own.body).toMatchObject({ organisation: null, founding: { status: 'refused' } });
    expect(audited()).toContain('organisation.refused');
  });
});

describe('more accounts', () => {
  it('are asked for after a base account, granted, and opened by their holders', async () => {
    const [base] = await members(head);
    const people = [
      { email: 'Anna@Patronato.example.it', givenName: 'Anna', familyName: 'Bo', role: 'sender' },
    ] as const;
    const asked = await ask(head, { base: base!.id, count: 3, people: [...people] });
    expect(asked.body).toMatchObject({ base: base!.email, members: 1, status: 'waiting' });
    expect(asked.body.accounts.map(({ role, email }) => [role, email])).toEqual([
      ['sender', 'anna@patronato.example.it'],
      ['preparer', null],
      ['preparer', null],
    ]);
    expect(await members(head)).toHaveLength(1);
    expect((await decide(asked.body.id)).status).toBe(200);
    const made = (await members(head)).slice(1);
    expect(made.map(({ email, role, state }) => [email, role, state])).toEqual([
      ['anna@patronato.example.it', 'sender', 'invited'],
      ['head+2@patronato.example.it', 'preparer', 'invited'],
      ['head+3@patronato.example.it', 'preparer', 'invited'],
    ]);
    const invitations = world.mail
      .list({ limit: 100 })
      .filter((row) => row.subject.includes('il tuo account'))
      .map((row) => [row.recipient, /Nome utente: (\S+)/.exec(row.text)?.[1]]);
    expect(invitations.toSorted()).toEqual([
      ['anna@patronato.example.it', 'anna@patronato.example.it'],
      ['head@patronato.example.it', 'head+2@patronato.example.it'],
      ['head@patronato.example.it', 'head+3@patronato.example.it'],
    ]);
    const anna = await setUp('anna@patronato.example.it', 'anna@patronato.example.it');
    expect((await anna.call<ApplicationsAnswer>('GET', '/api/applications')).body.total).toBe(8);
    expect((await memberAt('anna@patronato.example.it')).state).toBe('active');
    expect(audited()).toEqual(expect.arrayContaining(['accounts.asked', 'accounts.granted']));
  });

  it('for nobody in particular have their links mailed to the base account', async () => {
    const second = await memberAt('head+3@patronato.example.it');
    const again = `/api/organisation/members/${second.id}/link`;
    const soon = await head.call('POST', again);
    expect([soon.status, soon.body.code]).toEqual([429, 'REQUESTS_TOO_MANY']);
    expect(Number(soon.headers.get('retry-after'))).toBe(600);
    world.clock.set({ nowUs: START_US + 600_000_000 });
    expect((await head.call('POST', again)).status).toBe(204);
    const caller = await setUp('head@patronato.example.it', second.email);
    expect((await caller.call('POST', '/api/passbooks')).body.code).toBe('ROLE_INSUFFICIENT');
    expect((await head.call('POST', again)).body.code).toBe('MEMBER_CONFIRMED');
  });

  it('are refused at the field that is wrong, without saying which addresses are known', async () => {
    const [base] = await members(head);
    const person = (email: string) => ({ email, givenName: 'A', familyName: 'B' });
    const people = ['refused@example.it', 'no address', 'refused@example.it'].map(person);
    const { body } = await head.call('POST', '/api/organisation/requests', {
      ...{ base: base!.id, count: 3, role: 'reader', people },
    });
    expect(body.errors?.map(({ field, code }) => `${field} ${code}`)).toEqual([
      'people.1.email EMAIL_INVALID',
      'people.2.email ADDRESS_REPEATED',
    ]);
  });

  it('are not made at all when one address is taken, and the operator hears which', async () => {
    const [base] = await members(head);
    const people = ['new@example.it', 'operator@clickday.example'].map((email) => ({
      ...{ email, givenName: 'A', familyName: 'B' },
    }));
    const asked = await ask(head, { base: base!.id, count: 2, role: 'reader', people });
    const granted = await operator.call('POST', `/api/operator/requests/${asked.body.id}/grant`);
    expect([granted.status, granted.body.code]).toEqual([409, 'INVITED_ADDRESS_TAKEN']);
    expect(granted.body.errors?.map((each) => each.field)).toEqual(['accounts.1']);
    expect((await members(head)).map((each) => each.email)).not.toContain('new@example.it');
    expect(await world.letter('new@example.it')).toBe('');
    await decide(asked.body.id, 'Indirizzo già usato.');
  });

  it('wait at most five requests at a time, and fifty a request', async () => {
    const [base] = await members(head);
    const { body: all } = await ask(head, { base: base!.id, count: 50 });
    expect(all.accounts).toHaveLength(50);
    for (let count = 0; count < 4; count += 1) await ask(head, { base: base!.id });
    const sixth = await head.call('POST', '/api/organisation/requests', {
      ...{ base: base!.id, count: 1, role: 'reader' },
    });
    expect([sixth.status, sixth.body.code]).toEqual([409, 'REQUESTS_WAITING']);
    const { body } = await operator.call<RequestsAnswer>('GET', '/api/operator/requests');
    expect(body.requests).toHaveLength(5);
    for (const { id } of body.requests) await decide(id, 'Sono troppi.');
    const tooMany = await head.call('POST', '/api/organisation/requests', {
      ...{ base: base!.id, count: 51, role: 'reader' },
    });
    expect(tooMany.body.code).toBe('REQUEST_INVALID');
    const elsewhere = await ask(head, { base: '01ARZ3NDEKTSV4RRFFQ69G5FAV' });
    expect(elsewhere.body).toMatchObject({ code: 'BASE_ACCOUNT_GONE' });
  });
});

describe('the bound of members', () => {
  it('holds when they are asked for, and again when they are granted', async () => {
    const { build, run, first } = world.database;
    const own = build.selectFrom('accounts').selectAll();
    const base = first(own.where('email', '=', 'head@patronato.example.it'))!;
    const { body } = await ask(head, { base: base.id, count: 50 });
    const others = Array.from({ length: 450 }, (_, at) => ({
      ...{ ...base, id: `X${at}`, email: `x${at}@example.it`, member_role: 'reader' },
    }));
    for (const row of others) run(build.insertInto('accounts').values(row));
    const asked = await ask(head, { base: base.id, count: 50 });
    const granted = await decide(body.id);
    run(build.deleteFrom('accounts').where('id', 'like', 'X%'));
    expect(asked.body).toMatchObject({ code: 'MEMBERS_LIMIT' });
    expect(granted.body).toMatchObject({ code: 'MEMBERS_LIMIT' });
    await decide(body.id, 'Sono troppi.');
  });
});

describe('the members', () => {
  it('change their roles, with a line in the audit', async () => {
    const anna = await world.person('anna@patronato.example.it', PASSWORD);
    const { id } = await memberAt('anna@patronato.example.it');
    const path = `/api/organisation/members/${id}`;
    expect((await anna.call('POST', '/api/passbooks')).status).toBe(200);
    const changed = await head.call<MemberView>('PUT', path, { role: 'reader' });
    expect(changed.body.role).toBe('reader');
    const { body } = await anna.call('POST', '/api/passbooks');
    expect(body.code).toBe('ROLE_INSUFFICIENT');
    expect((await head.call('PUT', path, {})).body.code).toBe('REQUEST_INVALID');
    expect(audited()).toContain('member.role');
  });

  it('are logged out when they are deactivated, and may come back', async () => {
    const email = 'anna@patronato.example.it';
    const anna = await world.person(email, PASSWORD);
    const path = `/api/organisation/members/${(await memberAt(email)).id}`;
    const off = await head.call<MemberView>('PUT', path, { active: false });
    expect(off.body.state).toBe('deactivated');
    expect((await anna.call('GET', '/api/session')).body.code).toBe('UNAUTHENTICATED');
    const again = await head.call<MemberView>('PUT', path, { active: true });
    expect(again.body.state).toBe('active');
    expect((await anna.call('GET', '/api/session')).body.code).toBe('UNAUTHENTICATED');
    const back = await world.person(email, PASSWORD);
    expect((await back.call('GET', '/api/applications')).status).toBe(200);
    expect(audited()).toEqual(expect.arrayContaining(['member.deactivated', 'member.reactivated']));
  });

  it('always have an administrator who can log in', async () => {
    const own = await memberAt('head@patronato.example.it');
    const invited = await memberAt('head+2@patronato.example.it');
    const path = `/api/organisation/members/${own.id}`;
    await head.call('PUT', `/api/organisation/members/${invited.id}`, { role: 'administrator' });
    for (const change of [{ role: 'reader' }, { active: false }]) {
      const answer = await head.call('PUT', path, change);
      expect([answer.status, answer.body.code]).toEqual([409, 'LAST_ADMINISTRATOR']);
    }
    expect(await memberAt('head@patronato.example.it')).toEqual(own);
    expect((await head.call('GET', '/api/session')).status).toBe(200);
  });

  it('take over from one another, and only who can log in takes over', async () => {
    const anna = await world.person('anna@patronato.example.it', PASSWORD);
    const invited = await memberAt('head+2@patronato.example.it');
    const over = (id: string) => `/api/organisation/members/${id}/administration`;
    const early = await head.call('POST', over(invited.id), { role: 'sender' });
    expect([early.status, early.body.code]).toEqual([409, 'MEMBER_INACTIVE']);
    const { id } = await memberAt('anna@patronato.example.it');
    const own = await memberAt('head@patronato.example.it');
    const done = await head.call<MemberView>('POST', over(id), { role: 'sender' });
    expect(done.body).toMatchObject({ id, role: 'administrator' });
    expect((await head.call('GET', '/api/organisation/members')).status).toBe(403);
    const found = (await members(anna)).find((each) => each.id === own.id);
    expect(found?.role).toBe('sender');
    await anna.call('POST', over(own.id), { role: 'preparer' });
    expect((await memberAt('anna@patronato.example.it')).role).toBe('preparer');
    expect(audited()).toContain('member.handed-over');
  });

  it('see whose application is whose, and can look for their own', async () => {
    const anna = await world.person('anna@patronato.example.it', PASSWORD);
    const { body } = await anna.call<Application>('POST', '/api/applications', { model: 'A' });
    const list = async (query: string) =>
      (await anna.call<ApplicationsAnswer>('GET', `/api/applications${query}`)).body;
    const [all, own] = [await list(''), await list('?by=me')];
    expect([all.total, own.total]).toEqual([9, 1]);
    expect(own.applications).toMatchObject([{ id: body.id, preparedBy: 'Anna Bo' }]);
  });
});

describe('who may do what', () => {
  const ID = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
  const accounts = { base: ID, count: 1, role: 'reader' };
  const routes = [
    ['GET', '/api/organisation/members', undefined, 'manage'],
    ['PUT', `/api/organisation/members/${ID}`, { role: 'reader' }, 'manage'],
    ['POST', `/api/organisation/members/${ID}/administration`, { role: 'reader' }, 'manage'],
    ['POST', `/api/organisation/members/${ID}/link`, undefined, 'manage'],
    ['DELETE', `/api/organisation/members/${ID}`, undefined, 'manage'],
    ['GET', '/api/organisation/requests', undefined, 'manage'],
    ['POST', '/api/organisation/requests', accounts, 'manage'],
    ['GET', '/api/operator/requests', undefined, 'operator'],
    ['POST', `/api/operator/requests/${ID}/grant`, undefined, 'operator'],
    ['POST', `/api/operator/requests/${ID}/refusal`, { reason: 'no' }, 'operator'],
  ] as const;
  const callers: Record<string, Caller> = {};
  beforeAll(async () => {
    const theirs = organisationOf(world, 'Theirs');
    for (const role of ['administrator', 'sender', 'preparer', 'reader'] as const) {
      callers[role] = await memberOf(world, theirs, { email: `${role}@theirs.example.it`, role });
    }
    callers.private = await applicant(world, 'private@example.it');
    callers.operator = operator;
    callers.nobody = world.nobody;
  });

  it('knows every route of the room', async () => {
    const { body } = await world.nobody.call<{ paths: Record<string, Record<string, unknown>> }>(
      'GET',
      '/api/openapi.json',
    );
    const served = Object.entries(body.paths)
      .filter(([path]) => /^\/api\/(organisation\/|operator\/requests)/.test(path))
      // Those for whom a member or nobody yet is the caller: portal-membership.test.ts.
      .filter(([path]) => !/\/(invitations\/|membership$)/.test(path))
      .flatMap(([path, methods]) => Object.keys(methods).map((each) => `${each} ${path}`));
    const tried = routes.map(([method, path]) => `${method.toLowerCase()} ${path}`);
    expect(tried.map((each) => each.replace(ID, '{id}')).toSorted()).toEqual(served.toSorted());
  });

  it.each([
    ['administrator', 'yes', 'FORBIDDEN'],
    ['sender', 'ROLE_INSUFFICIENT', 'FORBIDDEN'],
    ['preparer', 'ROLE_INSUFFICIENT', 'FORBIDDEN'],
    ['reader', 'ROLE_INSUFFICIENT', 'FORBIDDEN'],
    ['private', 'NOT_FOUND', 'FORBIDDEN'],
    ['operator', 'FORBIDDEN', 'yes'],
    ['nobody', 'UNAUTHENTICATED', 'UNAUTHENTICATED'],
  ])('%s: members %s, queue %s', async (who, managing, operating) => {
    for (const [method, path, body, deed] of routes) {
      const answer = await callers[who]!.call(method, path, body);
      const expected = deed === 'manage' ? managing : operating;
      const nothingThere = path.includes(ID) ? 'NOT_FOUND' : 'BASE_ACCOUNT_GONE';
      const code = answer.status < 400 ? 'yes' : answer.body.code;
      const wanted = expected === 'yes' ? ['yes', nothingThere] : [expected];
      expect(wanted, `${who} ${method} ${path}: ${code}`).toContain(code);
    }
  });

  it('keeps the members of another organisation out of reach', async () => {
    const { id } = await memberAt('anna@patronato.example.it');
    const before = await memberAt('anna@patronato.example.it');
    const tries = [
      ['PUT', `/api/organisation/members/${id}`, { role: 'reader' }],
      ['POST', `/api/organisation/members/${id}/administration`, { role: 'reader' }],
      ['POST', `/api/organisation/members/${id}/link`, undefined],
    ] as const;
    for (const [method, path, body] of tries) {
      const answer = await callers.administrator!.call(method, path, body);
      expect([answer.status, answer.body.code]).toEqual([404, 'NOT_FOUND']);
    }
    const base = await ask(callers.administrator!, { base: id });
    expect(base.body).toMatchObject({ code: 'BASE_ACCOUNT_GONE' });
    expect(await memberAt('anna@patronato.example.it')).toEqual(before);
  });

  it('founds nothing as a member, nor as staff', async () => {
    const tries = [callers.reader!, operator, world.nobody].map((caller) =>
      caller.call('POST', '/api/organisation', WISH),
    );
    const codes = (await Promise.all(tries)).map((answer) => answer.body.code);
    expect(codes).toEqual(['MEMBER_ALREADY', 'FORBIDDEN', 'UNAUTHENTICATED']);
  });
});

describe('accounts that nobody opened', () => {
  it('stay with their organisation; private ones are dropped', () => {
    const { build, first } = world.database;
    putInto(world, 'private@example.it', { confirmed_at_us: null, created_at_us: 0 });
    putInto(world, 'head+2@patronato.example.it', { created_at_us: 0 });
    accountStore(world.database).sweep(START_US, START_US);
    const there = (email: string) =>
      first(build.selectFrom('accounts').select('id').where('email', '=', email)) !== undefined;
    expect(there('private@example.it')).toBe(false);
    expect(there('head+2@patronato.example.it')).toBe(true);
  });
});
