/** Joining an organisation with an account that is there, leaving it, being removed. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type {
  MembersAnswer,
  MemberView,
  OrganisationAnswer,
  RequestView,
} from '#protocol/organisations-api.ts';
import type { PassbookClaims } from '#protocol/passbook.ts';
import type { Application, ApplicationsAnswer } from '#protocol/portal-api.ts';
import {
  memberOf,
  operatorOf,
  organisationOf,
  putInto,
} from '#test/contract/organisation-world.ts';
import { applicant, type Caller, openWorld, type World } from '#test/contract/portal-world.ts';

const PERSON = 'persona@example.it';
const HEAD = 'head@ours.example.it';
const DAY_US = 24 * 3_600_000_000;

let world: World;
let head: Caller;
let second: Caller;
let foreign: Caller;
let operator: Caller;
let person: Caller;
let stranger: Caller;
let own: Application;
let nowUs: number;
beforeAll(async () => {
  world = await openWorld();
  nowUs = world.clock.nowUs();
  const ours = organisationOf(world, 'Ours');
  const theirs = organisationOf(world, 'Theirs');
  head = await memberOf(world, ours, { email: HEAD, role: 'administrator' });
  const another = { email: 'second@ours.example.it', role: 'preparer' } as const;
  second = await memberOf(world, ours, another);
  const other = { email: 'head@theirs.example.it', role: 'administrator' } as const;
  foreign = await memberOf(world, theirs, other);
  operator = await operatorOf(world);
  person = await applicant(world, PERSON);
  stranger = await applicant(world, 'stranger@example.it');
  own = (await person.call<Application>('POST', '/api/applications', { model: 'A' })).body;
});
afterAll(() => world.close());

const members = async (caller = head): Promise<MemberView[]> =>
  (await caller.call<MembersAnswer>('GET', '/api/organisation/members')).body.members;
const memberAt = async (email: string, caller = head) =>
  (await members(caller)).find((each) => each.email === email);
const organisation = async (caller: Caller) =>
  (await caller.call<OrganisationAnswer>('GET', '/api/organisation')).body;
const listed = async (caller: Caller, query = '') =>
  (await caller.call<ApplicationsAnswer>('GET', `/api/applications${query}`)).body.applications.map(
    ({ id }) => id,
  );
const actions = () => {
  const { build, all } = world.database;
  const rows = build.selectFrom('audit').select('action').where('action', 'like', 'member.%');
  return all(rows.orderBy('id')).map(({ action }) => action);
};

/** An administrator asks for an account of the person, an operator grants it. */
async function invited(email = PERSON, caller = head, role = 'preparer') {
  const [base] = await members(caller);
  const people = [{ email, givenName: 'Pia', familyName: 'Sona' }];
  const wish = { base: base!.id, count: 1, role, people };
  const { body } = await caller.call<RequestView>('POST', '/api/organisation/requests', wish);
  return operator.call<RequestView>('POST', `/api/operator/requests/${body.id}/grant`);
}

async function join(caller = person): Promise<void> {
  const [invitation] = (await organisation(caller)).invitations;
  const answer = await caller.call('POST', `/api/organisation/invitations/${invitation!.id}`);
  expect(answer.status).toBe(204);
}

