/**
 * Whose tickets are whose: another account, another organisation, a reader, nobody, an office, an
 * operator; what never leaves the desk; what is bounded; what is audited.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DeskCallers, DeskSubject, DeskTicket, DeskTicketList } from '#protocol/desk-api.ts';
import { TICKET_MESSAGES_MAX, type TicketList, type TicketView } from '#protocol/helpdesk-api.ts';
import type { Application } from '#protocol/portal-api.ts';
import {
  memberOf,
  operatorOf,
  organisationOf,
  putInto,
} from '#test/contract/organisation-world.ts';
import {
  applicant,
  type Caller,
  HOUR_US,
  openWorld,
  type World,
} from '#test/contract/portal-world.ts';

const DRAFT = { kind: 'functional', subject: 'Chi firma?', text: 'Chi deve firmare la domanda?' };

let world: World;
let user: Caller;
let stranger: Caller;
let sender: Caller;
let reader: Caller;
let operator: Caller;
beforeAll(async () => {
  world = await openWorld({ helpdesk: { ticketsAnHour: 6, messagesAnHour: 12 } });
  user = await applicant(world, 'user@example.it');
  stranger = await applicant(world, 'stranger@example.it');
  operator = await operatorOf(world);
  const patronato = organisationOf(world, 'Patronato Acli');
  const email = 'sender@patronato.example';
  sender = await memberOf(world, patronato, { email, role: 'sender' });
  reader = await memberOf(world, patronato, { email: 'reader@patronato.example', role: 'reader' });
});
afterAll(() => world.close());

async function opened(caller: Caller, draft: object = {}): Promise<TicketView> {
  const wish = { ...DRAFT, ...draft };
  const { body, status } = await caller.call<TicketView>('POST', '/api/tickets', wish);
  expect(status).toBe(201);
  return body;
}

const atDesk = async (id: string) =>
  (await operator.call<DeskTicket>('GET', `/api/desk/tickets/${id}`)).body;

/** What each call on a user's ticket is answered to this caller. */
async function answers(caller: Caller, id: string): Promise<readonly (string | number)[]> {
  const one = `/api/tickets/${id}`;
  const calls = [
    ['GET', one],
    ['POST', `${one}/messages`, { text: 'Anch’io' }],
    ['POST', `${one}/close`],
    ['POST', `${one}/reopen`, { text: 'Ancora' }],
  ] as const;
  const told: (string | number)[] = [];
  for (const [method, path, wish] of calls) {
    const { status, body } = await caller.call(method, path, wish);
    told.push(status < 300 ? status : `${status} ${body.code}`);
  }
  return told;
}

/** What each call of operators is answered to this caller. */
async function deskAnswers(caller: Caller, id: string): Promise<readonly number[]> {
  const one = `/api/desk/tickets/${id}`;
  const calls = [
    ['GET', '/api/desk/tickets'],
    ['GET', '/api/desk/queues'],
    ['GET', '/api/desk/tags'],
    ['GET', '/api/desk/callers?q=rossi'],
    ['GET', one],
    ['GET', `${one}/subject`],
    ['POST', '/api/desk/tickets', { ...DRAFT, name: 'X', language: 'it' }],
    ['POST', `${one}/take`, { version: 1 }],
    ['POST', `${one}/answer`, { version: 1, text: 'Ecco' }],
    ['POST', `${one}/notes`, { text: 'Nota' }],
    ['POST', `${one}/seen`],
    ['PATCH', one, { version: 1, kind: 'legal' }],
  ] as const;
  const sent = calls.map(([method, path, body]) => caller.call(method, path, body));
  return (await Promise.all(sent)).map(({ status }) => status);
}

