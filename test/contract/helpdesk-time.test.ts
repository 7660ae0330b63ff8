/** What time does to tickets, and what is left of them when an account goes. */
import { existsSync, readdirSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
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
