/** What time does to tickets, and what is left of them when an account goes. */
import { existsSync, readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemTimers } from '#engine/clock/index.ts';
import { silentLog } from '#engine/foundation/log.ts';
import { createHelpdesk, noTools } from '#engine/portal/helpdesk/index.ts';
import { exportedTickets, helpdeskLimits, portalLimits } from '#engine/portal/index.ts';
import { attachmentPath } from '#engine/store/index.ts';
import type { DeskTicket, DeskTicketList } from '#protocol/desk-api.ts';
import type { TicketAttachment, TicketView } from '#protocol/helpdesk-api.ts';
import { memberOf, operatorOf, organisationOf } from '#test/contract/organisation-world.ts';
import {
  applicant,
  type Caller,
  HOUR_US,
  openWorld,
  type World,
} from '#test/contract/portal-world.ts';
import { aFile } from '#test/support/attachments.ts';

const DAY_US = 24 * HOUR_US;
const DRAFT = { kind: 'technical', subject: 'Parola Zagabria', text: 'Il modello non si apre.' };
const PASSWORD = 'la mia parola segreta';

let world: World;
let operator: Caller;
beforeAll(async () => {
  world = await openWorld({
    mailQueuedMax: 20_000,
    helpdesk: { waitingDays: 2, answeredDays: 1, ticketsAnHour: 40 },
    limits: { cookieSessionMs: 90 * 24 * 3_600_000 },
  });
  operator = await operatorOf(world);
});
afterAll(() => world.close());

async function opened(caller: Caller): Promise<TicketView> {
  return (await caller.call<TicketView>('POST', '/api/tickets', DRAFT)).body;
}

const atDesk = async (id: string) =>
  (await operator.call<DeskTicket>('GET', `/api/desk/tickets/${id}`)).body;

async function act(id: string, action: string): Promise<void> {
  const { version } = await atDesk(id);
  const wish = { version, text: 'Testo' };
  await operator.call('POST', `/api/desk/tickets/${id}/${action}`, wish);
}

const rowOf = ({ id }: { id: string }) =>
  world.database.first(
    world.database.build.selectFrom('tickets').selectAll().where('id', '=', id),
  )!;

it('closes what waits too long for its user, and tells them; nothing else', async () => {
  const user = await applicant(world, 'late@example.it');
  const [waiting, answered, open] = [await opened(user), await opened(user), await opened(user)];
  await act(waiting.id, 'ask');
  await act(answered.id, 'answer');
  world.clock.advance(DAY_US - 1);
  world.portal.sweep();
  expect([waiting, answered, open].map((ticket) => rowOf(ticket).status)).toEqual([
    ...['waiting', 'answered', 'accepted'],
  ]);
  world.clock.advance(1);
  world.portal.sweep();
  expect(rowOf(answered)).toMatchObject({ status: 'closed', closed_by: 'time' });
  expect(await world.letter('late@example.it')).toContain('è stata chiusa');
  world.clock.advance(DAY_US);
  world.portal.sweep();
  expect([waiting, open].map((ticket) => rowOf(ticket).status)).toEqual(['closed', 'accepted']);
  const view = await user.call<TicketView>('GET', `/api/tickets/${waiting.id}`);
  expect(view.body.steps.at(-1)).toMatchObject({ status: 'closed', by: 'time' });
});

it('accepts later what the full outbox kept from its number', async () => {
  const { build, run } = world.database;
  const user = await applicant(world, 'many@example.it');
  await world.mail.settle();
  const full = `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
    INSERT INTO mails (id, recipient, subject, text, status, attempts, next_attempt_us,
      created_at_us) SELECT 'full' || i, 'x@example.org', '', '', 'queued', 0, 9e15, 0 FROM n`;
  run({ compile: () => ({ sql: full, parameters: [] }) } as never);
  const kept = await opened(user);
  expect(kept).toMatchObject({ status: 'received', number: null });
  world.portal.sweep();
  expect(rowOf(kept).number).toBeNull();
  run(build.deleteFrom('mails').where('recipient', '=', 'x@example.org'));
  world.portal.sweep();
  expect(rowOf(kept)).toMatchObject({ status: 'accepted' });
  expect(await world.letter('many@example.it')).toContain(rowOf(kept).number);
});

