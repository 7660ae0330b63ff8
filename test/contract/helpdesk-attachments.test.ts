/** Files with messages of the help desk: what may be added, by whom, and who is handed it. */
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { verifyAttachments } from '#engine/commands/verify-attachments.ts';
import { attachmentPath } from '#engine/store/index.ts';
import { ATTACHMENT_BYTES_MAX } from '#protocol/attachments-api.ts';
import type { DeskTicket } from '#protocol/desk-api.ts';
import {
  TICKET_ATTACHMENTS_MAX,
  type TicketAttachment,
  type TicketView,
} from '#protocol/helpdesk-api.ts';
import { operatorOf } from '#test/contract/organisation-world.ts';
import {
  applicant,
  type Caller,
  HOUR_US,
  openWorld,
  type World,
} from '#test/contract/portal-world.ts';
import { aFile, pdfBytes } from '#test/support/attachments.ts';

const DRAFT = { kind: 'legal', subject: 'Domanda sul decreto', text: 'Allego il documento.' };

let world: World;
let user: Caller;
let stranger: Caller;
let operator: Caller;
let ticket: TicketView;
beforeAll(async () => {
  world = await openWorld();
  user = await applicant(world, 'user@example.it');
  stranger = await applicant(world, 'stranger@example.it');
  operator = await operatorOf(world);
});
afterAll(() => world.close());

async function opened(): Promise<{ ticket: TicketView; message: string }> {
  ticket = (await user.call<TicketView>('POST', '/api/tickets', DRAFT)).body;
  return { ticket, message: ticket.messages[0]!.id };
}

function add<Body = TicketAttachment>(
  caller: Caller,
  { base = '/api/tickets', message, ...file }: { base?: string; message: string } & FileWish,
) {
  const path = `${base}/${ticket.id}/attachments?message=${message}`;
  return caller.call<Body>('POST', path, aFile(file));
}
interface FileWish {
  readonly name?: string;
  readonly bytes?: Uint8Array;
}

it('hands out what was added, as a download and nothing else, and a check finds it', async () => {
  const { message } = await opened();
  const { status, body } = await add(user, { message, name: 'decreto.pdf' });
  expect([status, body.name, body.type]).toEqual([201, 'decreto.pdf', 'application/pdf']);
  const view = (await user.call<TicketView>('GET', `/api/tickets/${ticket.id}`)).body;
  expect(view.messages[0]?.attachments).toEqual([body]);
  for (const [caller, base] of [
    [user, '/api/tickets'],
    [operator, '/api/desk/tickets'],
  ] as const) {
    const path = `${base}/${ticket.id}/attachments/${body.id}`;
    const file = await caller.call<Buffer>('GET', path);
    expect(file.status).toBe(200);
    expect(file.body.equals(pdfBytes)).toBe(true);
    expect(file.headers.get('content-disposition')).toMatch(/^attachment; filename="decreto.pdf"/);
    expect(file.headers.get('content-type')).toBe('application/octet-stream');
    expect(file.headers.get('x-content-type-options')).toBe('nosniff');
    expect(file.headers.get('content-security-policy')).toContain('sandbox');
  }
  expect(existsSync(attachmentPath(world.directory.attachments, body.id))).toBe(true);
  const report = await verifyAttachments(world.directory);
  expect(report).toMatchObject({ files: 1, violations: [] });
});

it('takes text, and refuses what is another thing than its name says', async () => {
  const { message } = await opened();
  const wish = (name: string, text: string) => ({ message, name, bytes: Buffer.from(text) });
  expect((await add(user, wish('errore.txt', 'riga 1\nriga 2'))).body.type).toBe('text/plain');
  const refused = async (file: FileWish & { message: string }) =>
    (await add<{ code: string }>(user, file)).body.code;
  expect(await refused(wish('pagina.html', '<script>alert(1)</script>'))).toBe('ATTACHMENT_NAME');
  expect(await refused(wish('a.txt', 'a\0b'))).toBe('TICKET_ATTACHMENT_TYPE');
  expect(await refused(wish('a.pdf', 'PK\u0003\u0004'))).toBe('TICKET_ATTACHMENT_TYPE');
  const large = Buffer.concat([pdfBytes, Buffer.alloc(ATTACHMENT_BYTES_MAX)]);
  expect(await refused({ message, bytes: large })).toBe('ATTACHMENT_TOO_LARGE');
});

it('adds only to a message of one’s own, within an hour, and only so many', async () => {
  const { message } = await opened();
  for (let count = 0; count < TICKET_ATTACHMENTS_MAX; count += 1) {
    expect((await add(user, { message })).status).toBe(201);
  }
  expect((await add(user, { message })).body).toMatchObject({
    code: 'TICKET_ATTACHMENTS_TOO_MANY',
  });
  const base = '/api/desk/tickets';
  expect((await add(operator, { base, message })).body).toMatchObject({
    code: 'TICKET_ATTACHMENT_LATE',
  });
  const later = await opened();
  world.clock.advance(HOUR_US);
  expect((await add(user, later)).body).toMatchObject({ code: 'TICKET_ATTACHMENT_LATE' });
});

it('gives nobody else a file, and no user what goes with a note', async () => {
  const { message } = await opened();
  const file = (await add(user, { message })).body;
  const path = `/api/tickets/${ticket.id}/attachments/${file.id}`;
  expect((await stranger.call('GET', path)).status).toBe(404);
  expect((await add(stranger, { message })).status).toBe(404);
  expect((await world.nobody.call('GET', path)).status).toBe(401);
  expect((await operator.call('GET', path)).status).toBe(404);
  expect((await user.call('GET', `/api/desk${path.slice(4)}`)).status).toBe(403);
  const noted = await operator.call<DeskTicket>('POST', `/api/desk/tickets/${ticket.id}/notes`, {
    text: 'Il documento è falso.',
  });
  const note = noted.body.messages.at(-1)!.id;
  const secret = (await add(operator, { base: '/api/desk/tickets', message: note })).body;
  expect(secret.id).toBeDefined();
  const hidden = await user.call('GET', `/api/tickets/${ticket.id}/attachments/${secret.id}`);
  expect(hidden.status).toBe(404);
});
