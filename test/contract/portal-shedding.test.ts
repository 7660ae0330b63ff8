/** What a portal that cannot keep up refuses, and what it answers to the last. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Refusal } from '#engine/portal/http/refusal.ts';
import { sheddingOptions } from '#engine/portal/http/shedding.ts';
import { openWorld, type World } from '#test/contract/portal-world.ts';

const MOST_MS = 1000;
const { maxEventLoopDelay, pressureHandler } = sheddingOptions(MOST_MS, () => 0.5);
type Request = Parameters<typeof pressureHandler>[0];

/** What is said to a request while the event loop is so late: null when it is answered. */
function said(delayMs: number, shed: string | undefined, headers: object): Refusal | null {
  const request = { routeOptions: { config: { shed } }, headers } as unknown as Request;
  try {
    pressureHandler(request, undefined, 'eventLoopDelay', delayMs);
    return null;
  } catch (error) {
    return error as Refusal;
  }
}

const loggedIn = { cookie: 'clickday=x' };

it('refuses early what can wait, with a moment of its own to come again', () => {
  expect(maxEventLoopDelay).toBe(500);
  const refusal = said(300, undefined, loggedIn);
  expect(refusal).toMatchObject({ code: 'BUSY', statusCode: 503, retryAfterMs: 4000 });
  const moments = [0, 0.99].map((share) => {
    const { pressureHandler: handler } = sheddingOptions(MOST_MS, () => share);
    try {
      handler({ routeOptions: { config: {} }, headers: {} } as unknown as Request, null, '', 300);
    } catch (error) {
      return (error as Refusal).retryAfterMs ?? 0;
    }
    return 0;
  });
  expect(moments[1]! - moments[0]!).toBeGreaterThan(3000);
});

it('answers short reads of who is logged in until it is at its most', () => {
  expect(said(300, 'last', loggedIn)).toBeNull();
  expect(said(300, 'last', { authorization: 'Bearer x' })).toBeNull();
  expect(said(300, 'last', {})).toBeInstanceOf(Refusal);
  expect(said(MOST_MS, 'last', loggedIn)).toBeInstanceOf(Refusal);
  expect(said(10 * MOST_MS, 'never', {})).toBeNull();
});

it('refuses nobody while it starts', () => {
  const { pressureHandler: handler } = sheddingOptions(
    MOST_MS,
    () => 0.5,
    () => true,
  );
  const request = { routeOptions: { config: {} }, headers: {} } as unknown as Request;
  expect(() => handler(request, null, '', 10 * MOST_MS)).not.toThrow();
});

let world: World;
/** Below what any event loop does: this portal always sheds. */
beforeAll(async () => {
  world = await openWorld({ limits: { eventLoopDelayMsMax: 0.000_001 } });
  world.clock.advance(10_000_000); // it has started by then
});
afterAll(() => world.close());

it('says 503 with Retry-After, and goes on telling who watches it how it is', async () => {
  const isShedding = async () => (await world.nobody.call('GET', '/api/click-days')).status === 503;
  await expect.poll(isShedding, { timeout: 5000 }).toBe(true);
  const { status, headers, body } = await world.nobody.call('GET', '/api/click-days');
  expect([status, body.code]).toEqual([503, 'BUSY']);
  expect(Number(headers.get('retry-after'))).toBeGreaterThanOrEqual(2);
  expect((await world.nobody.call('GET', '/health')).status).toBe(200);
  expect((await world.nobody.call('GET', '/metrics')).status).toBe(200);
});
