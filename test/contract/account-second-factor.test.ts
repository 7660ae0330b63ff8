/** The second factor: setting it up, logging in with it, losing it, having to have it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeAt } from '#engine/portal/accounts/one-time-codes.ts';
import { exportedApplications, exportedAudit } from '#engine/portal/index.ts';
import type {
  RecoveryCodes,
  SecondFactorBegun,
  SecondFactorState,
} from '#protocol/accounts-api.ts';
import type { SessionAnswer } from '#protocol/portal-api.ts';
import { applicant, type Caller, openWorld, type World } from '#test/contract/portal-world.ts';

const PASSWORD = 'la mia parola segreta';
const STEP_US = 30_000_000;
const PATH = '/api/account/second-factor';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const post = (caller: Caller, path: string, body: object) => caller.call('POST', path, body);
const logIn = (email: string, totp?: string, kind = 'bearer') => {
  const credentials = { email, password: PASSWORD, kind, ...(totp && { totp }) };
  return world.nobody.call<SessionAnswer & { code: string }>('POST', '/api/session', credentials);
};
const stateOf = async (caller: Caller) => (await caller.call<SecondFactorState>('GET', PATH)).body;

/** Turns it on; moves on by a step, so that the next code is a fresh one. */
async function turnOn(caller: Caller, password = PASSWORD) {
  const { body: begun } = await caller.call<SecondFactorBegun>('POST', PATH, { password });
  const code = () => codeAt(begun.secret, world.clock.nowUs());
  const confirmed = await caller.call<RecoveryCodes>('POST', `${PATH}/confirm`, { totp: code() });
  world.clock.advance(STEP_US);
  return { begun, code, recoveryCodes: confirmed.body.recoveryCodes, status: confirmed.status };
}

describe('turning it on', () => {
  it('needs the password and a first right code; then other sessions end and mail is sent', async () => {
    const caller = await applicant(world, 'careful@example.it');
    const other = await world.bearer('careful@example.it', PASSWORD);
    expect((await post(caller, PATH, { password: 'sbagliata' })).body.code).toBe('PASSWORD_WRONG');
    expect((await post(world.nobody, PATH, { password: PASSWORD })).status).toBe(401);
    const wrong = await post(caller, `${PATH}/confirm`, { totp: '000000' });
    expect(wrong.body.code).toBe('SECOND_FACTOR_OFF');
    const { begun, recoveryCodes } = await turnOn(caller);
    expect(begun.uri).toMatch(/^otpauth:\/\/totp\/Clickday:careful%40example.it\?issuer=Clickday&/);
    expect(new Set(recoveryCodes).size).toBe(10);
    expect((await other.call('GET', '/api/session')).status).toBe(401);
    expect(await stateOf(caller)).toMatchObject({ isOn: true, recoveryCodesLeft: 10 });
    expect((await post(caller, PATH, { password: PASSWORD, totp: 'x' })).body.code).toBe(
      'SECOND_FACTOR_WRONG',
    );
    expect(await world.letter('careful@example.it')).toContain('è attiva');
  });

  it('asks for nothing before the first right code', async () => {
    const caller = await applicant(world, 'halfway@example.it');
    await post(caller, PATH, { password: PASSWORD });
    const wrong = await post(caller, `${PATH}/confirm`, { totp: '000000' });
    expect([wrong.status, wrong.body.code]).toEqual([401, 'SECOND_FACTOR_WRONG']);
    expect((await logIn('halfway@example.it')).status).toBe(200);
  });

  it('leaves neither secret nor recovery codes readable in the database', async () => {
    const caller = await applicant(world, 'private@example.it');
    const { begun, recoveryCodes } = await turnOn(caller);
    const { build, all } = world.database;
    const stored = JSON.stringify([
      all(build.selectFrom('second_factors').selectAll()),
      all(build.selectFrom('recovery_codes').selectAll()),
      all(build.selectFrom('audit').selectAll()),
      all(build.selectFrom('mails').selectAll()),
      [...exportedAudit(world.database), ...exportedApplications(world.database)],
    ]);
    const hidden = [
      begun.secret,
      ...recoveryCodes,
      ...recoveryCodes.map((c) => c.replaceAll('-', '')),
    ];
    expect(hidden.filter((text) => stored.includes(text))).toEqual([]);
  });
});

