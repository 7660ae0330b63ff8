/** Tools of the help desk over HTTP: what they keep and say. Who may use them: desk-access. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shippedArticles } from '#engine/portal/helpdesk-tools/articles/seeding.ts';
import { HOURS_DEFAULT } from '#engine/portal/helpdesk-tools/hours/service.ts';
import type { DeskTicket } from '#protocol/desk-api.ts';
import type {
  Canned,
  DeskArticle,
  DeskHours,
  DeskIncident,
  DeskStatistics,
  Team,
  TeamList,
} from '#protocol/desk-tools-api.ts';
import type { Article, ArticleList, HelpdeskAnswer, TicketView } from '#protocol/helpdesk-api.ts';
import { isoFromUs } from '#protocol/time.ts';
import { operatorOf } from '#test/contract/organisation-world.ts';
import {
  applicant,
  type Caller,
  HOUR_US,
  openWorld,
  START_US,
  type World,
} from '#test/contract/portal-world.ts';
import { ARTICLE, both, CANNED, INCIDENT, TEAM } from '#test/support/desk-tool-routes.ts';

const ID = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
let world: World;
let user: Caller;
let operator: Caller;
let admin: Caller;
beforeAll(async () => {
  world = await openWorld();
  user = await applicant(world, 'maria@example.it');
  operator = await operatorOf(world);
  admin = await world.administrator();
});
afterAll(() => world.close());

const audited = (action: string) => {
  const { build, all } = world.database;
  return all(build.selectFrom('audit').selectAll().where('action', '=', action));
};

describe('articles', () => {
  const found = async (query: string) =>
    (await world.nobody.call<ArticleList>('GET', `/api/articles?${query}`)).body.articles;
  const slugs = async (query: string) => (await found(query)).map(({ slug }) => slug);

  it('are there on the first day, in both languages, and read by anybody', async () => {
    const shipped = shippedArticles();
    expect((await slugs('')).toSorted()).toEqual(shipped.map(({ slug }) => slug).toSorted());
    expect(shipped).toHaveLength(12);
    const { body } = await world.nobody.call<Article>('GET', '/api/articles/the-receipt');
    expect(body.title).toEqual({
      it: 'La ricevuta: dove si trova e che cosa prova',
      en: 'The receipt: where it is and what it proves',
    });
    expect(await slugs('kind=legal')).toEqual(['the-order', 'the-receipt']);
  });

  it('are suggested while somebody describes their trouble, the best first', async () => {
    expect((await slugs('q=graduat'))[0]).toBe('the-order');
    const words = encodeURIComponent('non riesco a installare il mini client, che cosa faccio?');
    expect((await slugs(`q=${words}&language=it`))[0]).toBe('install-the-mini-client');
    expect((await slugs('q=password&language=en'))[0]).toBe('log-in-trouble');
    expect(await slugs(`q=${encodeURIComponent('"*) OR NEAR(')}`)).toEqual([]);
    expect(await slugs('q=qqqq')).toEqual([]);
  });

  it('are found without accents, with the words around in plain text', async () => {
    await operator.call('POST', '/api/desk/articles', ARTICLE);
    const [first] = await found('q=PERCHE%20segni');
    expect(first).toMatchObject({ slug: ARTICLE.slug });
    expect(first?.excerpt.it).toBe('Testo con parole e <b>segni</b>.');
    const { body } = await world.nobody.call<Article>('GET', `/api/articles/${ARTICLE.slug}`);
    expect(body.body.it).toBe(ARTICLE.body.it);
  });

  it('follow what operators write, hide and take away, in the audit', async () => {
    const hidden = { ...ARTICLE, slug: 'altra', title: both('Zanzibar'), isPublished: false };
    const path = '/api/desk/articles/una-prova';
    const changed = await operator.call<DeskArticle>('PUT', path, hidden);
    expect(changed.body).toMatchObject({ slug: 'altra', isPublished: false });
    expect(await slugs('q=zanzibar')).toEqual([]);
    expect((await world.nobody.call('GET', '/api/articles/altra')).status).toBe(404);
    const shown = { ...hidden, isPublished: true };
    await operator.call('PUT', '/api/desk/articles/altra', shown);
    expect(await slugs('q=zanzibar')).toEqual(['altra']);
    expect((await operator.call('POST', '/api/desk/articles', shown)).body.code).toBe(
      'ARTICLE_SLUG_TAKEN',
    );
    expect((await operator.call('DELETE', '/api/desk/articles/altra')).status).toBe(204);
    expect(await slugs('q=zanzibar')).toEqual([]);
    expect([audited('article.change').length, audited('article.remove').length]).toEqual([2, 1]);
    const empty = { ...ARTICLE, body: both('  ', 'text') };
    const refused = await operator.call('POST', '/api/desk/articles', empty);
    expect(refused.body.errors?.map(({ field }) => field)).toEqual(['body.it']);
  });
});

describe('teams', () => {
  it('are made of operators, and get the tickets of their kind', async () => {
    const { body: before } = await operator.call<TeamList>('GET', '/api/desk/teams');
    const members = before.operators.map(({ id }) => id);
    expect(members).toHaveLength(2);
    const wish = { ...TEAM, kind: 'legal', members };
    const { body: team } = await admin.call<Team>('POST', '/api/desk/teams', wish);
    expect(team.members.map(({ name }) => name).toSorted()).toEqual(['admin', 'operator']);
    const draft = { kind: 'legal', subject: 'Un termine', text: 'Quando scade?' };
    const { body: ticket } = await user.call<TicketView>('POST', '/api/tickets', draft);
    const path = `/api/desk/tickets/${ticket.id}`;
    const { body: seen } = await operator.call<DeskTicket>('GET', path);
    expect(seen.team).toBe(team.id);
    const own = `/api/desk/teams/${team.id}`;
    expect((await admin.call('DELETE', own)).body.code).toBe('TEAM_HAS_TICKETS');
    await operator.call('POST', `${path}/close`, { version: seen.version });
    expect((await admin.call('DELETE', own)).status).toBe(204);
    expect(audited('team.create')).toHaveLength(1);
  });

  it('are refused with a member who is no operator, a kind or a name of another', async () => {
    const make = (more: object) => admin.call('POST', '/api/desk/teams', { ...TEAM, ...more });
    await make({ kind: 'technical' });
    expect((await make({ name: ' primo LIVELLO' })).body.code).toBe('TEAM_NAME_TAKEN');
    expect((await make({ name: 'b', kind: 'technical' })).body.code).toBe('TEAM_KIND_TAKEN');
    expect((await make({ name: 'c', members: [ID] })).body.code).toBe('TEAM_MEMBER_UNKNOWN');
  });
});

it('keeps canned answers as they are written, and says in the audit who changed them', async () => {
  const listed = async () =>
    (await operator.call<{ canned: Canned[] }>('GET', '/api/desk/canned')).body.canned;
  const { body: canned } = await operator.call<Canned>('POST', '/api/desk/canned', CANNED);
  expect(await listed()).toEqual([{ id: canned.id, ...CANNED }]);
  const path = `/api/desk/canned/${canned.id}`;
  await operator.call('PUT', path, { ...CANNED, text: both('Nuovo {{number}}') });
  expect((await listed())[0]?.text).toEqual(both('Nuovo {{number}}'));
  expect((await operator.call('DELETE', path)).status).toBe(204);
  expect([await listed(), (await operator.call('PUT', path, CANNED)).status]).toEqual([[], 404]);
  for (const deed of ['create', 'change', 'remove']) {
    expect(audited(`canned.${deed}`)).toMatchObject([{ subject: canned.id }]);
  }
});

describe('incidents', () => {
  const shown = async (caller: Caller) =>
    (await caller.call<HelpdeskAnswer>('GET', '/api/helpdesk')).body.incidents;

  it('are shown to anybody, and followed by whoever has an account', async () => {
    const { body } = await operator.call<DeskIncident>('POST', '/api/desk/incidents', INCIDENT);
    expect(await shown(world.nobody)).toMatchObject([{ id: body.id, isFollowed: false }]);
    const path = `/api/incidents/${body.id}/follow`;
    expect((await world.nobody.call('POST', path)).status).toBe(401);
    for (let twice = 0; twice < 2; twice += 1) {
      expect((await user.call('POST', path)).status).toBe(204);
    }
    expect(await shown(user)).toMatchObject([{ isFollowed: true }]);
    const { body: list } = await operator.call<{ incidents: DeskIncident[] }>(
      ...(['GET', '/api/desk/incidents'] as const),
    );
    expect(list.incidents).toMatchObject([{ followers: 1, openTickets: 0 }]);
    await user.call('DELETE', path);
    expect(await shown(user)).toMatchObject([{ isFollowed: false }]);
  });

  it('are no longer shown two hours after their end, nor followed', async () => {
    const [{ id } = { id: '' }] = await shown(user);
    await operator.call('PUT', `/api/desk/incidents/${id}`, { ...INCIDENT, isResolved: true });
    expect((await shown(user))[0]?.resolvedAt).toBe(isoFromUs(START_US));
    const refused = await user.call('POST', `/api/incidents/${id}/follow`);
    expect(refused.body.code).toBe('INCIDENT_RESOLVED');
    world.clock.set({ nowUs: START_US + 2 * HOUR_US + 1 });
    expect(await shown(user)).toEqual([]);
    world.clock.set({ nowUs: START_US });
  });
});

describe('hours', () => {
  it('say whether the desk works now, and what it promises', async () => {
    const { body } = await world.nobody.call<HelpdeskAnswer>('GET', '/api/helpdesk');
    // Monday 17 January 2011, 08:00 in Rome.
    expect(body).toMatchObject({
      ...{ isOpen: true, changesAt: isoFromUs(START_US + 10 * HOUR_US) },
      ...{ firstResponseHours: 10, firstResponseMinutesNow: null, ticketsAnHour: 10 },
      keptDays: 365,
    });
  });

  it('warn before a due, and move those of every open ticket when they change', async () => {
    const draft = { kind: 'functional', subject: 'Termini', text: 'Entro quando?' };
    const { body: ticket } = await user.call<TicketView>('POST', '/api/tickets', draft);
    const path = `/api/desk/tickets/${ticket.id}`;
    const dues = async () => {
      const { body } = await operator.call<DeskTicket>('GET', path);
      return [body.firstResponse.due, body.solution.due, body.version];
    };
    const [, , version] = await dues();
    const hour = (hours: number) => isoFromUs(START_US + hours * HOUR_US);
    expect(await dues()).toEqual([hour(8), hour(2 * 24 + 10), version]);
    const states = [];
    for (const hours of [5.9, 6, 8]) {
      world.clock.set({ nowUs: START_US + hours * HOUR_US });
      states.push((await operator.call<DeskTicket>('GET', path)).body.firstResponse.state);
    }
    expect(states).toEqual(['running', 'warning', 'breached']);
    world.clock.set({ nowUs: START_US });
    const afternoons = [{ from: '13:00', until: '18:00' }];
    const week = [...Array(5).fill(afternoons), [], []];
    const wish: DeskHours = { ...HOURS_DEFAULT, week };
    expect((await admin.call('PUT', '/api/desk/hours', wish)).status).toBe(200);
    await expect.poll(dues, { interval: 20 }).toEqual([hour(24 + 8), hour(7 * 24 + 10), version]);
    expect(audited('hours.change')).toHaveLength(1);
    const wrong = { ...wish, extra: [{ day: '2011-02-30', spans: [] }] };
    const refused = await admin.call('PUT', '/api/desk/hours', wrong);
    expect(refused.body.errors?.map(({ code }) => code)).toEqual(['HOURS_DAY']);
  });
});

it('counts what came, by kind and hour, and how fast it was answered', async () => {
  const query = 'from=2011-01-17&until=2011-01-17';
  const { body } = await operator.call<DeskStatistics>('GET', `/api/desk/statistics?${query}`);
  const { build, all } = world.database;
  const tickets = all(build.selectFrom('tickets').selectAll());
  expect(body.opened).toHaveLength(24);
  expect(body.opened.find(({ count }) => count > 0)).toEqual({
    ...{ at: isoFromUs(START_US), count: tickets.length },
  });
  expect(body.open).toBe(tickets.filter(({ side }) => side !== 'over').length);
  expect(body.byKind).toEqual({ legal: 1, functional: 1 });
  expect(body.closed.reduce((sum, { count }) => sum + count, 0)).toBe(1);
  const csv = await operator.call<Buffer>('GET', `/api/desk/statistics.csv?${query}`);
  expect(csv.headers.get('content-disposition')).toContain('attachment');
  expect(String(csv.body)).toContain(`\r\nopen,,${body.open}\r\n`);
  const wrong = await operator.call('GET', '/api/desk/statistics?from=2011-02-01&until=2011-01-01');
  expect([wrong.status, wrong.body.code]).toEqual([422, 'STATISTICS_RANGE']);
});
