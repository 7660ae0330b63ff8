/** Identities and accounts: what links them, and that nothing a provider says joins them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenIdLink, OpenIdOutcome } from '#protocol/openid-api.ts';
import type { Problem } from '#protocol/portal-api.ts';
import { applicant, type World } from '#test/contract/portal-world.ts';
import type { OpenIdBrowser } from '#test/support/openid-browser.ts';
import type { OpenIdStage } from '#test/support/openid-provider.ts';
import {
  back,
  codeOf,
  filled,
  type OpenIdWorld,
  openIdWorld,
  person,
  SPID,
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

describe('an address that has an account', () => {
  it('is not entered by the provider’s word; its own session links, then issuer and subject do', async () => {
    await applicant(world, 'anna@example.it');
    stage.person = person('anna');
    const by = browser();
    const arrived = await by.logIn<OpenIdOutcome>();
    expect(arrived.body).toEqual({
      status: 'log-in-needed',
      next: null,
      profile: { email: 'anna@example.it', givenName: '', familyName: '', codiceFiscale: '' },
    });
    expect(by.cookies.has('clickday')).toBe(false);
    const made = await by.call<Problem>('POST', '/api/openid/accounts', filled);
    expect(codeOf(made)).toEqual([409, 'OPENID_ACCOUNT_EXISTS']);
    expect((await by.call('PUT', '/api/account/openid')).status).toBe(401);
    const credentials = { email: 'anna@example.it', password: 'la mia parola segreta' };
    await by.call('POST', '/api/session', credentials);
    const linked = await by.call<OpenIdOutcome>('PUT', '/api/account/openid');
    expect([linked.status, linked.body.status]).toEqual([200, 'linked']);
    expect(await world.letter('anna@example.it')).toContain('Entra con SPID di prova');
    stage.person = person('anna', { email: 'new@example.it', email_verified: false });
    const later = await browser().logIn<OpenIdOutcome>();
    expect(later.body).toMatchObject({
      status: 'logged-in',
      account: { email: 'anna@example.it' },
    });
  });

  it('is not linked to by the session of another account', async () => {
    await applicant(world, 'carla@example.it');
    const by = await all.withPassword('dora@example.it');
    stage.person = person('carla');
    await by.logIn();
    expect(codeOf(await by.call<Problem>('PUT', '/api/account/openid'))).toEqual([
      410,
      'OPENID_INVALID',
    ]);
  });

  it('of staff is entered with its password alone', async () => {
    await world.administrator();
    stage.person = person('admin', { email: 'admin@clickday.example' });
    expect(codeOf(await browser().logIn<Problem>())).toEqual([403, 'FORBIDDEN']);
    const by = browser();
    const credentials = { email: 'admin@clickday.example', password: 'una parola lunga' };
    await by.call('POST', '/api/session', credentials);
    expect(codeOf(await by.logIn<Problem>({ intent: 'link' }))).toEqual([403, 'FORBIDDEN']);
    expect((await by.call('GET', '/api/account/openid')).status).toBe(403);
  });
});

describe('linking from the profile', () => {
  const linkOf = async (by: OpenIdBrowser) =>
    (await by.call<OpenIdLink>('GET', '/api/account/openid')).body;

  it('links without a word about the address, and can be undone', async () => {
    const by = await all.withPassword('elsa@example.it');
    expect(await linkOf(by)).toMatchObject({ linkedAt: null, hasPassword: true });
    stage.person = person('elsa', { email: 'private@example.it', email_verified: false });
    const linked = await by.logIn<OpenIdOutcome>({ intent: 'link', next: '/account' });
    expect(linked.body).toEqual({ status: 'linked', next: '/account' });
    expect(await linkOf(by)).toMatchObject({ linkedAt: '2011-01-17T07:00:00.000000Z' });
    const elsewhere = browser();
    expect((await elsewhere.logIn<OpenIdOutcome>()).body.status).toBe('logged-in');
    expect((await by.call('DELETE', '/api/account/openid')).status).toBe(204);
    expect(await linkOf(by)).toMatchObject({ linkedAt: null });
    expect((await elsewhere.call('GET', '/api/session')).status).toBe(401);
    expect(codeOf(await browser().logIn<Problem>())).toEqual([403, 'OPENID_EMAIL_UNVERIFIED']);
    expect((await by.call('DELETE', '/api/account/openid')).status).toBe(404);
  });

  it('does not take an identity of another account, a second one, or another person’s', async () => {
    await all.registered('fausta');
    const by = await all.withPassword('gina@example.it');
    const link = () => by.logIn<Problem>({ intent: 'link' });
    expect(codeOf(await link())).toEqual([409, 'OPENID_OTHER_ACCOUNT']);
    stage.person = person('gina', { [SPID]: 'TINIT-VRDLGU80A01H501Q' });
    expect(codeOf(await link())).toEqual([409, 'OPENID_OTHER_PERSON']);
    stage.person = person('gina');
    expect((await link()).status).toBe(200);
    stage.person = person('gina-2');
    expect(codeOf(await link())).toEqual([409, 'OPENID_OTHER_IDENTITY']);
  });

  it('needs a session at both ends, and the same one', async () => {
    const attempt = { intent: 'link' };
    const none = await browser().call<Problem>('POST', '/api/openid/attempts', attempt);
    expect(codeOf(none)).toEqual([401, 'UNAUTHENTICATED']);
    const by = await all.withPassword('ida@example.it');
    await applicant(world, 'lea@example.it');
    stage.person = person('ida');
    const query = await by.goAndReturn(attempt);
    const lea = { email: 'lea@example.it', password: 'la mia parola segreta' };
    await by.call('POST', '/api/session', lea);
    expect(codeOf(await back(by, query))).toEqual([410, 'OPENID_INVALID']);
    expect(await linkOf(by)).toMatchObject({ linkedAt: null });
  });

  it('is done in a browser: a program’s session makes no further way in', async () => {
    await applicant(world, 'wanda@example.it');
    const bearer = await world.bearer('wanda@example.it', 'la mia parola segreta');
    const begin = await bearer.call('POST', '/api/openid/attempts', { intent: 'link' });
    expect(codeOf(begin)).toEqual([401, 'UNAUTHENTICATED']);
    for (const method of ['PUT', 'DELETE']) {
      expect((await bearer.call(method, '/api/account/openid')).status).toBe(403);
    }
  });

  it('is not undone where no password is left', async () => {
    const by = await all.registered('maura');
    const refused = await by.call<Problem>('DELETE', '/api/account/openid');
    expect(codeOf(refused)).toEqual([409, 'OPENID_ONLY_WAY_IN']);
  });
});
