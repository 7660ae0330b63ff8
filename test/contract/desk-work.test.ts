/** Tickets joined, split, answered by the hundred; who else reads one; what incidents tell. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DeskBulkState, DeskPresenceAnswer, DeskTicket } from '#protocol/desk-api.ts';
import type { DeskIncident } from '#protocol/desk-tools-api.ts';
import type { TicketView } from '#protocol/helpdesk-api.ts';
import { isoFromUs } from '#protocol/time.ts';
import { memberOf, operatorOf, organisationOf } from '#test/contract/organisation-world.ts';
import {
  applicant,
  type Caller,
  HOUR_US,
  openWorld,
  START_US,
  type World,
} from '#test/contract/portal-world.ts';
import { aFile } from '#test/support/attachments.ts';

const ID = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
let world: World;
let user: Caller;
let stranger: Caller;
let operator: Caller;
let colleague: Caller;
beforeAll(async () => {
  world = await openWorld({ helpdesk: { ticketsAnHour: 100 } });
  user = await applicant(world, 'maria@example.it');
  stranger = await applicant(world, 'stranger@example.it');
  operator = await operatorOf(world);
  colleague = await world.administrator();
});
afterAll(() => world.close());

async function opened(caller: Caller, subject: string): Promise<TicketView> {
  const draft = { kind: 'technical', subject, text: `${subject}: testo` };
  return (await caller.call<TicketView>('POST', '/api/tickets', draft)).body;
}

const seen = async (id: string) =>
  (await operator.call<DeskTicket>('GET', `/api/desk/tickets/${id}`)).body;
const viewed = (caller: Caller, id: string) => caller.call<TicketView>('GET', `/api/tickets/${id}`);
const texts = ({ messages }: { messages: readonly { text: string }[] }) =>
  messages.map(({ text }) => text);

async function deed(id: string, name: string, more: object = {}) {
  const { version } = await seen(id);
  const path = `/api/desk/tickets/${id}/${name}`;
  return operator.call<DeskTicket & { code: string }>('POST', path, { version, ...more });
}

const letters = async (to: string) => {
  await world.mail.settle();
  return world.mail.list({ limit: 100 }).filter((each) => each.recipient === to);
};

describe('merging', () => {
  it('takes messages and files along, tells the user, and can be undone', async () => {
    const [one, other] = [await opened(user, 'Primo'), await opened(user, 'Secondo')];
    const path = `/api/tickets/${one.id}/attachments`;
    const file = await user.call('POST', `${path}?message=${one.messages[0]!.id}`, aFile());
    expect(file.status).toBe(201);
    const { status, body } = await deed(one.id, 'merge', { into: other.id });
    expect([status, body.id, body.mergedFrom]).toEqual([200, other.id, [one.id]]);
    const joined = (await viewed(user, other.id)).body;
    const told = `La tua richiesta ${one.number} riguarda lo stesso argomento e prosegue qui, nella ${other.number}.`;
    expect(texts(joined)).toEqual(['Primo: testo', 'Secondo: testo', told]);
    expect(joined.messages.map(({ attachments }) => attachments.length)).toEqual([1, 0, 0]);
    expect((await letters('maria@example.it'))[0]?.text).toContain(told);
    const gone = (await viewed(user, one.id)).body;
    expect(gone).toMatchObject({ status: 'merged', mergedInto: other.id, messages: [] });
    await user.call('POST', `/api/tickets/${other.id}/messages`, { text: 'Ancora' });
    const back = await deed(one.id, 'unmerge');
    expect([back.body.status, back.body.mergedInto]).toEqual(['accepted', null]);
    expect(texts((await viewed(user, one.id)).body)[0]).toBe('Primo: testo');
    expect((await viewed(user, one.id)).body.messages[0]?.attachments).toHaveLength(1);
    expect(texts((await viewed(user, other.id)).body)).toEqual(['Secondo: testo', told, 'Ancora']);
    expect((await deed(one.id, 'unmerge')).body.code).toBe('TICKET_STATE');
    const { build, all } = world.database;
    const audited = build.selectFrom('audit').select('action').where('subject', '=', one.id);
    const actions = all(audited.orderBy('id')).map(({ action }) => action);
    expect(actions).toEqual(expect.arrayContaining(['ticket.merge', 'ticket.unmerge']));
  });

  it('never shows one person’s words to another', async () => {
    const [mine, theirs] = [await opened(user, 'Mio'), await opened(stranger, 'Altrui')];
    const office = organisationOf(world, 'Patronato');
    const member = await memberOf(world, office, { email: 'm@p.example.it', role: 'preparer' });
    const ours = await opened(member, 'Ente');
    const phone = { language: 'it', kind: 'technical', subject: 'Telefono', text: 'Chiamata' };
    const call = async (caller: object) =>
      (await operator.call<DeskTicket>('POST', '/api/desk/tickets', { ...phone, ...caller })).body
        .id;
    const nobody = await call({ name: 'Qualcuno' });
    const namesake = await call({ name: 'Qualcuno' });
    const asked: readonly [string, string][] = [
      ...([theirs.id, ours.id, nobody].map((into) => [mine.id, into]) as [string, string][]),
      ...([[nobody, namesake]] as [string, string][]),
    ];
    for (const [from, into] of asked) {
      for (const [id, target] of [
        [from, into],
        [into, from],
      ] as const) {
        const { status, body } = await deed(id, 'merge', { into: target });
        expect([status, body.code]).toEqual([409, 'TICKETS_OF_OTHERS']);
      }
    }
    const mailbox = { name: 'Qualcuno', email: 'q@example.it' };
    const [first, second] = [await call(mailbox), await call(mailbox)];
    expect((await deed(first, 'merge', { into: second })).status).toBe(200);
  });

  it('gives back one that waited as it was: time closes it as before', async () => {
    const [one, other] = [await opened(user, 'In attesa'), await opened(user, 'Principale')];
    await deed(one.id, 'ask', { text: 'Quale browser?' });
    await deed(one.id, 'merge', { into: other.id });
    expect((await deed(one.id, 'unmerge')).body.status).toBe('waiting');
    const { build, first } = world.database;
    const rows = build.selectFrom('tickets').select('waiting_since_us');
    expect(first(rows.where('id', '=', one.id))).toMatchObject({ waiting_since_us: START_US });
  });

  it('is refused into itself, into what is over, and twice', async () => {
    const [one, other] = [await opened(user, 'Uno'), await opened(user, 'Altro')];
    expect((await deed(one.id, 'merge', { into: one.id })).body.code).toBe('TICKET_STATE');
    expect((await deed(one.id, 'merge', { into: ID })).body.code).toBe('NOT_FOUND');
    await deed(other.id, 'close');
    expect((await deed(one.id, 'merge', { into: other.id })).body.code).toBe('TICKET_STATE');
    const stale = { version: 1, into: other.id };
    const old = await operator.call('POST', `/api/desk/tickets/${one.id}/merge`, stale);
    expect(old.body.code).toBe('TICKET_CHANGED');
  });
});

it('splits messages off into a ticket with a number of its own', async () => {
  const ticket = await opened(user, 'Due cose');
  const path = `/api/tickets/${ticket.id}/messages`;
  await user.call('POST', path, { text: 'E un’altra domanda' });
  const { messages } = (await viewed(user, ticket.id)).body;
  const wish = { subject: 'L’altra', kind: 'legal' };
  const all = await deed(ticket.id, 'split', { ...wish, messages: messages.map(({ id }) => id) });
  expect(all.body.code).toBe('SPLIT_MESSAGES');
  const foreign = (await opened(stranger, 'Altrui')).messages[0]!.id;
  const others = await deed(ticket.id, 'split', { ...wish, messages: [foreign] });
  expect(others.body.code).toBe('SPLIT_MESSAGES');
  const some = [messages[1]!.id];
  const { status, body } = await deed(ticket.id, 'split', { ...wish, messages: some });
  expect([status, body.kind, body.status]).toEqual([201, 'legal', 'accepted']);
  expect(body.number).not.toBe(ticket.number);
  expect(texts((await viewed(user, body.id)).body)).toEqual([
    ...[
      'E un’altra domanda',
      `Una parte della tua richiesta ${ticket.number} prosegue qui come richiesta a sé.`,
    ],
  ]);
  expect(texts((await viewed(user, ticket.id)).body)).toEqual(['Due cose: testo']);
  expect((await viewed(stranger, body.id)).status).toBe(404);
  const { database } = world;
  const audited = database.build.selectFrom('audit').select('subject');
  expect(database.all(audited.where('action', '=', 'ticket.split'))).toEqual([
    { subject: ticket.id },
  ]);
});

it('keeps its promise by the answer that was the end, however late it is closed', async () => {
  const [{ id }, other] = [await opened(user, 'Promessa'), await opened(user, 'Non basta')];
  for (const each of [id, other.id]) await deed(each, 'answer', { text: 'Ecco.' });
  await user.call('POST', `/api/tickets/${other.id}/messages`, { text: 'Non funziona' });
  world.clock.set({ nowUs: START_US + 10 * 24 * HOUR_US });
  const later = await world.person('operator@clickday.example', 'una parola lunga');
  const act = async (name: string, ticket = id) => {
    const path = `/api/desk/tickets/${ticket}`;
    const { version } = (await later.call<DeskTicket>('GET', path)).body;
    return (await later.call<DeskTicket>('POST', `${path}/${name}`, { version })).body;
  };
  expect((await act('close')).solution).toEqual({ due: null, state: 'met' });
  expect((await act('close', other.id)).solution.state).toBe('breached');
  // Nothing had run: the desk opened that minute. So two days of ten hours are left.
  const due = isoFromUs(START_US + (11 * 24 + 10) * HOUR_US);
  expect((await act('reopen')).solution).toEqual({ due, state: 'running' });
  world.clock.set({ nowUs: START_US });
});

it('says who else has a ticket open, for 45 seconds', async () => {
  const { id } = await opened(user, 'Presenza');
  const say = async (caller: Caller, state: string) => {
    const path = `/api/desk/tickets/${id}/presence`;
    return (await caller.call<DeskPresenceAnswer>('POST', path, { state })).body;
  };
  expect((await say(operator, 'reading')).others).toEqual([]);
  expect((await say(colleague, 'writing')).others).toMatchObject([{ name: 'operator' }]);
  expect((await say(operator, 'reading')).others).toMatchObject([{ state: 'writing' }]);
  expect((await say(operator, 'reading')).version).toBe((await seen(id)).version);
  await say(colleague, 'left');
  expect((await say(operator, 'reading')).others).toEqual([]);
  await say(colleague, 'reading');
  world.clock.set({ nowUs: START_US + 46_000_000 });
  expect((await say(operator, 'reading')).others).toEqual([]);
  world.clock.set({ nowUs: START_US });
});

describe('bulk actions', () => {
  const finished = async (wish: object) => {
    const { status, body } = await operator.call<DeskBulkState>('POST', '/api/desk/bulk', wish);
    expect(status).toBe(202);
    const state = () => operator.call<DeskBulkState>('GET', `/api/desk/bulk/${body.id}`);
    await expect.poll(async () => (await state()).body.isFinished, { interval: 20 }).toBe(true);
    return (await state()).body;
  };

  it('answer all open tickets of an incident, once each, and skip what is over', async () => {
    const draft = {
      title: { it: 'Lento', en: 'Slow' },
      text: { it: 'x', en: 'x' },
      ...{ kind: 'technical', isResolved: false },
    };
    const incident = (await operator.call<DeskIncident>('POST', '/api/desk/incidents', draft)).body;
    const made = [];
    for (const caller of [user, stranger, user]) made.push(await opened(caller, 'Lentezza'));
    for (const { id } of made) {
      const { version } = await seen(id);
      const change = { version, incident: incident.id };
      await operator.call('PATCH', `/api/desk/tickets/${id}`, change);
    }
    await deed(made[2]!.id, 'close');
    const text = 'Abbiamo risolto.';
    const state = await finished({ incident: incident.id, action: 'answer', text });
    expect(state).toMatchObject({ total: 2, done: 2, skipped: 0 });
    for (const { id } of made.slice(0, 2)) {
      expect(await seen(id)).toMatchObject({ status: 'answered', assignee: { name: 'operator' } });
    }
    expect((await viewed(user, made[0]!.id)).body.messages.at(-1)?.text).toBe(text);
    expect(await letters('stranger@example.it')).toMatchObject([
      { subject: `[#${made[1]!.number}] Risposta: Lentezza` },
      ...Array((await letters('stranger@example.it')).length - 1).fill({}),
    ]);
    const again = await finished({ tickets: made.map(({ id }) => id), action: 'close' });
    expect(again).toMatchObject({ total: 3, done: 2, skipped: 1 });
  });

  it('answer each ticket in its own language where both are written', async () => {
    const [italian, english] = [await opened(user, 'Lento'), await opened(user, 'Slow')];
    const { version } = await seen(english.id);
    await operator.call('PATCH', `/api/desk/tickets/${english.id}`, { version, language: 'en' });
    const tickets = [italian.id, english.id];
    const texts = { it: 'Risolto.', en: 'Solved.' };
    await finished({ tickets, action: 'answer', texts });
    const last = async ({ id }: { id: string }) =>
      (await viewed(user, id)).body.messages.at(-1)?.text;
    expect([await last(italian), await last(english)]).toEqual(['Risolto.', 'Solved.']);
    const both = { tickets, action: 'answer', text: 'x', texts };
    expect((await operator.call('POST', '/api/desk/bulk', both)).body.code).toBe('REQUEST_INVALID');
  });

  it('assign, and are refused when something is missing', async () => {
    const { id } = await opened(user, 'Da dare');
    const { operators } = (
      await operator.call<{ operators: { id: string; name: string }[] }>('GET', '/api/desk/teams')
    ).body;
    const assignee = operators.find(({ name }) => name === 'admin')?.id;
    await finished({ tickets: [id, ID], action: 'assign', assignee });
    expect((await seen(id)).assignee?.name).toBe('admin');
    const refused = async (wish: object) =>
      (await operator.call('POST', '/api/desk/bulk', wish)).body.code;
    expect(await refused({ tickets: [id], action: 'answer' })).toBe('REQUEST_INVALID');
    expect(await refused({ action: 'close' })).toBe('REQUEST_INVALID');
    expect(await refused({ incident: ID, action: 'close' })).toBe('NOT_FOUND');
    const unknown = { tickets: [id], action: 'assign', assignee: ID };
    expect(await refused(unknown)).toBe('TICKET_ASSIGNEE_UNKNOWN');
  });
});

it('tells followers and open tickets of an incident, each of them once', async () => {
  const draft = {
    title: { it: 'Ricevute in ritardo', en: 'Receipts are late' },
    text: { it: 'x', en: 'x' },
    ...{ kind: 'technical', isResolved: false },
  };
  const { id } = (await operator.call<DeskIncident>('POST', '/api/desk/incidents', draft)).body;
  for (const caller of [user, stranger]) await caller.call('POST', `/api/incidents/${id}/follow`);
  const ticket = await opened(user, 'Ricevuta');
  const { version } = await seen(ticket.id);
  await operator.call('PATCH', `/api/desk/tickets/${ticket.id}`, { version, incident: id });
  const before = [
    (await letters('maria@example.it')).length,
    (await letters('stranger@example.it')).length,
  ];
  const message = { it: 'Arrivano entro sera.', en: 'They come tonight.' };
  const tell = async (more: object) => {
    await operator.call('PUT', `/api/desk/incidents/${id}`, { ...draft, ...more });
    const { build, first } = world.database;
    const open = build.selectFrom('desk_jobs').select('id').where('finished_at_us', 'is', null);
    await expect.poll(() => first(open), { interval: 20 }).toBeUndefined();
  };
  await tell({ message });
  const [mine, theirs] = [await letters('maria@example.it'), await letters('stranger@example.it')];
  expect([mine.length - before[0]!, theirs.length - before[1]!]).toEqual([1, 1]);
  expect(theirs[0]?.subject).toBe('Aggiornamento: Ricevute in ritardo');
  expect(mine[0]?.subject).toBe(`[#${ticket.number}] Messaggio: Ricevuta`);
  expect((await seen(ticket.id)).status).toBe('accepted');
  await tell({ isResolved: true });
  expect((await seen(ticket.id)).status).toBe('answered');
  expect((await letters('stranger@example.it'))[0]?.subject).toContain('Problema risolto');
});