it('leaves no word of a private person’s when the account is erased', async () => {
  const user = await applicant(world, 'gone@example.it');
  const kept = organisationOf(world, 'Patronato');
  const role = { email: 'left@example.it', role: 'sender' } as const;
  const member = await memberOf(world, kept, role);
  const administrator = { email: 'chief@example.it', role: 'administrator' } as const;
  await memberOf(world, kept, administrator);
  const [own, theirs] = [await opened(user), await opened(member)];
  const path = `/api/tickets/${own.id}/attachments?message=${own.messages[0]?.id}`;
  const file = (await user.call<TicketAttachment>('POST', path, aFile())).body;
  const { version } = await atDesk(own.id);
  await operator.call('PATCH', `/api/desk/tickets/${own.id}`, { version, subject: 'Zagabria 2' });
  for (const caller of [user, member]) {
    const plan = await caller.call('POST', '/api/account/deletion', { password: PASSWORD });
    expect(plan.status).toBe(202);
  }
  world.clock.advance(8 * DAY_US);
  world.portal.sweep();
  world.portal.sweep();
  const left = await atDesk(own.id);
  expect(left).toMatchObject({ number: own.number, subject: '', contact: '', account: null });
  expect([left.status, left.messages]).toEqual(['closed', []]);
  expect(JSON.stringify(left)).not.toMatch(/Zagabria|Maria|gone@/);
  const organisations = await atDesk(theirs.id);
  expect(organisations).toMatchObject({ contact: '', account: null, organisation: 'Patronato' });
  expect(organisations.messages[0]?.text).toBe(DRAFT.text);
  expect(JSON.stringify(organisations)).not.toMatch(/Maria|left@/);
  const query = '/api/desk/tickets?queue=all&q=maria+rossi';
  const found = (await operator.call<DeskTicketList>('GET', query)).body.tickets;
  expect(found.length).toBeGreaterThan(0);
  expect(found.filter(({ id }) => [own.id, theirs.id].includes(id))).toEqual([]);
  world.clock.advance(2 * HOUR_US);
  const onDisk = () => existsSync(attachmentPath(world.directory.attachments, file.id));
  expect(onDisk()).toBe(true);
  world.portal.sweep();
  await expect.poll(onDisk).toBe(false);
});

