/** Logging in through a provider: a real portal, a real provider, a browser of cookies. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { OpenIdLink, OpenIdOutcome } from '#protocol/openid-api.ts';
import type { Problem } from '#protocol/portal-api.ts';
import {
  applicant,
  callerAt,
  HOUR_US,
  openWorld,
  registrationOf,
  START_US,
  type World,
} from '#test/contract/portal-world.ts';
import { openIdBrowser } from '#test/support/openid-browser.ts';
import type { OpenIdStage } from '#test/support/openid-provider.ts';
import {
  back,
  codeOf,
  filled,
  type OpenIdWorld,
  openIdWorld,
  PORTAL,
  person,
} from '#test/support/openid-world.ts';

let all: OpenIdWorld;
let world: World;
let stage: OpenIdStage;
const browser = () => all.browser();
beforeAll(async () => {
  all = await openIdWorld();
  ({ world, stage } = all);
});
afterAll(() => all.close());
beforeEach(() => {
  stage.state = 'well';
});

describe('the first log-in', () => {
  it('offers a registration with what the provider vouches for, and makes a confirmed account', async () => {
    stage.person = person('maria');
    const by = browser();
    const arrived = await by.logIn<OpenIdOutcome>({ next: '/applications/new' });
    expect(arrived.body).toEqual({
      status: 'account-needed',
      next: '/applications/new',
      profile: {
        email: 'maria@example.it',
        givenName: 'Maria',
        familyName: 'Rossi',
        codiceFiscale: 'RSSMRA85T50A562W',
      },
    });
    expect((await by.call<Problem>('GET', '/api/session')).status).toBe(401);
    const unread = { ...filled, privacyAccepted: false };
    const refused = await by.call<Problem>('POST', '/api/openid/accounts', unread);
    expect(refused.body.errors?.map(({ code }) => code)).toEqual(['PRIVACY_REQUIRED']);
    const forged = { ...filled, codiceFiscale: 'VRDLGU80A01H501Q' };
    const made = await by.call<OpenIdOutcome>('POST', '/api/openid/accounts', forged);
    expect(made.body).toMatchObject({
      status: 'logged-in',
      next: '/applications/new',
      account: { email: 'maria@example.it', mustChangePassword: false, role: 'applicant' },
    });
    expect((await by.call('GET', '/api/applications')).status).toBe(200);
    const { build } = world.database;
    const row = world.database.first(
      build.selectFrom('accounts').selectAll().where('email', '=', 'maria@example.it'),
    );
    expect([row?.codice_fiscale, row?.password_hash]).toEqual(['RSSMRA85T50A562W', null]);
    await expect(world.person('maria@example.it', '')).rejects.toThrow();
  });

  it('makes no account of an address that the provider has not verified', async () => {
    for (const doubt of [
      { email_verified: false },
      { email_verified: undefined },
      { email: 'x' },
    ]) {
      stage.person = person('doubt', doubt);
      const by = browser();
      expect(codeOf(await by.logIn<Problem>())).toEqual([403, 'OPENID_EMAIL_UNVERIFIED']);
      const made = await by.call<Problem>('POST', '/api/openid/accounts', filled);
      expect(codeOf(made)).toEqual([410, 'OPENID_INVALID']);
    }
  });

  it('takes over a registration of its address that nobody confirmed, without its password', async () => {
    await world.nobody.call('POST', '/api/registrations', registrationOf('early@example.it'));
    const letter = await world.letter('early@example.it');
    const by = await all.registered('early');
    const token = /token=([\w-]+)/.exec(letter)?.[1];
    const confirm = await world.nobody.call('POST', '/api/registrations/confirm', { token });
    expect(codeOf(confirm)).toEqual([410, 'TOKEN_INVALID']);
    const oneTime = /Password monouso: (\S+)/.exec(letter)?.[1] ?? '';
    await expect(world.person('early@example.it', oneTime)).rejects.toThrow('401');
    expect((await by.call('GET', '/api/applications')).status).toBe(200);
  });

  it('leaves an account alone that was deactivated, or given to the address', async () => {
    const by = await all.registered('zoe');
    const { build, run } = world.database;
    const zoe = build.updateTable('accounts').where('email', '=', 'zoe@example.it');
    run(zoe.set({ deactivated_at_us: START_US }));
    expect(codeOf(await browser().logIn<Problem>())).toEqual([403, 'FORBIDDEN']);
    expect((await by.call('GET', '/api/session')).status).toBe(401);
    await world.nobody.call('POST', '/api/registrations', registrationOf('yara@example.it'));
    const yara = build.updateTable('accounts').where('email', '=', 'yara@example.it');
    const organisation = { id: 'o1', name: 'ACLI', kind: 'association', tax_code: '80053230589' };
    run(build.insertInto('organisations').values({ ...organisation, created_at_us: START_US }));
    run(yara.set({ organisation: 'o1', member_role: 'sender' }));
    stage.person = person('yara');
    const other = browser();
    expect((await other.logIn<OpenIdOutcome>()).body.status).toBe('log-in-needed');
    const made = await other.call<Problem>('POST', '/api/openid/accounts', filled);
    expect(codeOf(made)).toEqual([409, 'OPENID_ACCOUNT_EXISTS']);
  });

  it('can be finished only by the browser that came back, once', async () => {
    stage.person = person('once');
    const [mine, other] = [browser(), browser()];
    await mine.logIn();
    const stolen = await other.call<Problem>('POST', '/api/openid/accounts', filled);
    expect(codeOf(stolen)).toEqual([410, 'OPENID_INVALID']);
    const ticket = mine.cookies.get('clickday-openid') ?? '';
    expect((await mine.call('POST', '/api/openid/accounts', filled)).status).toBe(200);
    mine.cookies.set('clickday-openid', ticket);
    const again = await mine.call<Problem>('POST', '/api/openid/accounts', filled);
    expect(codeOf(again)).toEqual([410, 'OPENID_INVALID']);
  });
});

describe('an answer', () => {
  it('counts once', async () => {
    await all.registered('nora');
    const by = browser();
    const query = await by.goAndReturn();
    const ticket = by.cookies.get('clickday-openid') ?? '';
    expect((await back(by, query)).status).toBe(200);
    const asked = stage.requests.length;
    by.cookies.set('clickday-openid', ticket);
    expect(codeOf(await back(by, query))).toEqual([410, 'OPENID_INVALID']);
    expect(stage.requests.length).toBe(asked);
  });

  it('counts in the browser that began, within a quarter of an hour', async () => {
    await all.registered('olga');
    const [by, other] = [browser(), browser()];
    const query = await by.goAndReturn();
    expect(codeOf(await back(other, query))).toEqual([410, 'OPENID_INVALID']);
    await other.goAndReturn();
    expect(codeOf(await back(other, query))).toEqual([410, 'OPENID_INVALID']);
    world.clock.advance(HOUR_US / 4);
    expect(codeOf(await back(by, query))).toEqual([410, 'OPENID_INVALID']);
  });

  it.each([
    ['state', (url: URL) => url.searchParams.set('state', 'x'.repeat(43))],
    ['nonce', (url: URL) => url.searchParams.set('nonce', 'x'.repeat(43))],
    ['PKCE challenge', (url: URL) => url.searchParams.set('code_challenge', 'x'.repeat(43))],
  ])('to another %s than was sent is refused', async (_, change) => {
    stage.person = person('nora');
    const by = browser();
    const query = await by.goAndReturn({}, change);
    expect(codeOf(await back(by, query))).toEqual([410, 'OPENID_INVALID']);
    expect(by.cookies.has('clickday')).toBe(false);
  });

  it.each([
    ['another issuer', (query: URLSearchParams) => query.set('iss', 'http://127.0.0.1:1')],
    ['another code', (query: URLSearchParams) => query.set('code', 'x'.repeat(43))],
    ['no code', (query: URLSearchParams) => query.delete('code')],
    ['two states', (query: URLSearchParams) => query.append('state', 'x')],
  ])('with %s is refused', async (_, change) => {
    stage.person = person('nora');
    const by = browser();
    const query = new URLSearchParams(await by.goAndReturn());
    change(query);
    expect(codeOf(await back(by, `?${query}`))).toEqual([410, 'OPENID_INVALID']);
  });

  it('with a ticket that was altered, or none, is refused', async () => {
    stage.person = person('nora');
    const by = browser();
    const query = await by.goAndReturn();
    const ticket = by.cookies.get('clickday-openid') ?? '';
    const altered = `${ticket.slice(0, 40)}${ticket[40] === 'A' ? 'B' : 'A'}${ticket.slice(41)}`;
    for (const text of [altered, ticket.slice(0, -4), '', 'x', 'A'.repeat(5000)]) {
      by.cookies.set('clickday-openid', text);
      expect(codeOf(await back(by, query))).toEqual([410, 'OPENID_INVALID']);
    }
    by.cookies.set('clickday-openid', ticket);
    expect((await back(by, query)).status).toBe(200);
  });

  it('that the person broke off says so', async () => {
    stage.person = null;
    expect(codeOf(await browser().logIn<Problem>())).toEqual([403, 'OPENID_REFUSED']);
  });

  it('leads to the portal’s own pages only, and from its own pages only', async () => {
    const by = browser();
    for (const next of ['//elsewhere.example', '/\\elsewhere.example', 'https://x.example']) {
      const wish = { intent: 'log-in', next };
      expect((await by.call('POST', '/api/openid/attempts', wish)).status).toBe(422);
    }
    const foreign = { 'sec-fetch-site': 'cross-site' };
    for (const path of ['attempts', 'return', 'accounts', 'leave']) {
      const caller = callerAt(world.address, foreign);
      expect((await caller.call('POST', `/api/openid/${path}`, {})).body.code).toBe('CROSS_SITE');
    }
  });
});

describe('the provider', () => {
  it('that is down is named so, is left alone for 5 s, and passwords go on', async () => {
    const caller = await all.withPassword('pia@example.it');
    world.clock.advance(2 * HOUR_US);
    const fresh = await openWorld({ publicUrl: PORTAL, openId: stage.config });
    stage.state = 'down';
    const by = openIdBrowser(fresh.address, PORTAL);
    const begin = () => by.call<Problem>('POST', '/api/openid/attempts', { intent: 'log-in' });
    const asked = stage.requests.length;
    expect(codeOf(await begin())).toEqual([503, 'OPENID_UNAVAILABLE']);
    expect(codeOf(await begin())).toEqual([503, 'OPENID_UNAVAILABLE']);
    expect(stage.requests.length - asked).toBe(1);
    stage.state = 'well';
    fresh.clock.advance(5_000_000);
    expect((await begin()).status).toBe(200);
    await fresh.close();
    expect((await caller.call('GET', '/api/applications')).status).toBe(200);
  });

  it.each(['down', 'broken'] as const)(
    'that is %s on the way back can be asked again',
    async (state) => {
      await all.registered(`rita-${state}`);
      const by = browser();
      const query = await by.goAndReturn();
      stage.state = state;
      expect(codeOf(await back(by, query))).toEqual([503, 'OPENID_UNAVAILABLE']);
      stage.state = 'well';
      expect((await back(by, query)).body.status).toBe('logged-in');
    },
  );

  it('that signs with a key it does not publish is not believed', async () => {
    const fresh = await openWorld({ publicUrl: PORTAL, openId: stage.config });
    stage.person = person('nora');
    stage.state = 'foreign-key';
    const by = openIdBrowser(fresh.address, PORTAL);
    expect(codeOf(await by.logIn<Problem>())).toEqual([410, 'OPENID_INVALID']);
    await fresh.close();
  });

  it('leaves no secret, code, token or name in the log, whatever went wrong', async () => {
    stage.person = person('nora');
    const by = browser();
    const query = new URLSearchParams(await by.goAndReturn());
    const code = query.get('code') ?? '';
    query.set('state', 'wrong');
    await back(by, `?${query}`);
    const nonce = 'x'.repeat(43);
    await back(by, await by.goAndReturn({}, (url) => url.searchParams.set('nonce', nonce)));
    const text = all.logged.join('');
    expect(text.split('the OpenID provider gave no identity').length).toBeGreaterThan(2);
    const secrets = [stage.config.clientSecret ?? '', code, nonce, 'eyJ', 'spid-nora', 'nora@'];
    for (const secret of secrets) expect(text).not.toContain(secret);
  });
});

describe('a session through the provider', () => {
  it('lasts over a click day that opens within two days, and no longer than that', async () => {
    const by = await all.registered('sara');
    expect(by.cookies.has('clickday')).toBe(true);
    const status = async () => (await by.call('GET', '/api/session')).status;
    const nowUs = world.clock.nowUs();
    world.clock.advance(13 * HOUR_US);
    expect(await status()).toBe(401);
    const admin = await world.administrator();
    const at = (hours: number) => new Date((nowUs + hours * HOUR_US) / 1000).toISOString();
    const times = { opensAt: at(30), closesAt: at(40) };
    const day = { id: '2011-01-31', name: { it: 'Prova', en: 'Test' }, rules: [{}], ...times };
    expect((await admin.call('POST', '/api/admin/click-days', day)).status).toBe(201);
    await by.logIn();
    world.clock.advance(26.5 * HOUR_US);
    expect(await status()).toBe(200);
    world.clock.advance(HOUR_US);
    expect(await status()).toBe(401);
    world.clock.advance(START_US - world.clock.nowUs());
  });

  it('ends here at once, and says where to end it at the provider', async () => {
    const by = await all.registered('tea');
    const left = await by.call<{ url: string }>('POST', '/api/openid/leave');
    const url = new URL(left.body.url);
    expect(url.origin + url.pathname).toBe(`${stage.issuer}/session/end`);
    expect(url.searchParams.get('post_logout_redirect_uri')).toBe(`${PORTAL}/`);
    expect(url.searchParams.get('id_token_hint')).toMatch(/^eyJ/);
    expect((await fetch(url, { redirect: 'manual' })).status).toBe(200);
    expect((await by.call('GET', '/api/session')).status).toBe(401);
    const caller = await all.withPassword('ugo@example.it');
    const own = await caller.call('POST', '/api/openid/leave');
    expect([own.status, own.body]).toEqual([200, { url: null }]);
    expect((await caller.call('GET', '/api/session')).status).toBe(401);
  });
});

describe('without a provider', () => {
  it('there is no button and no way in', async () => {
    const plain = await openWorld();
    const offer = await plain.nobody.call('GET', '/api/openid');
    expect(offer.body).toEqual({ label: null });
    const begin = await plain.nobody.call('POST', '/api/openid/attempts', { intent: 'log-in' });
    expect(codeOf(begin)).toEqual([404, 'OPENID_OFF']);
    const query = { query: '?code=x&state=y' };
    expect((await plain.nobody.call('POST', '/api/openid/return', query)).status).toBe(404);
    const caller = await applicant(plain, 'vera@example.it');
    const link = await caller.call<OpenIdLink>('GET', '/api/account/openid');
    expect(link.body).toMatchObject({ label: null, linkedAt: null });
    expect((await caller.call('POST', '/api/openid/leave')).status).toBe(200);
    expect((await caller.call('GET', '/api/session')).status).toBe(401);
    await plain.close();
  });
});
