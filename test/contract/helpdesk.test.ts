/** The help desk over HTTP: the way of a ticket, from the form to the close, and what is told. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DeskQueues, DeskTicket, DeskTicketList } from '#protocol/desk-api.ts';
import type { TicketList, TicketView } from '#protocol/helpdesk-api.ts';
import { operatorOf } from '#test/contract/organisation-world.ts';
import { applicant, type Caller, openWorld, type World } from '#test/contract/portal-world.ts';

const DRAFT = {
  kind: 'technical',
  subject: 'Non riesco ad aprire il modello',
  text: 'Dopo il terzo passo\r\nla pagina resta bianca.',
} as const;

let world: World;
let user: Caller;
let operator: Caller;
beforeAll(async () => {
  world = await openWorld();
  user = await applicant(world, 'maria@example.it');
  operator = await operatorOf(world);
});
afterAll(() => world.close());

async function opened(caller = user, draft: object = {}): Promise<TicketView> {
  const { status, body } = await caller.call<TicketView>('POST', '/api/tickets', {
    ...DRAFT,
    ...draft,
  });
  expect(status).toBe(201);
  return body;
}

async function act(id: string, action: string, text?: string): Promise<DeskTicket> {
  const { body: now } = await operator.call<DeskTicket>('GET', `/api/desk/tickets/${id}`);
  const wish = { version: now.version, ...(text === undefined ? {} : { text }) };
  const path = `/api/desk/tickets/${id}/${action}`;
  const { status, body } = await operator.call<DeskTicket>('POST', path, wish);
  expect(status).toBe(200);
  return body;
}

const viewed = async (id: string, caller = user) =>
  (await caller.call<TicketView>('GET', `/api/tickets/${id}`)).body;

describe('the way of a ticket', () => {
  it('accepts at once with a number and a letter', async () => {
    const ticket = await opened();
    expect(ticket).toMatchObject({ status: 'accepted', channel: 'form', subject: DRAFT.subject });
    expect(ticket.number).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/);
    expect(ticket.messages.map(({ by, text }) => ({ by, text }))).toEqual([
      { by: 'you', text: 'Dopo il terzo passo\nla pagina resta bianca.' },
    ]);
    await world.mail.settle();
    const [letter] = world.mail.list({ limit: 1 });
    expect(letter?.recipient).toBe('maria@example.it');
    expect(letter?.subject).toBe(`[#${ticket.number}] Richiesta accettata: ${DRAFT.subject}`);
    expect(letter?.text).not.toContain('terzo passo');
  });

  it('goes every step, each with its time and its author', async () => {
    const { id } = await opened();
    expect((await act(id, 'take')).assignee?.name).toBe('operator');
    await act(id, 'analyse');
    await act(id, 'ask', 'Con quale browser?');
    expect(await world.letter('maria@example.it')).toContain('Con quale browser?');
    expect(await viewed(id)).toMatchObject({ status: 'waiting', isForYou: true });
    const given = await user.call<TicketView>('POST', `/api/tickets/${id}/messages`, {
      text: 'Firefox',
    });
    expect(given.body.status).toBe('analysis');
    await act(id, 'answer', 'Ricarica la pagina.');
    await user.call('POST', `/api/tickets/${id}/close`);
    const reopened = await user.call<TicketView>('POST', `/api/tickets/${id}/reopen`, {
      text: 'Ancora bianca.',
    });
    expect(reopened.body.steps.map(({ status, by }) => `${status} ${by}`)).toEqual([
      ...['received user', 'accepted desk', 'in-charge desk', 'analysis desk', 'waiting desk'],
      ...['given user', 'answered desk', 'closed user', 'reopened user'],
    ]);
    expect(reopened.body.messages.map(({ by }) => by)).toEqual([
      ...['you', 'desk', 'you', 'desk', 'you'],
    ]);
    expect(await world.letter('maria@example.it')).toContain('è stata riaperta');
  });

  it('refuses an action decided on an older version, and one in a wrong state', async () => {
    const { id } = await opened();
    const old = await operator.call<DeskTicket>('GET', `/api/desk/tickets/${id}`);
    await act(id, 'take');
    const late = await operator.call('POST', `/api/desk/tickets/${id}/answer`, {
      version: old.body.version,
      text: 'Troppo tardi',
    });
    expect([late.status, late.body.code]).toEqual([409, 'TICKET_CHANGED']);
    await act(id, 'close');
    const { body } = await operator.call<DeskTicket>('GET', `/api/desk/tickets/${id}`);
    const path = `/api/desk/tickets/${id}/answer`;
    const shut = await operator.call('POST', path, { version: body.version, text: 'Chiusa' });
    expect([shut.status, shut.body.code]).toEqual([409, 'TICKET_STATE']);
    const write = await user.call('POST', `/api/tickets/${id}/messages`, { text: 'Ancora' });
    expect(write.body.code).toBe('TICKET_STATE');
    expect((await viewed(id)).messages).toHaveLength(1);
  });
});

it('keeps the counts of its queues, and pages through them in order', async () => {
  const before = (await operator.call<DeskQueues>('GET', '/api/desk/queues')).body;
  const made = [];
  for (const kind of ['legal', 'legal', 'functional']) made.push(await opened(user, { kind }));
  await act(made[0]!.id, 'take');
  const after = (await operator.call<DeskQueues>('GET', '/api/desk/queues')).body;
  expect(after.open - before.open).toBe(3);
  expect(after.unassigned - before.unassigned).toBe(2);
  expect(after.mine - before.mine).toBe(1);
  expect(after.byKind.legal).toBe(2);
  const page = async (cursor: string) =>
    (
      await operator.call<DeskTicketList>(
        'GET',
        `/api/desk/tickets?queue=open&sort=newest&limit=2${cursor}`,
      )
    ).body;
  const first = await page('');
  const second = await page(`&cursor=${first.nextCursor}`);
  const ids = [...first.tickets, ...second.tickets].map(({ id }) => id);
  expect(ids.slice(0, 3)).toEqual(made.map(({ id }) => id).reverse());
  const own = await user.call<TicketList>('GET', '/api/tickets');
  expect(own.body.tickets.slice(0, 3).map(({ id }) => id)).toEqual(ids.slice(0, 3));
});