describe('an invitation to an account that is there', () => {
  it('is mailed, looks like any to who asked, and is the account’s alone to answer', async () => {
    expect((await invited()).status).toBe(200);
    const letter = await world.letter(PERSON);
    expect([letter.includes('Ours ti invita'), letter.includes('setup?token')]).toEqual([
      true,
      false,
    ]);
    expect(await memberAt(PERSON)).toMatchObject({ givenName: 'Pia', state: 'invited' });
    const [invitation] = (await organisation(person)).invitations;
    expect(invitation).toMatchObject({ organisation: 'Ours', role: 'preparer' });
    const path = `/api/organisation/invitations/${invitation!.id}`;
    for (const caller of [stranger, head, second, foreign]) {
      expect((await organisation(caller)).invitations).toEqual([]);
      for (const method of ['POST', 'DELETE']) {
        expect((await caller.call(method, path)).body.code).toBe('NOT_FOUND');
      }
    }
    expect((await operator.call('POST', path)).body.code).toBe('FORBIDDEN');
    expect((await world.nobody.call('POST', path)).body.code).toBe('UNAUTHENTICATED');
    expect((await person.call('GET', '/api/organisation/members')).body.code).toBe('NOT_FOUND');
  });

  it('is made once, and not to members nor to staff', async () => {
    for (const email of [PERSON, HEAD, 'operator@clickday.example']) {
      const answer = await invited(email);
      expect([email, answer.status]).toEqual([email, 409]);
    }
    expect((await members()).filter(({ email }) => email === PERSON)).toHaveLength(1);
  });

  it('is sent again, given another role and withdrawn by an administrator alone', async () => {
    const { id } = (await memberAt(PERSON))!;
    const path = `/api/organisation/members/${id}`;
    expect((await head.call('POST', `${path}/link`)).body.code).toBe('REQUESTS_TOO_MANY');
    expect((await head.call('PUT', path, { active: false })).body.code).toBe('MEMBER_INACTIVE');
    const changed = await head.call<MemberView>('PUT', path, { role: 'reader' });
    expect(changed.body).toMatchObject({ role: 'reader', state: 'invited' });
    for (const [caller, code] of [
      [second, 'ROLE_INSUFFICIENT'],
      [foreign, 'NOT_FOUND'],
      [person, 'NOT_FOUND'],
    ] as const) {
      expect((await caller.call('DELETE', path)).body.code).toBe(code);
    }
    expect((await head.call('DELETE', path)).status).toBe(204);
    expect((await organisation(person)).invitations).toEqual([]);
    expect(await memberAt(PERSON)).toBeUndefined();
  });

  it('is declined, or runs out after thirty days', async () => {
    await invited();
    const [first] = (await organisation(person)).invitations;
    await person.call('DELETE', `/api/organisation/invitations/${first!.id}`);
    expect(await memberAt(PERSON)).toBeUndefined();
    await invited();
    const path = `/api/organisation/invitations/${(await organisation(person)).invitations[0]!.id}`;
    const { build, run } = world.database;
    run(build.updateTable('organisation_invitations').set({ expires_at_us: nowUs }));
    expect((await organisation(person)).invitations).toEqual([]);
    expect((await person.call('POST', path)).body.code).toBe('NOT_FOUND');
    expect(await memberAt(PERSON)).toBeUndefined();
  });

  it('lasts thirty days', async () => {
    await invited();
    const [invitation] = (await organisation(person)).invitations;
    const us = Date.parse(invitation!.expiresAt) * 1000;
    expect(us - nowUs).toBeLessThanOrEqual(30 * DAY_US);
    expect(us - nowUs).toBeGreaterThan(29 * DAY_US);
  });
});

describe('a member who came with an account of their own', () => {
  it('reaches the organisation’s by role, and their own as before', async () => {
    await join();
    expect(await world.letter(HEAD)).toContain(PERSON);
    const shared = await second.call<Application>('POST', '/api/applications', { model: 'A' });
    expect(await listed(person)).toEqual([shared.body.id]);
    expect(await listed(person, '?by=private')).toEqual([own.id]);
    expect(await listed(person, '?by=private&sort=name')).toEqual([own.id]);
    const copied = await person.call<Application>('POST', `/api/applications/${own.id}/copy`, {
      what: 'all',
    });
    expect(await listed(person, '?by=private')).toEqual([copied.body.id, own.id]);
    await person.call('DELETE', `/api/applications/${copied.body.id}`);
    for (const caller of [head, second, foreign, stranger]) {
      expect((await caller.call('GET', `/api/applications/${own.id}`)).status).toBe(404);
      expect(await listed(caller, '?by=private')).toEqual([]);
    }
  });

  it('keeps what they may do with their own when they only read the organisation’s', async () => {
    putInto(world, PERSON, { member_role: 'reader' });
    const saving = { values: { workerName: 'Ada' }, version: 0 };
    const mine = await person.call('PUT', `/api/applications/${own.id}/pages/2`, saving);
    const [shared] = await listed(person);
    const ours = await person.call('PUT', `/api/applications/${shared}/pages/2`, saving);
    putInto(world, PERSON, { member_role: 'preparer' });
    expect([mine.status, ours.body.code]).toEqual([200, 'ROLE_INSUFFICIENT']);
  });

  it('gets passbooks of their own beside the organisation’s, whatever the role', async () => {
    const { build, run, first } = world.database;
    const accounts = build.selectFrom('accounts').select(['id', 'organisation']);
    const { id, organisation: ours } = first(accounts.where('email', '=', PERSON))!;
    const [line] = await world.fixture({ accounts: 1, applications: 2 });
    const [mine, shared] = line!.applications;
    const given = (application: string, to: string | null) =>
      build
        .updateTable('applications')
        .set({ account: id, organisation: to })
        .where('id', '=', application);
    run(given(mine!, null));
    run(given(shared!, ours));
    const named = async () => {
      const { body } = await person.call<string[]>('POST', '/api/passbooks');
      return body.map((token) => {
        const claims = JSON.parse(
          Buffer.from(token.split('.')[1]!, 'base64url').toString(),
        ) as PassbookClaims;
        return [claims.org ?? null, claims.applications.map((each) => each.id)];
      });
    };
    expect(await named()).toEqual([[null, [mine]]]);
    putInto(world, PERSON, { member_role: 'sender' });
    expect(await named()).toEqual([
      [ours, [shared]],
      [null, [mine]],
    ]);
    putInto(world, PERSON, { member_role: 'preparer' });
    run(build.deleteFrom('applications').where('id', 'in', [mine!, shared!]));
  });

  it('is bound to five private applications, and to none of the organisation’s', async () => {
    putInto(world, PERSON, { applications_max: 1 });
    const begun = await person.call<Application>('POST', '/api/applications', { model: 'A' });
    const copy = await person.call('POST', `/api/applications/${own.id}/copy`, { what: 'all' });
    expect([begun.status, copy.body.code]).toEqual([201, 'APPLICATIONS_LIMIT']);
    putInto(world, PERSON, { applications_max: null });
    await person.call('DELETE', `/api/applications/${begun.body.id}`);
  });

  it('cannot be locked out of their own account', async () => {
    const { id, isTheirOwn } = (await memberAt(PERSON))!;
    const off = await head.call('PUT', `/api/organisation/members/${id}`, { active: false });
    expect([isTheirOwn, off.body.code]).toEqual([true, 'MEMBER_ACCOUNT_OWN']);
    expect((await person.call('GET', '/api/session')).status).toBe(200);
  });

  it('cannot join a second organisation', async () => {
    await invited(PERSON, foreign);
    const [invitation] = (await organisation(person)).invitations;
    const path = `/api/organisation/invitations/${invitation!.id}`;
    expect((await person.call('POST', path)).body.code).toBe('MEMBER_ALREADY');
    await person.call('DELETE', path);
  });
});