describe('logging in with it', () => {
  it('takes two steps, for cookie and bearer; each code once, none of an earlier step', async () => {
    const { code } = await turnOn(await applicant(world, 'twosteps@example.it'));
    for (const kind of ['cookie', 'bearer']) {
      const first = await logIn('twosteps@example.it', undefined, kind);
      expect([first.status, first.body.code]).toEqual([401, 'SECOND_FACTOR_NEEDED']);
      expect(first.headers.get('set-cookie')).toBeNull();
      world.clock.advance(STEP_US);
      const used = code();
      expect((await logIn('twosteps@example.it', used, kind)).status).toBe(200);
      expect((await logIn('twosteps@example.it', used, kind)).body.code).toBe(
        'SECOND_FACTOR_WRONG',
      );
    }
    const earlier = codeAtStep(code, -1);
    expect((await logIn('twosteps@example.it', earlier)).body.code).toBe('SECOND_FACTOR_WRONG');
    const next = codeAtStep(code, 1);
    expect(
      (await logIn('twosteps@example.it', `${next.slice(0, 3)} ${next.slice(3)}`)).status,
    ).toBe(200);
    const far = codeAtStep(code, 3);
    expect((await logIn('twosteps@example.it', far)).body.code).toBe('SECOND_FACTOR_WRONG');
  });

  it('says nothing of it to who does not know the password', async () => {
    await turnOn(await applicant(world, 'discreet@example.it'));
    const credentials = { email: 'discreet@example.it', password: 'sbagliata' };
    const answer = await post(world.nobody, '/api/session', credentials);
    expect(answer.body.code).toBe('CREDENTIALS_WRONG');
  });

  it('is possible with each recovery code once; ten new ones replace the rest', async () => {
    const caller = await applicant(world, 'lost@example.it');
    const { recoveryCodes, code } = await turnOn(caller);
    const [first = '', second = ''] = recoveryCodes;
    expect((await logIn('lost@example.it', first.toUpperCase())).status).toBe(200);
    expect((await logIn('lost@example.it', first)).body.code).toBe('SECOND_FACTOR_WRONG');
    expect(await stateOf(caller)).toMatchObject({ recoveryCodesLeft: 9 });
    const renewal = { password: PASSWORD, totp: code() };
    const renewed = await caller.call<RecoveryCodes>('POST', `${PATH}/recovery-codes`, renewal);
    expect(renewed.body.recoveryCodes).toHaveLength(10);
    expect((await logIn('lost@example.it', second)).status).toBe(401);
    expect((await logIn('lost@example.it', renewed.body.recoveryCodes[0])).status).toBe(200);
  });

  it('stops the app’s codes after ten wrong ones, tells the owner, and lets a recovery code in', async () => {
    const { code, recoveryCodes } = await turnOn(await applicant(world, 'guessed@example.it'));
    for (let guess = 0; guess < 10; guess += 1) {
      expect((await logIn('guessed@example.it', `00000${guess}`)).status).toBe(401);
    }
    expect((await logIn('guessed@example.it', code())).status).toBe(429);
    expect(await world.letter('guessed@example.it')).toContain('conosce la tua password');
    expect((await logIn('guessed@example.it', recoveryCodes[3])).status).toBe(200);
  });

  it('is still needed after the password was chosen anew by mail', async () => {
    await turnOn(await applicant(world, 'resetting@example.it'));
    await post(world.nobody, '/api/password-resets', { email: 'resetting@example.it' });
    const token = /reset\?token=([\w-]+)/.exec(await world.letter('resetting@example.it'))?.[1];
    await post(world.nobody, '/api/password-resets/confirm', { token, password: PASSWORD });
    expect((await logIn('resetting@example.it')).body.code).toBe('SECOND_FACTOR_NEEDED');
  });

  it('ends when its owner turns it off with password and code', async () => {
    const caller = await applicant(world, 'off@example.it');
    const { code } = await turnOn(caller);
    const off = (body: object) => post(caller, `${PATH}/off`, body);
    expect((await off({ password: PASSWORD })).body.code).toBe('SECOND_FACTOR_NEEDED');
    expect((await off({ password: PASSWORD, totp: code() })).status).toBe(204);
    expect((await logIn('off@example.it')).status).toBe(200);
  });
});