describe('reach', () => {
  it('keeps a private person’s tickets from everybody else', async () => {
    const { id } = await opened(user);
    const before = await atDesk(id);
    for (const caller of [stranger, sender, reader]) {
      expect(new Set(await answers(caller, id))).toEqual(new Set(['404 NOT_FOUND']));
    }
    expect(new Set(await answers(world.nobody, id))).toEqual(new Set(['401 UNAUTHENTICATED']));
    expect(new Set(await answers(operator, id))).toEqual(new Set(['404 NOT_FOUND']));
    const asked = await operator.call('POST', '/api/tickets', DRAFT);
    expect(asked.body.code).toBe('FORBIDDEN');
    expect((await atDesk(id)).version).toBe(before.version);
    for (const caller of [stranger, operator]) {
      const list = await caller.call<TicketList>('GET', '/api/tickets');
      expect(list.body.tickets).toEqual([]);
    }
  });

  it('shows an organisation’s to its members, by their role', async () => {
    const { id } = await opened(sender);
    const seen = await reader.call<TicketView>('GET', `/api/tickets/${id}`);
    expect(seen.body.messages[0]?.by).toBe('Maria Rossi');
    expect(seen.body.may).toEqual({ write: false, close: false, reopen: false });
    expect(await answers(reader, id)).toEqual([
      200,
      ...Array<string>(3).fill('403 ROLE_INSUFFICIENT'),
    ]);
    const asked = await reader.call('POST', '/api/tickets', DRAFT);
    expect(asked.body.code).toBe('ROLE_INSUFFICIENT');
    const rival = organisationOf(world, 'Patronato Altro');
    const role = { email: 'rival@altro.example', role: 'administrator' } as const;
    const outsider = await memberOf(world, rival, role);
    expect(new Set(await answers(outsider, id))).toEqual(new Set(['404 NOT_FOUND']));
    const list = await reader.call<TicketList>('GET', '/api/tickets');
    expect(list.body.tickets.map((ticket) => ticket.id)).toEqual([id]);
  });

  it('shows an office’s to each of its accounts, and to no other office', async () => {
    const people = [];
    for (const [email, office] of [
      ['a@rm.example', 'RM'],
      ['b@rm.example', 'RM'],
      ['c@mi.example', 'MI'],
    ] as const) {
      people.push(await applicant(world, email));
      putInto(world, email, { role: 'office', office });
    }
    const [first, second, other] = people as [Caller, Caller, Caller];
    const { id } = await opened(first);
    expect((await answers(second, id)).slice(0, 3)).toEqual([200, 200, 200]);
    expect(new Set(await answers(other, id))).toEqual(new Set(['404 NOT_FOUND']));
    expect((await atDesk(id)).organisation).toBe('RM');
  });

  it('opens the desk to operators alone', async () => {
    const { id } = await opened(user);
    expect(new Set(await deskAnswers(user, id))).toEqual(new Set([403]));
    expect(new Set(await deskAnswers(world.nobody, id))).toEqual(new Set([401]));
  });
});

describe('what never leaves the desk', () => {
  it('are notes, mails of an unproven sender, and who of the desk did what', async () => {
    const { id } = await opened(user);
    const { version } = await atDesk(id);
    await operator.call('POST', `/api/desk/tickets/${id}/notes`, { text: 'SEGRETO uno' });
    await operator.call('PATCH', `/api/desk/tickets/${id}`, {
      version: version + 1,
      isEscalated: true,
      note: 'SEGRETO due',
    });
    const { build, run } = world.database;
    const row = { id: world.random.id(), ticket: id, author: null, author_kind: 'user' };
    const mail = { visibility: 'unverified', channel: 'mail', text: 'SEGRETO tre', at_us: 1 };
    run(build.insertInto('ticket_messages').values({ ...row, ...mail }));
    const now = await atDesk(id);
    expect(JSON.stringify(now).match(/SEGRETO/g)).toHaveLength(3);
    const one = `/api/desk/tickets/${id}`;
    await operator.call('POST', `${one}/answer`, { version: now.version, text: 'Firma Lei.' });
    await user.call('POST', `/api/tickets/${id}/close`);
    const told = [
      await user.call('GET', `/api/tickets/${id}`),
      await user.call('GET', '/api/tickets'),
      await user.call('POST', `/api/tickets/${id}/reopen`, { text: 'Davvero?' }),
    ].map(({ body }) => JSON.stringify(body));
    const letters = world.mail.list({ limit: 100 }).filter((one) => one.subject.startsWith('[#'));
    expect(letters.length).toBeGreaterThan(3);
    for (const text of [...told, ...letters.map((letter) => letter.subject + letter.text)]) {
      expect(text).not.toMatch(/SEGRETO|escalated|noted|operator@/);
    }
  });

  it('is any order in the numbers of tickets', async () => {
    const numbers = [];
    for (let count = 0; count < 4; count += 1) {
      numbers.push((await opened(stranger)).number ?? '');
    }
    expect(new Set(numbers.map((number) => number.slice(0, 2))).size).toBeGreaterThan(2);
    expect([...numbers].sort()).not.toEqual(numbers);
    const walked = await user.call('GET', `/api/tickets/${numbers[0]}`);
    expect(walked.status).toBe(404);
  });
});

