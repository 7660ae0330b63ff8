/**
 * What an operator reads beside a ticket: who asks, their applications with receipt and place in
 * the log. Nobody else's, to nobody else, and never without a line in the audit.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DeskSubject } from '#protocol/desk-api.ts';
import type { TicketView } from '#protocol/helpdesk-api.ts';
import type { Application } from '#protocol/portal-api.ts';
import { operatorOf } from '#test/contract/organisation-world.ts';
import { applicant, type Caller, openWorld, type World } from '#test/contract/portal-world.ts';

const PROTOCOL = '2011-01-31/g1/000000007';
const PDF = Buffer.from('%PDF-1.7 receipt');

let world: World;
let maria: Caller;
let stranger: Caller;
let operator: Caller;
beforeAll(async () => {
  world = await openWorld();
  maria = await applicant(world, 'maria@example.it');
  stranger = await applicant(world, 'stranger@example.it');
  operator = await operatorOf(world);
});
afterAll(() => world.close());

async function applied(caller: Caller): Promise<string> {
  return (await caller.call<Application>('POST', '/api/applications', { model: 'A' })).body.id;
}

async function asked(caller: Caller): Promise<string> {
  const draft = { kind: 'technical', subject: 'Non si apre', text: 'La ricevuta resta bianca.' };
  return (await caller.call<TicketView>('POST', '/api/tickets', draft)).body.id;
}

function submitted(application: string): void {
  const { build, run } = world.database;
  const values = { protocol: PROTOCOL, receipt_at_us: world.clock.nowUs() };
  run(build.updateTable('applications').set(values).where('id', '=', application));
  world.receipts.set(application, PDF);
}

it('shows who asks, their applications and receipts, to operators alone', async () => {
  const [mine, theirs] = [await applied(maria), await applied(stranger)];
  const ticket = await asked(maria);
  submitted(mine);
  const at = `/api/desk/tickets/${ticket}`;
  const since = world.random.id();
  const { body } = await operator.call<DeskSubject>('GET', `${at}/subject`);
  expect(body.account).toMatchObject({ email: 'maria@example.it' });
  const shown = body.applications.map(({ id, protocol, hasReceipt }) => [id, protocol, hasReceipt]);
  expect(shown).toEqual([[mine, PROTOCOL, true]]);

  const paper = (caller: Caller, application: string, kind: string) =>
    caller.call<Buffer>('GET', `${at}/applications/${application}/${kind}.pdf`);
  const receipt = await paper(operator, mine, 'receipt');
  expect(receipt.headers.get('content-disposition')).toMatch(/^attachment/);
  expect(receipt.body.equals(PDF)).toBe(true);
  const preview = await paper(operator, mine, 'preview');
  expect(preview.body.subarray(0, 5).toString()).toBe('%PDF-');

  const { build, all } = world.database;
  const lines = all(build.selectFrom('audit').selectAll().where('id', '>', since).orderBy('id'));
  expect(lines.map(({ action, subject }) => [action, subject])).toEqual([
    ['ticket.subject', ticket],
    ['ticket.receipt', ticket],
    ['ticket.preview', ticket],
  ]);
  expect(lines.every(({ detail_json }) => detail_json.includes(mine))).toBe(true);

  for (const kind of ['receipt', 'preview']) {
    expect((await paper(operator, theirs, kind)).status).toBe(404);
    for (const caller of [maria, stranger, world.nobody]) {
      expect([401, 403]).toContain((await paper(caller, mine, kind)).status);
    }
  }
});

it('says that a receipt is not there yet', async () => {
  const application = await applied(maria);
  const path = `/api/desk/tickets/${await asked(maria)}/applications/${application}/receipt.pdf`;
  const answer = await operator.call('GET', path);
  expect([answer.status, answer.body.code]).toEqual([404, 'RECEIPT_PENDING']);
});
