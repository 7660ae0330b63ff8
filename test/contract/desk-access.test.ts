/** Who may use the tools of the help desk: staff, and for some of them administrators alone. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HOURS_DEFAULT } from '#engine/portal/helpdesk-tools/hours/service.ts';
import { createStaffAccount } from '#engine/portal/index.ts';
import { operatorOf } from '#test/contract/organisation-world.ts';
import { applicant, type Caller, openWorld, type World } from '#test/contract/portal-world.ts';

const ID = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
const both = (it: string, en = `${it} in English`) => ({ it, en });
const INCIDENT = {
  title: both('Accesso lento'),
  text: both('Stiamo lavorando.'),
  kind: 'technical',
  isResolved: false,
} as const;
const ARTICLE = {
  slug: 'una-prova',
  kind: 'legal',
  title: both('La perché-prova'),
  body: both('Testo con **parole** e <b>segni</b>.'),
  isPublished: true,
} as const;
const CANNED = { title: 'Saluto', kind: null, text: both('Ciao {{name}}', 'Hello {{name}}') };
const TEAM = { name: 'Primo livello', kind: null, members: [] as string[] };

type Route = readonly [method: string, path: string, body?: unknown];
/** Every route of the tools, with a body that passes the schema. */
const ROUTES: readonly Route[] = [
  ['GET', '/api/desk/canned'],
  ['POST', '/api/desk/canned', CANNED],
  ['PUT', `/api/desk/canned/${ID}`, CANNED],
  ['DELETE', `/api/desk/canned/${ID}`],
  ['GET', `/api/desk/tickets/${ID}/canned/${ID}`],
  ['GET', '/api/desk/teams'],
  ['GET', '/api/desk/incidents'],
  ['POST', '/api/desk/incidents', INCIDENT],
  ['PUT', `/api/desk/incidents/${ID}`, INCIDENT],
  ['GET', '/api/desk/articles'],
  ['POST', '/api/desk/articles', ARTICLE],
  ['PUT', '/api/desk/articles/nothing', ARTICLE],
  ['DELETE', '/api/desk/articles/nothing'],
  ['GET', '/api/desk/hours'],
  ['GET', '/api/desk/statistics'],
  ['GET', '/api/desk/statistics.csv'],
  ['POST', `/api/desk/tickets/${ID}/presence`, { state: 'reading' }],
  ['POST', `/api/desk/tickets/${ID}/merge`, { version: 1, into: ID }],
  ['POST', `/api/desk/tickets/${ID}/unmerge`, { version: 1 }],
  [
    'POST',
    `/api/desk/tickets/${ID}/split`,
    { version: 1, messages: [ID], subject: 'Oggetto', kind: 'legal' },
  ],
  ['POST', '/api/desk/bulk', { tickets: [ID], action: 'close' }],
  ['GET', `/api/desk/bulk/${ID}`],
];
const OF_ADMINISTRATORS: readonly Route[] = [
  ['POST', '/api/desk/teams', TEAM],
  ['PUT', `/api/desk/teams/${ID}`, TEAM],
  ['DELETE', `/api/desk/teams/${ID}`],
  ['PUT', '/api/desk/hours', HOURS_DEFAULT],
];

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
  it.each(named([...ROUTES, ...OF_ADMINISTRATORS]))('$name is the staff’s', async ({ route }) => {
    const [method, path, body] = route;
    const answers = await Promise.all(
      [user, office, world.nobody].map((caller) => caller.call(method, path, body)),
    );
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 401]);
    expect(answers.map((answer) => answer.body.code)).toEqual([
      ...['FORBIDDEN', 'FORBIDDEN', 'UNAUTHENTICATED'],
    ]);
  });

  it('are named above, every one', async () => {
    const { body } = await world.nobody.call<{ paths: Record<string, object> }>(
      ...(['GET', '/api/openapi.json'] as const),
    );
    const own = /^\/api\/desk\/(canned|teams|incidents|articles|hours|statistics|bulk)/;
    const served = Object.entries(body.paths)
      .filter(([path]) => own.test(path))
      .flatMap(([path, methods]) => Object.keys(methods).map((name) => `${name} ${path}`));
    const tried = [...ROUTES, ...OF_ADMINISTRATORS].map(([method, path]) => {
      const shown = path.replace(ID, '{id}').replace('nothing', '{slug}');
      return `${method.toLowerCase()} ${shown}`;
    });
    const missing = served.filter((each) => !tried.includes(each) && !each.startsWith('head'));
    expect(served.length).toBeGreaterThan(15);
    expect(missing).toEqual([]);
  });

  it.each(named(OF_ADMINISTRATORS))('$name is not an operator’s', async ({ route }) => {
    const [method, path, body] = route;
    const { status } = await operator.call(method, path, body);
    expect(status).toBe(403);
  });
});
