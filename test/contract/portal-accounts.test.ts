/** Registration, confirmation, login, passwords, sessions: against a real portal over HTTP. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '#engine/foundation/random.ts';
import { createStaffAccount, hasAdministrator } from '#engine/portal/index.ts';
import type { Account, SessionAnswer } from '#protocol/portal-api.ts';
import {
  applicant,
  type Caller,
  callerAt,
  HOUR_US,
  openWorld,
  registered,
  registrationOf,
  type World,
} from '#test/contract/portal-world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const register = (email: string, more: object = {}) =>
  world.nobody.call<Record<string, unknown>>('POST', '/api/registrations', {
    ...registrationOf(email),
    ...more,
  });
const fieldsOf = (answer: { body: { errors?: { field: string; code: string }[] } }) =>
  answer.body.errors?.map(({ field, code }) => `${field} ${code}`);

describe('registering', () => {
  it('leads by mail to an account whose one-time password must be changed', async () => {
    const oneTime = await registered(world, 'maria@example.it');
    const caller = await world.person('maria@example.it', oneTime);
    const session = await caller.call<SessionAnswer>('GET', '/api/session');
    expect(session.body.account).toMatchObject({
      email: 'maria@example.it',
      familyName: 'Rossi',
      role: 'applicant',
      mustChangePassword: true,
    });
    const early = await caller.call('GET', '/api/applications');
    expect([early.status, early.body.code]).toEqual([403, 'PASSWORD_CHANGE_REQUIRED']);
    const next = 'la mia parola segreta';
    const change = { current: oneTime, next };
    expect((await caller.call('POST', '/api/account/password', change)).status).toBe(204);
    expect((await caller.call('GET', '/api/applications')).status).toBe(200);
    await expect(world.person('maria@example.it', oneTime)).rejects.toThrow('refused');
    await expect(world.person('MARIA@example.it ', next)).resolves.toBeDefined();
  });

  it('says the same for a known and an unknown address and writes to the known one', async () => {
    await applicant(world, 'known@example.it');
    const [known, unknown] = [await register('known@example.it'), await register('new@example.it')];
    expect(known.status).toBe(202);
    expect(known.body).toEqual(unknown.body);
    expect(await world.letter('known@example.it')).toContain('esiste già un account');
    expect(await world.letter('new@example.it')).toContain('Password monouso');
  });

  it('writes in English to who chose English, with a link to the public address', async () => {
    await register('mary@example.com', { language: 'en' });
    const letter = await world.letter('mary@example.com');
    expect(letter).toContain('One-time password: ');
    expect(letter).toContain(`${world.address}/confirm?token=`);
  });

  it('names every wrong field at once, in both languages', async () => {
    const answer = await world.nobody.call('POST', '/api/registrations', {
      ...registrationOf('maria@'),
      givenName: '<b>',
      codiceFiscale: 'RSSMRA85T50A562X',
      privacyAccepted: false,
    });
    expect([answer.status, answer.body.code]).toEqual([422, 'REQUEST_INVALID']);
    expect(fieldsOf(answer)).toEqual([
      'email EMAIL_INVALID',
      'givenName NAME_INVALID',
      'codiceFiscale CODICE_FISCALE_INVALID',
      'privacyAccepted PRIVACY_REQUIRED',
    ]);
    expect(answer.body.errors?.[0]?.messages.en).toContain('valid mail address');
  });

  it('refuses a codice fiscale that does not agree with the names', async () => {
    const body = { ...registrationOf('luca@example.it'), givenName: 'Luca' };
    const answer = await world.nobody.call('POST', '/api/registrations', body);
    expect(fieldsOf(answer)).toEqual(['codiceFiscale CODICE_FISCALE_MISMATCH']);
  });

  it('sends new credentials when it is repeated before confirming; the old link is spent', async () => {
    await register('twice@example.it');
    const first = /token=([\w-]+)/.exec(await world.letter('twice@example.it'))?.[1];
    await register('twice@example.it');
    const answer = await world.nobody.call('POST', '/api/registrations/confirm', { token: first });
    expect([answer.status, answer.body.code]).toEqual([410, 'TOKEN_INVALID']);
  });

  it('confirms once, and not after three days', async () => {
    await register('slow@example.it');
    const token = /token=([\w-]+)/.exec(await world.letter('slow@example.it'))?.[1];
    const confirm = () => world.nobody.call('POST', '/api/registrations/confirm', { token });
    world.clock.advance(73 * HOUR_US);
    expect((await confirm()).status).toBe(410);
    world.clock.advance(-73 * HOUR_US);
    expect((await confirm()).status).toBe(200);
    expect((await confirm()).status).toBe(410);
  });
});

describe('logging in', () => {
  it('says the same for an unknown address, a wrong password and an unconfirmed account', async () => {
    await applicant(world, 'login@example.it');
    await register('waiting@example.it');
    const oneTime = /monouso: (\S+)/.exec(await world.letter('waiting@example.it'))?.[1];
    const attempts = [
      { email: 'nobody@example.it', password: 'la mia parola segreta' },
      { email: 'login@example.it', password: 'un’altra parola' },
      { email: 'waiting@example.it', password: oneTime },
      { email: 'not an address', password: 'x' },
    ];
    for (const attempt of attempts) {
      const answer = await world.nobody.call('POST', '/api/session', attempt);
      expect([answer.status, answer.body.code]).toEqual([401, 'CREDENTIALS_WRONG']);
    }
  });

  it('gives a cookie that scripts cannot read, and a token only when asked', async () => {
    await applicant(world, 'cookie@example.it');
    const credentials = { email: 'cookie@example.it', password: 'la mia parola segreta' };
    const answer = await world.nobody.call<SessionAnswer>('POST', '/api/session', credentials);
    const cookie = answer.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(
      /^clickday=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Lax, clickday-device=/,
    );
    expect(answer.body.token).toBeUndefined();
    const bearer = await world.bearer(credentials.email, credentials.password);
    expect((await bearer.call('GET', '/api/session')).status).toBe(200);
  });

  it('does not take a bearer token as a cookie', async () => {
    await applicant(world, 'kinds@example.it');
    const credentials = { email: 'kinds@example.it', password: 'la mia parola segreta' };
    const body = { ...credentials, kind: 'bearer' };
    const { body: opened } = await world.nobody.call<SessionAnswer>('POST', '/api/session', body);
    const asCookie = callerAt(world.address, { cookie: `clickday=${opened.token}` });
    expect((await asCookie.call('GET', '/api/session')).status).toBe(401);
  });

  it('ends with logging out, with time, and elsewhere when the password changes', async () => {
    const [one, email] = [await applicant(world, 'ends@example.it'), 'ends@example.it'];
    const other = await world.bearer(email, 'la mia parola segreta');
    const change = { current: 'la mia parola segreta', next: 'una parola diversa' };
    expect((await one.call('POST', '/api/account/password', change)).status).toBe(204);
    expect((await other.call('GET', '/api/session')).status).toBe(401);
    expect((await one.call('GET', '/api/session')).status).toBe(200);
    expect((await one.call('DELETE', '/api/session')).status).toBe(204);
    expect((await one.call('GET', '/api/session')).status).toBe(401);
    const later = await world.person(email, 'una parola diversa');
    world.clock.advance(12 * HOUR_US);
    expect((await later.call('GET', '/api/session')).status).toBe(401);
    world.clock.advance(-12 * HOUR_US);
  });

  it('refuses passwords that are short, the old one, the address, or wrong', async () => {
    const caller = await applicant(world, 'weakpassword@example.it');
    const current = 'la mia parola segreta';
    const change = (body: object) => caller.call('POST', '/api/account/password', body);
    for (const next of ['corta', current, 'weakpassword@example.it', 'aaaaaaaaaaaaaaaa']) {
      expect((await change({ current, next })).body.code).toBe('PASSWORD_WEAK');
    }
    const wrong = await change({ current: 'sbagliata', next: 'una parola diversa' });
    expect([wrong.status, wrong.body.code]).toEqual([422, 'PASSWORD_WRONG']);
  });
});

describe('requests from another site', () => {
  const cases = [
    ['sec-fetch-site', 'cross-site', 403],
    ['sec-fetch-site', 'same-site', 403],
    ['sec-fetch-site', 'same-origin', 200],
    ['origin', 'https://evil.example', 403],
    ['origin', 'null', 403],
    ['origin', 'own', 200],
  ] as const;
  it.each(cases)('with %s %s are answered %i', async (header, value, status) => {
    const caller = await sharedApplicant();
    const headers = { [header]: value === 'own' ? world.address : value };
    const answer = await caller.call('POST', '/api/passbooks', undefined, headers);
    expect(answer.status).toBe(status);
    if (status === 403) expect(answer.body.code).toBe('CROSS_SITE');
  });

  it('may not log anybody in either, but reading and bearer tokens are free', async () => {
    await sharedApplicant();
    const evil = { origin: 'https://evil.example' };
    const credentials = { email: 'shared@example.it', password: 'la mia parola segreta' };
    const login = await world.nobody.call('POST', '/api/session', credentials, evil);
    expect(login.body.code).toBe('CROSS_SITE');
    const bearer = await world.bearer(credentials.email, credentials.password);
    expect((await bearer.call('POST', '/api/passbooks', undefined, evil)).status).toBe(200);
    expect((await bearer.call('GET', '/api/click-days', undefined, evil)).status).toBe(200);
  });

  let shared: Promise<Caller> | undefined;
  function sharedApplicant(): Promise<Caller> {
    shared ??= applicant(world, 'shared@example.it');
    return shared;
  }
});

describe('staff', () => {
  const staffLink = (email: string, role: 'admin' | 'office') => {
    const { clock, database, address } = world;
    const parts = { database, clock, random: seededRandom(email, clock), publicUrl: address };
    const request = { email, role, ...(role === 'office' ? { office: 'RM' } : {}) };
    const { link } = createStaffAccount(parts, request);
    return new URL(link).searchParams.get('token') ?? '';
  };

  it('sets its password with a link that works once', async () => {
    const token = staffLink('sui.roma@example.it', 'office');
    const password = 'una parola lunga';
    const setUp = () => world.nobody.call('POST', '/api/setup', { token, password });
    expect((await setUp()).status).toBe(200);
    expect((await setUp()).body.code).toBe('TOKEN_INVALID');
    const caller = await world.person('sui.roma@example.it', password);
    const { body } = await caller.call<{ account: Account }>('GET', '/api/session');
    expect(body.account).toMatchObject({ role: 'office', office: 'RM', mustChangePassword: false });
  });

  it('gets a new link as long as the first was not used, and no weak password', async () => {
    const first = staffLink('capo@example.it', 'admin');
    const second = staffLink('capo@example.it', 'admin');
    const setUp = (token: string, password: string) =>
      world.nobody.call('POST', '/api/setup', { token, password });
    expect(hasAdministrator(world.database)).toBe(false);
    expect((await setUp(first, 'una parola lunga')).body.code).toBe('TOKEN_INVALID');
    expect((await setUp(second, 'corta')).body.code).toBe('PASSWORD_WEAK');
    expect((await setUp(second, 'una parola lunga')).status).toBe(200);
    expect(hasAdministrator(world.database)).toBe(true);
    expect(() => staffLink('capo@example.it', 'admin')).toThrow('FORBIDDEN');
  });

  it('may have an address of this machine, and no nonsense', () => {
    expect(staffLink('admin@localhost', 'admin')).toHaveLength(43);
    expect(() => staffLink('admin', 'admin')).toThrow('EMAIL_INVALID');
    expect(() => staffLink('a b@localhost', 'admin')).toThrow('EMAIL_INVALID');
  });

  it('cannot be had by registering its address', async () => {
    staffLink('staff@example.it', 'admin');
    expect((await register('staff@example.it')).status).toBe(202);
    expect(await world.letter('staff@example.it')).toBe('');
  });
});
