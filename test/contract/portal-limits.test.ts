/** How often one caller may try: counted by address and by the account that is named. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openWorld, registrationOf, type World } from '#test/contract/portal-world.ts';

let world: World;
beforeAll(async () => {
  const limits = { loginsPerMinutePerAccount: 2, registrationsPerMinutePerAddress: 3 };
  world = await openWorld({ limits });
});
afterAll(() => world.close());

describe('limits', () => {
  it('slow down guessing one account, and say when to come back', async () => {
    const guess = (email: string) =>
      world.nobody.call('POST', '/api/session', { email, password: 'tentativo' });
    expect((await guess('a@example.it')).status).toBe(401);
    expect((await guess('A@example.it')).status).toBe(401);
    const third = await guess('a@example.it');
    expect([third.status, third.body.code]).toEqual([429, 'REQUESTS_TOO_MANY']);
    expect(Number(third.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(third.body.retryAfterMs).toBeGreaterThan(0);
    expect((await guess('b@example.it')).status).toBe(401);
  });

  it('let a device in that has logged in before, whoever guesses from the same address', async () => {
    const [line] = await world.fixture({ accounts: 1, applications: 1 });
    const { email, password: right } = line ?? { email: '', password: '' };
    const attempt = (password: string, cookie = '') =>
      world.nobody.call('POST', '/api/session', { email, password }, { cookie });
    const cookies = (await attempt(right)).headers.get('set-cookie') ?? '';
    const device = /clickday-device=[^;]+/.exec(cookies)?.[0];
    await attempt('tentativo');
    await attempt('tentativo');
    expect((await attempt(right)).status).toBe(429);
    const forged = device?.replace(/\.(.)/, (_, letter) => `.${letter === 'A' ? 'B' : 'A'}`);
    expect((await attempt(right, forged)).status).toBe(429);
    expect((await attempt(right, device)).status).toBe(200);
    const guess = { email: 'another@example.it', password: 'tentativo' };
    await world.nobody.call('POST', '/api/session', guess);
    await world.nobody.call('POST', '/api/session', guess);
    const marked = { cookie: device ?? '' };
    expect((await world.nobody.call('POST', '/api/session', guess, marked)).status).toBe(429);
  });

  it('slow down registering from one address', async () => {
    const statuses = [];
    for (const name of ['one', 'two', 'three', 'four']) {
      const body = registrationOf(`${name}@example.it`);
      statuses.push((await world.nobody.call('POST', '/api/registrations', body)).status);
    }
    expect(statuses).toEqual([202, 202, 202, 429]);
  });

  it('leave loopback alone when the configuration says so', async () => {
    const free = await openWorld({
      limits: { loginsPerMinutePerAccount: 1, isLoopbackLimited: false },
    });
    const body = { email: 'a@example.it', password: 'tentativo' };
    const statuses = [];
    for (let attempt = 0; attempt < 3; attempt += 1) {
      statuses.push((await free.nobody.call('POST', '/api/session', body)).status);
    }
    await free.close();
    expect(statuses).toEqual([401, 401, 401]);
  });
});