describe('a ticket of nobody', () => {
  const call = { kind: 'technical', language: 'it', subject: 'Zibibbo', text: 'Testo zibibbo' };
  const email = 'caller@example.it';
  const called = async (who: object): Promise<DeskTicket> => {
    const wish = { ...call, ...who };
    return (await operator.call<DeskTicket>('POST', '/api/desk/tickets', wish)).body;
  };
  const lettersTo = (to: string) =>
    world.mail.list({ limit: 100 }).filter(({ recipient }) => recipient === to);
  const finished = async () => {
    world.portal.sweep();
    // More than one batch: the others follow with a pause.
    await expect.poll(() => rowsWith('Zibibbo'), { interval: 20 }).toBe(1);
  };
  const rowsWith = (subject: string) => {
    const { build, all } = world.database;
    return all(build.selectFrom('tickets').select('id').where('subject', '=', subject)).length;
  };

  it('loses its words a year after its end, and takes no new ones', async () => {
    const many = [];
    for (let at = 0; at < 6; at += 1) many.push(await called({ name: 'Nessuno', email }));
    const [first, ...others] = many as [DeskTicket, ...DeskTicket[]];
    const open = await called({ name: 'Nessuno', email, subject: 'Zibibbo aperta' });
    const late = await called({ name: 'Nessuno', phone: '06 123' });
    for (const { id } of many) await act(id, 'close');
    await world.mail.settle();
    const letter = lettersTo(email).find(({ subject }) => subject.includes(first.number ?? ''));
    const file = `${world.directory.outbox}/${letter?.id}.eml`;
    expect(existsSync(file)).toBe(true);
    world.clock.advance(DAY_US);
    await act(late.id, 'close');
    world.clock.advance(364 * DAY_US - 1);
    operator = await world.person('operator@clickday.example', 'una parola lunga');
    world.portal.sweep();
    expect(rowsWith('Zibibbo')).toBe(7);
    world.clock.advance(1);
    await finished();
    const left = await atDesk(first.id);
    expect(left).toMatchObject({ number: first.number, status: 'closed', phone: null });
    expect([left.subject, left.contact, left.email, left.messages]).toEqual(['', '', null, []]);
    expect(left.events.at(-1)?.kind).toBe('erased');
    expect(JSON.stringify(left)).not.toMatch(/ibibbo|Nessuno|caller@/);
    expect(lettersTo(email).map(({ subject }) => subject)).toEqual([
      `[#${open.number}] Richiesta accettata: Zibibbo aperta`,
    ]);
    expect(existsSync(file)).toBe(false);
    for (const [action, more] of [
      ['notes', { text: 'Zibibbo' }],
      ['reopen', { version: left.version, text: 'Zibibbo' }],
    ] as const) {
      const path = `/api/desk/tickets/${first.id}/${action}`;
      expect((await operator.call('POST', path, more)).body.code).toBe('TICKET_STATE');
    }
    expect((await atDesk(first.id)).messages).toEqual([]);
    expect(others.every(({ id }) => rowOf({ id }).subject === '')).toBe(true);
    expect(rowOf(late)).toMatchObject({ subject: 'Zibibbo', contact_phone: '06 123' });
  });

  it('loses them at once by an administrator’s hand, when it is over', async () => {
    const admin = await world.administrator();
    const { id } = await called({ name: 'Zibibbo Tizio', email: 'tizio@example.it' });
    const erase = async (caller: Caller, ticket = id) => {
      const { version } = await atDesk(ticket);
      const path = `/api/desk/tickets/${ticket}/erase`;
      return (await caller.call('POST', path, { version })).body;
    };
    expect((await erase(admin)).code).toBe('TICKET_STATE');
    await act(id, 'close');
    expect((await erase(operator)).code).toBe('FORBIDDEN');
    const path = `/api/desk/tickets/${id}/erase`;
    expect((await admin.call('POST', path, { version: 1 })).body.code).toBe('TICKET_CHANGED');
    await erase(admin);
    expect(JSON.stringify(await atDesk(id))).not.toMatch(/ibibbo|Tizio|tizio@/);
    expect(lettersTo('tizio@example.it')).toEqual([]);
    const { build, all } = world.database;
    const audited = build.selectFrom('audit').select('subject');
    expect(all(audited.where('action', '=', 'ticket.erase'))).toEqual([{ subject: id }]);
    expect((await erase(admin)).code).toBe('TICKET_STATE');
    const user = await applicant(world, 'hasone@example.it');
    const own = await opened(user);
    await act(own.id, 'close');
    expect((await erase(admin, own.id)).code).toBe('TICKET_STATE');
  });

  it('that was merged stays in the other when it has lost its words', async () => {
    const [one, other] = [await called({ name: 'A', email }), await called({ name: 'A', email })];
    const { version } = await atDesk(one.id);
    const merge = `/api/desk/tickets/${one.id}/merge`;
    await operator.call('POST', merge, { version, into: other.id });
    world.clock.advance(366 * DAY_US);
    operator = await world.person('operator@clickday.example', 'una parola lunga');
    world.portal.sweep();
    const gone = await atDesk(one.id);
    expect(gone).toMatchObject({ status: 'merged', subject: '' });
    const path = `/api/desk/tickets/${one.id}/unmerge`;
    const back = await operator.call('POST', path, { version: gone.version });
    expect([back.status, back.body.code]).toEqual([409, 'TICKET_STATE']);
    expect((await atDesk(other.id)).messages.map(({ text }) => text)).toContain(call.text);
  });
});

it('exports every ticket, and no word of any', async () => {
  const rows = [...exportedTickets(world.database)];
  const { build, all } = world.database;
  expect(rows).toHaveLength(all(build.selectFrom('tickets').select('id')).length);
  expect(rows[0]).toMatchObject({ kind: 'technical', closedBy: 'time' });
  expect(JSON.stringify(rows)).not.toMatch(/Zagabria|modello|Maria/);
});

it('sends no letter of what was taken back', async () => {
  const user = await applicant(world, 'undone@example.it');
  const ticket = await opened(user);
  await world.mail.settle();
  const before = world.mail.list({ limit: 1 })[0]?.id;
  const actions = createHelpdesk({
    ...{ ...world, timers: systemTimers(), log: silentLog(), audit: () => undefined },
    ...{ publicUrl: () => world.address, limits: helpdeskLimits, fileLimits: portalLimits },
    ...{ directory: world.directory.attachments, tools: noTools },
  }).actions;
  const step = { action: 'answer', actor: { by: 'desk', account: null }, text: 'No' } as const;
  expect(() =>
    world.database.transaction(() => {
      actions.act(rowOf(ticket), step);
      throw new Error('undone');
    }),
  ).toThrow('undone');
  await world.mail.settle();
  expect(world.mail.list({ limit: 1 })[0]?.id).toBe(before);
  expect(readdirSync(world.directory.outbox).filter((name) => name > `${before}.eml`)).toEqual([]);
  expect(rowOf(ticket).status).toBe('accepted');
});