describe('bounds', () => {
  it('are so many tickets an hour, and as many messages', async () => {
    const asker = await applicant(world, 'asker@example.it');
    const made: TicketView[] = [];
    for (let count = 0; count < 6; count += 1) made.push(await opened(asker));
    const seventh = await asker.call('POST', '/api/tickets', DRAFT);
    expect([seventh.status, seventh.body.code]).toEqual([429, 'TICKETS_TOO_MANY']);
    expect(seventh.body.retryAfterMs).toBe(HOUR_US / 1000);
    const write = (text: string) =>
      asker.call('POST', `/api/tickets/${made[0]?.id}/messages`, { text });
    for (let count = 0; count < 6; count += 1) expect((await write('Ancora')).status).toBe(200);
    expect((await write('Ancora')).body.code).toBe('TICKET_MESSAGES_TOO_MANY');
    world.clock.advance(HOUR_US);
    expect((await write('Ancora')).status).toBe(200);
    expect((await asker.call('POST', '/api/tickets', DRAFT)).status).toBe(201);
  });

  it('are so many messages of one ticket', async () => {
    const { id } = await opened(user);
    const { build, run } = world.database;
    const message = { author: null, author_kind: 'desk', visibility: 'internal', at_us: 1 };
    const rows = Array.from({ length: TICKET_MESSAGES_MAX - 2 }, () => ({
      ...{ id: world.random.id(), ticket: id, channel: 'form', text: 'Nota' },
      ...message,
    }));
    run(build.insertInto('ticket_messages').values(rows));
    const write = () => user.call('POST', `/api/tickets/${id}/messages`, { text: 'Ancora' });
    expect((await write()).status).toBe(200);
    expect((await write()).body.code).toBe('TICKET_FULL');
  });

  it('are texts with something in them, of one’s own applications', async () => {
    const refused = async (draft: object) =>
      (await user.call('POST', '/api/tickets', { ...DRAFT, ...draft })).body.code;
    expect(await refused({ text: ' \u0000\n ' })).toBe('TICKET_TEXT_MISSING');
    expect(await refused({ subject: ' \t\n ' })).toBe('TICKET_SUBJECT_MISSING');
    expect(await refused({ text: 'x'.repeat(8001) })).toBe('REQUEST_INVALID');
    const wish = { model: 'A' };
    const other = (await stranger.call<Application>('POST', '/api/applications', wish)).body;
    expect(await refused({ application: other.id })).toBe('TICKET_APPLICATION_UNKNOWN');
    const { messages } = await opened(user, { text: 'a\u202eb\u001b[31mc' });
    expect(messages[0]?.text).toBe('ab[31mc');
  });
});

describe('the telephone', () => {
  it('finds who calls by name, code, address, organisation and protocol', async () => {
    const found = async (q: string) => {
      const path = `/api/desk/callers?q=${encodeURIComponent(q)}`;
      const { body } = await operator.call<DeskCallers>('GET', path);
      return body.callers.map(({ email }) => email);
    };
    putInto(world, 'user@example.it', { given_name: 'Nicolò', family_name: 'D’Alò' });
    putInto(world, 'user@example.it', { codice_fiscale: 'DLANCL80A01H501X' });
    expect(await found('nicolo alo')).toEqual(['user@example.it']);
    expect(await found('dlancl')).toEqual(['user@example.it']);
    expect(await found('user@')).toEqual(['user@example.it']);
    expect((await found('patronato acli')).sort()).toEqual([
      'reader@patronato.example',
      'sender@patronato.example',
    ]);
    expect((await found('RM')).sort()).toEqual(['a@rm.example', 'b@rm.example']);
    expect(await found('operator@clickday.example')).toEqual([]);
    const { body } = await user.call<Application>('POST', '/api/applications', { model: 'A' });
    const { build, run } = world.database;
    const protocol = '2011-01-31/g1/000000007';
    run(build.updateTable('applications').set({ protocol }).where('id', '=', body.id));
    expect(await found(protocol)).toEqual(['user@example.it']);
  });

  it('opens a ticket for who calls, which is then theirs', async () => {
    const account = world.database.first(
      world.database.build
        .selectFrom('accounts')
        .select('id')
        .where('email', '=', 'sender@patronato.example'),
    )!.id;
    const call = { ...DRAFT, account, phone: '06 1234', language: 'en' };
    const made = await operator.call<DeskTicket>('POST', '/api/desk/tickets', call);
    expect(made.body).toMatchObject({ channel: 'phone', organisation: 'Patronato Acli' });
    expect((await reader.call('GET', `/api/tickets/${made.body.id}`)).status).toBe(200);
    const nameless = await operator.call('POST', '/api/desk/tickets', {
      ...{ ...DRAFT, language: 'it' },
    });
    expect(nameless.body.code).toBe('TICKET_CALLER_MISSING');
    const guest = { ...DRAFT, name: 'Luca', email: 'luca@example.org', language: 'en' };
    const { number } = (await operator.call<DeskTicket>('POST', '/api/desk/tickets', guest)).body;
    expect(await world.letter('luca@example.org')).toContain(`under the number ${number}`);
  });
});

it('leaves a line in the audit for all that staff reads of a person', async () => {
  const { id } = await opened(user, { subject: 'Zanzibar' });
  const since = world.random.id();
  await operator.call('GET', `/api/desk/tickets/${id}`);
  await operator.call<DeskSubject>('GET', `/api/desk/tickets/${id}/subject`);
  await operator.call('GET', '/api/desk/callers?q=nicolo');
  const { body } = await operator.call<DeskTicketList>('GET', '/api/desk/tickets?q=zanzi');
  expect(body.tickets.map((ticket) => ticket.id)).toEqual([id]);
  const { build, all } = world.database;
  const lines = all(build.selectFrom('audit').selectAll().where('id', '>', since).orderBy('id'));
  expect(lines.map(({ action }) => action)).toEqual([
    ...['ticket.read', 'ticket.subject', 'callers.search', 'tickets.list'],
  ]);
  const details = lines.map(({ detail_json }) => detail_json).join();
  expect(details).toContain(id);
  expect(details).not.toMatch(/zanzi|nicolo/);
});
