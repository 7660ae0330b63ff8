/** Who may use the tools of the help desk: staff, and for some of them administrators alone. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createStaffAccount } from '#engine/portal/index.ts';
import { operatorOf } from '#test/contract/organisation-world.ts';
import { applicant, type Caller, openWorld, type World } from '#test/contract/portal-world.ts';
import { ADMINISTRATOR_ROUTES, type Route, STAFF_ROUTES } from '#test/support/desk-tool-routes.ts';

let world: World;
let user: Caller;
let operator: Caller;
let office: Caller;
beforeAll(async () => {
  world = await openWorld();
  user = await applicant(world, 'maria@example.it');
  operator = await operatorOf(world);
  office = await officer();
});
afterAll(() => world.close());

async function officer(): Promise<Caller> {
  const { database, clock, random, address } = world;
  const staff = { email: 'office@clickday.example', role: 'office', office: 'RM' } as const;
  const { link } = createStaffAccount({ database, clock, random, publicUrl: address }, staff);
  const token = new URL(link).searchParams.get('token');
  await world.nobody.call('POST', '/api/setup', { token, password: 'una parola lunga' });
  return world.person(staff.email, 'una parola lunga');
}

const named = (routes: readonly Route[]) =>
  routes.map((route) => ({ name: `${route[0]} ${route[1]}`, route }));

describe('the tools', () => {
  it.each(named([...STAFF_ROUTES, ...ADMINISTRATOR_ROUTES]))(
    '$name is the staff’s',
    async ({ route }) => {
      const [method, path, body] = route;
      const answers = await Promise.all(
        [user, office, world.nobody].map((caller) => caller.call(method, path, body)),
      );
      expect(answers.map(({ status }) => status)).toEqual([403, 403, 401]);
      expect(answers.map((answer) => answer.body.code)).toEqual([
        ...['FORBIDDEN', 'FORBIDDEN', 'UNAUTHENTICATED'],
      ]);
    },
  );

  it.each(named(ADMINISTRATOR_ROUTES))('$name is not an operator’s', async ({ route }) => {
    const [method, path, body] = route;
    const { status } = await operator.call(method, path, body);
    expect(status).toBe(403);
  });
});
