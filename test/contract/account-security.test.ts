/** A forgotten password, another address, one's sessions: against a real portal over HTTP. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SessionsAnswer } from '#protocol/accounts-api.ts';
import {
  applicant,
  type Caller,
  HOUR_US,
  openWorld,
  registrationOf,
  type World,
} from '#test/contract/portal-world.ts';

const PASSWORD = 'la mia parola segreta';
const NEXT = 'una parola diversa';
const MINUTE_US = HOUR_US / 60;

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const tokenIn = (letter: string, page: string) =>
  new RegExp(`/${page}\\?token=([\\w-]+)`).exec(letter)?.[1] ?? 'none';
const rows = (table: 'mails' | 'account_links') =>
  world.database.all(world.database.build.selectFrom(table).selectAll()).length;
const post = (path: string, body: object, caller: Caller = world.nobody) =>
  caller.call<{ code: string; email: string }>('POST', path, body);
const isLoggedIn = async (caller: Caller) =>
  (await caller.call('GET', '/api/session')).status === 200;

describe('a forgotten password', () => {
  const ask = (email: string) => post('/api/password-resets', { email });
  const choose = (token: string, password = NEXT) =>
    post('/api/password-resets/confirm', { token, password });

  it('is chosen anew by a link that works once; every session ends', async () => {
    const caller = await applicant(world, 'forgetful@example.it');
    await ask(' FORGETFUL@example.it ');
    const token = tokenIn(await world.letter('forgetful@example.it'), 'reset');
    expect((await choose(token, 'corta')).body.code).toBe('PASSWORD_WEAK');
    expect((await choose(token)).body).toEqual({ email: 'forgetful@example.it' });
    expect((await choose(token)).body.code).toBe('LINK_INVALID');
    expect(await isLoggedIn(caller)).toBe(false);
    await expect(world.person('forgetful@example.it', PASSWORD)).rejects.toThrow('401');
    expect(await isLoggedIn(await world.person('forgetful@example.it', NEXT))).toBe(true);
    expect(await world.letter('forgetful@example.it')).toContain(
      'password del tuo account è stata',
    );
  });

  it('has a link for half an hour, and only the newest', async () => {
    await applicant(world, 'slowmail@example.it');
    await ask('slowmail@example.it');
    const first = tokenIn(await world.letter('slowmail@example.it'), 'reset');
    await ask('slowmail@example.it');
    const second = tokenIn(await world.letter('slowmail@example.it'), 'reset');
    expect((await choose(first)).status).toBe(410);
    world.clock.advance(31 * MINUTE_US);
    expect((await choose(second)).status).toBe(410);
    world.clock.advance(-2 * MINUTE_US);
    expect((await choose(second)).status).toBe(200);
    world.clock.advance(-29 * MINUTE_US);
  });

  it('is answered alike, after the same rows, for addresses known, unknown and unconfirmed', async () => {
    await applicant(world, 'has-account@example.it');
    await post('/api/registrations', registrationOf('waiting-for@example.it'));
    const answers: unknown[] = [];
    for (const name of ['has-account', 'has-none', 'waiting-for']) {
      const before = [rows('mails'), rows('account_links')];
      const { status, body } = await ask(`${name}@example.it`);
      const written = [
        rows('mails') - Number(before[0]),
        rows('account_links') - Number(before[1]),
      ];
      answers.push({ status, body, written });
    }
    expect(answers[0]).toMatchObject({ status: 202, written: [1, 1] });
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
    expect(await world.letter('has-none@example.it')).toContain('non ha un account confermato');
    expect(await world.letter('waiting-for@example.it')).not.toContain('/reset?');
    expect((await ask('no address')).body.code).toBe('EMAIL_INVALID');
  });

  it('is not opened by links of another purpose', async () => {
    await post('/api/registrations', registrationOf('purpose@example.it'));
    const letter = await world.letter('purpose@example.it');
    expect((await choose(tokenIn(letter, 'confirm'))).body.code).toBe('LINK_INVALID');
    const caller = await applicant(world, 'purposes@example.it');
    const wish = { email: 'purposes-to@example.it', password: PASSWORD };
    await post('/api/account/address', wish, caller);
    const token = tokenIn(await world.letter('purposes-to@example.it'), 'address');
    expect((await choose(token)).body.code).toBe('LINK_INVALID');
    for (const path of ['address/undo', 'deletion/keep']) {
      expect((await post(`/api/account/${path}`, { token })).body.code).toBe('LINK_INVALID');
    }
    expect((await post('/api/account/address/confirm', { token })).status).toBe(200);
  });
});

describe('another address', () => {
  const change = (caller: Caller, email: string, password = PASSWORD) =>
    post('/api/account/address', { email, password }, caller);
  const confirm = (token: string) => post('/api/account/address/confirm', { token });
  const undo = (token: string) => post('/api/account/address/undo', { token });

  it('needs the password and the link in the new mailbox; the old one is told', async () => {
    const caller = await applicant(world, 'before@example.it');
    expect((await change(caller, 'after@example.it', 'sbagliata')).body.code).toBe(
      'PASSWORD_WRONG',
    );
    expect((await change(caller, 'before@example.it')).body.code).toBe('ADDRESS_SAME');
    expect((await change(caller, 'after@')).body.code).toBe('EMAIL_INVALID');
    expect((await change(world.nobody, 'after@example.it')).status).toBe(401);
    expect((await change(caller, 'After@example.it')).status).toBe(202);
    const token = tokenIn(await world.letter('after@example.it'), 'address');
    await expect(world.person('after@example.it', PASSWORD)).rejects.toThrow('401');
    expect((await confirm(token)).body).toEqual({ email: 'after@example.it' });
    expect((await confirm(token)).status).toBe(410);
    expect(await isLoggedIn(await world.person('after@example.it', PASSWORD))).toBe(true);
    await expect(world.person('before@example.it', PASSWORD)).rejects.toThrow('401');
    expect(await world.letter('before@example.it')).toContain('ora è after@example.it');
  });

  it('is taken back by the old mailbox within a week: sessions and password end', async () => {
    const thief = await applicant(world, 'victim@example.it');
    await change(thief, 'thief@example.it');
    await confirm(tokenIn(await world.letter('thief@example.it'), 'address'));
    await post('/api/account/second-factor', { password: PASSWORD }, thief);
    await post('/api/account/deletion', { password: PASSWORD }, thief);
    const token = tokenIn(await world.letter('victim@example.it'), 'address-undo');
    world.clock.advance(6 * 24 * HOUR_US);
    expect((await undo(token)).body).toEqual({ email: 'victim@example.it' });
    expect(await isLoggedIn(thief)).toBe(false);
    await expect(world.person('victim@example.it', PASSWORD)).rejects.toThrow('401');
    const reset = tokenIn(await world.letter('victim@example.it'), 'reset');
    await post('/api/password-resets/confirm', { token: reset, password: NEXT });
    const owner = await world.person('victim@example.it', NEXT);
    const { body } = await owner.call<object>('GET', '/api/account/deletion');
    expect(body).toMatchObject({ dueAt: null });
    world.clock.advance(-6 * 24 * HOUR_US);
  });

  it('cannot be taken back after a week', async () => {
    const caller = await applicant(world, 'moved@example.it');
    await change(caller, 'moved-to@example.it');
    await confirm(tokenIn(await world.letter('moved-to@example.it'), 'address'));
    const token = tokenIn(await world.letter('moved@example.it'), 'address-undo');
    world.clock.advance(8 * 24 * HOUR_US);
    expect((await undo(token)).status).toBe(410);
    world.clock.advance(-8 * 24 * HOUR_US);
  });

  it('of somebody else is answered alike, told to them, and not given', async () => {
    const caller = await applicant(world, 'wants@example.it');
    await applicant(world, 'owns@example.it');
    const [taken, free] = [
      await change(caller, 'owns@example.it'),
      await change(caller, 'free@example.it'),
    ];
    expect([taken.status, taken.body]).toEqual([free.status, free.body]);
    expect(await world.letter('owns@example.it')).toContain('è già il nome utente del tuo');
    const token = tokenIn(await world.letter('free@example.it'), 'address');
    await applicant(world, 'free@example.it');
    expect((await confirm(token)).body.code).toBe('ADDRESS_TAKEN');
  });

  it('is not held by who registered it and never confirmed', async () => {
    const caller = await applicant(world, 'squatted@example.it');
    await post('/api/registrations', registrationOf('squat@example.it'));
    await change(caller, 'squat@example.it');
    const token = tokenIn(await world.letter('squat@example.it'), 'address');
    expect((await confirm(token)).status).toBe(200);
  });

  it('makes a link to choose a password that was mailed to the old one worthless', async () => {
    const caller = await applicant(world, 'leaving@example.it');
    await post('/api/password-resets', { email: 'leaving@example.it' });
    const reset = tokenIn(await world.letter('leaving@example.it'), 'reset');
    await change(caller, 'arriving@example.it');
    await confirm(tokenIn(await world.letter('arriving@example.it'), 'address'));
    const answer = await post('/api/password-resets/confirm', { token: reset, password: NEXT });
    expect(answer.body.code).toBe('LINK_INVALID');
  });
});

describe('my sessions', () => {
  const PHONE = 'Mozilla/5.0 (Android 14; Mobile; rv:133.0) Gecko/133.0 Firefox/133.0';
  const list = async (caller: Caller) =>
    (await caller.call<SessionsAnswer>('GET', '/api/account/sessions')).body.sessions;
  const end = (caller: Caller, path = '') => caller.call('DELETE', `/api/account/sessions${path}`);

  it('are listed with words for the device and when they were last used', async () => {
    const first = await applicant(world, 'devices@example.it');
    const credentials = { email: 'devices@example.it', password: PASSWORD, kind: 'bearer' };
    await world.nobody.call('POST', '/api/session', credentials, { 'user-agent': PHONE });
    world.clock.advance(30 * MINUTE_US);
    const [phone, own] = await list(first);
    expect(phone).toMatchObject({
      ...{ kind: 'bearer', browser: 'Firefox', system: 'Android', isThis: false },
      seenAt: '2011-01-17T07:00:00.000000Z',
    });
    expect(own).toMatchObject({
      ...{ kind: 'cookie', isThis: true },
      seenAt: '2011-01-17T07:30:00.000000Z',
    });
    world.clock.advance(-30 * MINUTE_US);
  });

  it('end one by one, or all others; only one’s own', async () => {
    const [mine, other] = [await applicant(world, 'ending@example.it'), world.bearer];
    const [one, two] = [
      await other('ending@example.it', PASSWORD),
      await other('ending@example.it', PASSWORD),
    ];
    const stranger = await applicant(world, 'stranger@example.it');
    const id = (await list(one)).find(({ isThis }) => isThis)?.id;
    expect((await end(stranger, `/${id}`)).body.code).toBe('NOT_FOUND');
    expect((await end(world.nobody, `/${id}`)).status).toBe(401);
    expect((await world.nobody.call('GET', '/api/account/sessions')).status).toBe(401);
    expect(await isLoggedIn(one)).toBe(true);
    expect((await end(mine, `/${id}`)).status).toBe(204);
    expect([await isLoggedIn(one), await isLoggedIn(two)]).toEqual([false, true]);
    expect((await end(mine)).status).toBe(204);
    expect([await isLoggedIn(mine), await isLoggedIn(two)]).toEqual([true, false]);
    expect(await list(mine)).toHaveLength(1);
    expect(await isLoggedIn(stranger)).toBe(true);
  });
});