describe('who goes', () => {
  it('leaves what they prepared, and is a private person with the bound of one', async () => {
    const { body } = await person.call<Application>('POST', '/api/applications', { model: 'A' });
    expect((await person.call('DELETE', '/api/organisation/membership')).status).toBe(204);
    expect(await world.letter(HEAD)).toContain('ha lasciato Ours');
    expect((await person.call('GET', `/api/applications/${body.id}`)).status).toBe(404);
    expect(await listed(person)).toEqual([own.id]);
    expect(await listed(head)).toContain(body.id);
    const { build, first } = world.database;
    const max = build.selectFrom('accounts').select('applications_max');
    expect(first(max.where('email', '=', PERSON))).toEqual({ applications_max: 5 });
    expect((await person.call('DELETE', '/api/organisation/membership')).body.code).toBe(
      'NOT_FOUND',
    );
  });

  it('is removed by an administrator of theirs, and told so by mail', async () => {
    await invited();
    await join();
    const path = `/api/organisation/members/${(await memberAt(PERSON))!.id}`;
    for (const [caller, code] of [
      [second, 'ROLE_INSUFFICIENT'],
      [foreign, 'NOT_FOUND'],
      [stranger, 'NOT_FOUND'],
      [operator, 'FORBIDDEN'],
      [world.nobody, 'UNAUTHENTICATED'],
    ] as const) {
      expect((await caller.call('DELETE', path)).body.code).toBe(code);
    }
    expect((await head.call('DELETE', path)).status).toBe(204);
    expect(await world.letter(PERSON)).toContain('ti ha tolto da Ours');
    expect(await listed(person)).toEqual([own.id]);
    expect((await head.call('DELETE', path)).body.code).toBe('NOT_FOUND');
  });

  it('is not the last administrator', async () => {
    const { id } = (await memberAt(HEAD))!;
    for (const path of ['/api/organisation/membership', `/api/organisation/members/${id}`]) {
      const answer = await head.call('DELETE', path);
      expect([answer.status, answer.body.code]).toEqual([409, 'LAST_ADMINISTRATOR']);
    }
    expect(await members()).toHaveLength(2);
  });

  it('takes the account along that nobody has opened', async () => {
    await invited('new@example.it');
    const { id } = (await memberAt('new@example.it'))!;
    expect((await head.call('DELETE', `/api/organisation/members/${id}`)).status).toBe(204);
    const { build, first } = world.database;
    expect(first(build.selectFrom('accounts').select('id').where('id', '=', id))).toBeUndefined();
  });

  it('stands in the audit with every step before', () => {
    expect(new Set(actions())).toEqual(
      new Set([
        ...['member.role', 'member.invitation-withdrawn', 'member.declined', 'member.joined'],
        ...['member.left', 'member.removed'],
      ]),
    );
  });
});