describe('a lost one', () => {
  const reset = (caller: Caller, email: string) =>
    post(caller, '/api/staff/second-factor-resets', {
      email,
      reason: 'documento visto in videochiamata',
    });

  it('is removed by staff alone, who leave a reason; the owner is told, sessions end', async () => {
    const owner = await applicant(world, 'unlucky@example.it');
    await turnOn(owner);
    const stranger = await applicant(world, 'meddler@example.it');
    expect((await reset(world.nobody, 'unlucky@example.it')).status).toBe(401);
    expect((await reset(stranger, 'unlucky@example.it')).status).toBe(403);
    const admin = await world.administrator();
    expect((await reset(admin, 'nobody-here@example.it')).status).toBe(404);
    expect((await reset(admin, 'meddler@example.it')).body.code).toBe('SECOND_FACTOR_OFF');
    expect((await reset(admin, 'admin@clickday.example')).body.code).toBe('FORBIDDEN');
    expect((await reset(admin, 'Unlucky@example.it')).status).toBe(204);
    expect((await owner.call('GET', '/api/session')).status).toBe(401);
    expect((await logIn('unlucky@example.it')).status).toBe(200);
    expect(await world.letter('unlucky@example.it')).toContain('l’assistenza ha tolto');
    const { build, first } = world.database;
    const entry = first(
      build
        .selectFrom('audit')
        .selectAll()
        .where('action', '=', 'account.second-factor-reset')
        .limit(1),
    );
    expect(entry?.detail_json).toContain('videochiamata');
    expect(entry?.account).not.toBeNull();
  });
});

describe('staff', () => {
  it('bound by the configuration do nothing before they have one, and cannot turn it off', async () => {
    const strict = await openWorld({ isStaffBoundToSecondFactor: true });
    const admin = await strict.administrator();
    const before = await admin.call('GET', '/api/admin/status');
    expect([before.status, before.body.code]).toEqual([403, 'SECOND_FACTOR_REQUIRED']);
    const session = await admin.call<SessionAnswer>('GET', '/api/session');
    expect(session.body.account.mustSetUpSecondFactor).toBe(true);
    const password = 'una parola lunga';
    const { body: begun } = await admin.call<SecondFactorBegun>('POST', PATH, { password });
    const code = () => codeAt(begun.secret, strict.clock.nowUs());
    expect((await post(admin, `${PATH}/confirm`, { totp: code() })).status).toBe(200);
    expect((await admin.call('GET', '/api/admin/status')).status).toBe(200);
    strict.clock.advance(STEP_US);
    const off = await post(admin, `${PATH}/off`, { password, totp: code() });
    expect(off.body.code).toBe('SECOND_FACTOR_REQUIRED');
    const person = await applicant(strict, 'person@example.it');
    expect((await person.call('GET', '/api/applications')).status).toBe(200);
    await strict.close();
  });
});

/** The code of another step than that of now. */
function codeAtStep(code: () => string, steps: number): string {
  world.clock.advance(steps * STEP_US);
  const found = code();
  world.clock.advance(-steps * STEP_US);
  return found;
}
