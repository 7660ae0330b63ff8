/**
 * Mail of the help desk, both ways over real SMTP on loopback: a server of the outside world that
 * takes the portal's letters, and people, robots and forgers who write to the portal.
 */
import type { SendMailOptions } from 'nodemailer';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createStaffAccount } from '#engine/portal/index.ts';
import type { DeskTicket, DeskTicketList } from '#protocol/desk-api.ts';
import type { TicketView } from '#protocol/helpdesk-api.ts';
import { applicant, type Caller, openWorld, type World } from '#test/contract/portal-world.ts';
import {
  mailAnswer,
  type OutsideMail,
  outsideMail,
  type ReceivedMail,
  readLettersOutside,
  wordsOf,
  writeMail,
} from '#test/support/outside-mail.ts';

const DESK = 'aiuto@clickday.example';
const MARIA = 'maria@example.it';
const HOUR_US = 3_600_000_000;

let world: World;
let outside: OutsideMail;
let maria: Caller;
let operator: Caller;
let at: string;
beforeAll(async () => {
  outside = await outsideMail();
  world = await openWorld({
    smtpUrl: outside.url,
    limits: { cookieSessionMs: 10_000 * 3_600_000 },
    mailbox: {
      ...{ deskAddress: DESK, ownAddress: 'no-reply@clickday.example' },
      ...{ listen: { host: '127.0.0.1', port: 0 }, authserv: 'mx.clickday.example' },
      limits: { mailsOfAddress: 6, ticketsOfAddress: 4 },
    },
  });
  at = world.portal.mailbox?.address() ?? '';
  maria = await registeredMaria();
  operator = await staff('operatrice@clickday.example');
});
afterAll(async () => {
  await world.close();
  await outside.close();
});
beforeEach(() => world.clock.advance(2 * HOUR_US));

/** Her letters leave by SMTP, so what they say is read from the outside. */
async function registeredMaria(): Promise<Caller> {
  readLettersOutside(world, outside);
  return applicant(world, MARIA);
}

async function staff(email: string): Promise<Caller> {
  const { database, clock, random, address: publicUrl } = world;
  const { link } = createStaffAccount(
    { database, clock, random, publicUrl },
    { email, role: 'operator' },
  );
  const password = 'una parola lunga';
  const token = new URL(link).searchParams.get('token');
  await world.nobody.call('POST', '/api/setup', { token, password });
  return world.person(email, password);
}

async function asked(): Promise<TicketView> {
  const draft = { kind: 'technical', subject: 'Pagina bianca', text: 'Resta bianca.' };
  const { body, status } = await maria.call<TicketView>('POST', '/api/tickets', draft);
  expect(status).toBe(201);
  return body;
}

async function act(id: string, action: string, text?: string): Promise<DeskTicket> {
  const { version } = await atDesk(id);
  const body = { version, ...(text !== undefined && { text }) };
  return (await operator.call<DeskTicket>('POST', `/api/desk/tickets/${id}/${action}`, body)).body;
}

const atDesk = async (id: string) =>
  (await operator.call<DeskTicket>('GET', `/api/desk/tickets/${id}`)).body;
const hers = async (id: string) => (await maria.call<TicketView>('GET', `/api/tickets/${id}`)).body;

async function lastLetter(to = MARIA): Promise<ReceivedMail> {
  await world.mail.settle();
  return outside.received.findLast((mail) => mail.to === to)!;
}

const answerTo = (letter: ReceivedMail, text: string) =>
  mailAnswer(letter, { from: `Maria Rossi <${MARIA}>`, text });

async function write(mail: SendMailOptions): Promise<void> {
  await writeMail(at, mail);
  await world.portal.mailbox?.settle();
}

const rows = () =>
  world.database.all(
    world.database.build.selectFrom('incoming_mails').selectAll().orderBy('id', 'desc').limit(5),
  );
const outcome = () => rows()[0]?.outcome;

async function newestTicket(): Promise<DeskTicket> {
  const list = await operator.call<DeskTicketList>(
    'GET',
    '/api/desk/tickets?queue=all&sort=newest&limit=1',
  );
  return atDesk(list.body.tickets[0]!.id);
}

describe('an answer by mail', () => {
  it('goes from the form over a question back to the ticket, and on', async () => {
    const ticket = await asked();
    const accepted = await lastLetter();
    expect(accepted.header('Auto-Submitted')).toBe('auto-generated');
    expect(accepted.envelopeFrom).toMatch(/^aiuto\+[0-9a-z]{8}-[0-9a-f]{24}@clickday\.example$/);
    expect(wordsOf(accepted.raw)).not.toContain('Resta bianca');
    await act(ticket.id, 'ask', 'Con quale browser?');
    const question = await lastLetter();
    expect(question.header('Auto-Submitted')).toBe('');
    expect(question.header('References')).toBe(accepted.header('References'));
    await write(answerTo(question, 'Con Firefox, grazie.'));
    const after = await hers(ticket.id);
    expect(after.status).toBe('analysis');
    expect(after.messages.at(-1)).toMatchObject({ by: 'you', text: 'Con Firefox, grazie.' });
    await act(ticket.id, 'answer', 'Ricarica.');
    await act(ticket.id, 'close');
    await write(answerTo(await lastLetter(), 'Ancora bianca.'));
    expect(await hers(ticket.id)).toMatchObject({ status: 'in-charge' });
    expect((await hers(ticket.id)).steps.at(-1)).toMatchObject({ status: 'reopened', by: 'user' });
  });

  it('is known by its Message-ID alone, where a program drops the address', async () => {
    const ticket = await asked();
    await write({ ...answerTo(await lastLetter(), 'Da qui.'), to: DESK, subject: 'ciao' });
    expect((await hers(ticket.id)).messages.at(-1)?.text).toBe('Da qui.');
  });

  it('counts once, however often it comes', async () => {
    const ticket = await asked();
    const mail = { ...answerTo(await lastLetter(), 'Una volta.'), messageId: '<once@example.it>' };
    await write(mail);
    await write(mail);
    expect((await hers(ticket.id)).messages).toHaveLength(2);
    expect(rows().map((row) => row.outcome)).toEqual(expect.arrayContaining(['again', 'give']));
  });

  it('brings files by the desk’s rules and says which it does not', async () => {
    const ticket = await asked();
    const png = Buffer.from('89504e470d0a1a0a0000000d49484452'.padEnd(200, '0'), 'hex');
    await write({
      ...answerTo(await lastLetter(), 'Ecco.'),
      attachments: [
        { filename: 'schermata.png', content: png },
        { filename: '../../malware.exe', content: Buffer.from('4d5a9000', 'hex') },
      ],
    });
    const [, message] = (await hers(ticket.id)).messages;
    expect(message?.attachments.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'schermata.png image/png',
    ]);
    const file = await maria.call<Buffer>(
      'GET',
      `/api/tickets/${ticket.id}/attachments/${message?.attachments[0]?.id}`,
    );
    expect(file.headers.get('content-disposition')).toContain('attachment');
    expect(Buffer.compare(file.body, png)).toBe(0);
    const note = (await atDesk(ticket.id)).messages.at(-1);
    expect(note).toMatchObject({ from: 'system', visibility: 'internal' });
    expect(note?.text).toContain('malware.exe');
  });
});

describe('a mail that proves nothing', () => {
  const forged = async (mail: (letter: ReceivedMail) => SendMailOptions) => {
    const ticket = await asked();
    await act(ticket.id, 'ask', 'Quale?');
    const sent = await lastLetter();
    const before = outside.received.length;
    await write(mail(sent));
    await world.mail.settle();
    expect(outside.received).toHaveLength(before);
    const seen = await hers(ticket.id);
    expect([seen.status, seen.messages.length]).toEqual(['waiting', 2]);
    return atDesk(ticket.id);
  };

  it('is unverified with the number alone, and moves nothing', async () => {
    const ticket = await forged((letter) => ({
      ...{ from: MARIA, to: DESK, subject: letter.header('Subject'), text: 'Mandami la password.' },
    }));
    const message = ticket.messages.at(-1);
    expect(message).toMatchObject({ visibility: 'unverified', channel: 'mail', author: null });
    expect(message?.text).toContain('Mandami la password.');
  });

  it('is unverified with the proof from another address', async () => {
    const ticket = await forged((letter) => ({
      ...answerTo(letter, 'Sono io.'),
      from: 'ladro@example.com',
    }));
    expect(ticket.messages.at(-1)?.visibility).toBe('unverified');
    expect(ticket.messages.at(-1)?.text).toContain('<ladro@example.com>');
  });

  it('is unverified with the proof of another ticket, or one that was guessed', async () => {
    const other = await asked();
    const elsewhere = (await lastLetter()).header('Reply-To').split('-').at(-1);
    const ticket = await forged((letter) => ({
      ...{ from: MARIA, subject: 'x', text: 'Indovino.' },
      to: letter.header('Reply-To').replace(/-[0-9a-f]{24}@.*/, `-${elsewhere}`),
    }));
    expect(ticket.messages.at(-1)?.visibility).toBe('unverified');
    expect((await atDesk(other.id)).messages).toHaveLength(1);
  });

  it('opens nobody’s ticket although it says it is from an account', async () => {
    await write({ from: MARIA, to: DESK, subject: 'Nuova domanda', text: 'Buongiorno' });
    const ticket = await newestTicket();
    expect(ticket).toMatchObject({ account: null, channel: 'mail', email: MARIA });
    expect((await maria.call('GET', `/api/tickets/${ticket.id}`)).status).toBe(404);
    const letter = await lastLetter();
    expect(wordsOf(letter.raw)).not.toMatch(/Rossi|\/requests\//);
  });

  it('begins a new ticket where the old one has lost its words', async () => {
    await write({ from: 'nobody@example.net', to: DESK, subject: 'Vecchia', text: 'Parole' });
    const old = await newestTicket();
    const letter = await lastLetter('nobody@example.net');
    await act(old.id, 'close');
    world.clock.advance(400 * 24 * HOUR_US);
    world.portal.sweep();
    operator = await world.person('operatrice@clickday.example', 'una parola lunga');
    expect((await atDesk(old.id)).subject).toBe('');
    await write(mailAnswer(letter, { from: 'nobody@example.net', text: 'Di nuovo.' }));
    expect(outcome()).toBe('opened');
    expect((await newestTicket()).messages.map(({ text }) => text)).toEqual(['Di nuovo.']);
    expect((await atDesk(old.id)).messages).toEqual([]);
  });

  const results = async (value: string) => {
    world.clock.advance(2 * HOUR_US);
    const headers = [{ key: 'Authentication-Results', value }];
    await write({ from: MARIA, to: DESK, subject: 'Domanda', text: `Prova ${value}`, headers });
    expect(outcome()).toBe('opened');
    return (await newestTicket()).account !== null;
  };
  it('is an account’s only by the word of the server in front', async () => {
    const pass = 'dmarc=pass header.from=example.it';
    expect(await results(`mx.clickday.example; ${pass}`)).toBe(true);
    expect(await results(`evil.example; ${pass}`)).toBe(false);
    expect(await results('mx.clickday.example; dmarc=pass header.from=example.com')).toBe(false);
    expect(await results(`mx.clickday.example; dkim=fail (x; ${pass} ) header.d=a.b`)).toBe(false);
    expect(await results(`mx.clickday.example; spf=fail reason="; ${pass} "`)).toBe(false);
    expect(await results(`mx.clickday.example; spf=fail reason="a\\"; ${pass} "`)).toBe(false);
  });
});

describe('robots and storms', () => {
  const ROBOTS: Record<string, Partial<SendMailOptions>> = {
    'an absence': { headers: { 'Auto-Submitted': 'auto-replied' } },
    'an absence of another make': { headers: { 'X-Auto-Response-Suppress': 'All' } },
    'a list': { headers: { 'List-Id': '<list.example.org>' } },
    bulk: { headers: { Precedence: 'bulk' } },
    'nobody who could be answered': { envelope: { from: '', to: DESK } },
    'a daemon': { from: 'MAILER-DAEMON@example.it' },
  };
  it.each(Object.entries(ROBOTS))(
    'answers nothing to %s, nor takes it for an answer',
    async (_, more) => {
      const ticket = await asked();
      await act(ticket.id, 'ask', 'Quale?');
      const before = (await lastLetter()) && outside.received.length;
      const { to, ...mail } = answerTo(await lastLetter(), 'Sono in ferie.');
      await write({ ...mail, to, ...more });
      await world.mail.settle();
      expect(outcome()).toBe('automatic');
      expect((await atDesk(ticket.id)).messages).toHaveLength(2);
      expect(outside.received).toHaveLength(before);
    },
  );

  it('stops at a mail of its own that comes back', async () => {
    const ticket = await asked();
    await write({ ...answerTo(await lastLetter(), 'eco'), from: DESK });
    expect(outcome()).toBe('loop');
    expect((await atDesk(ticket.id)).messages).toHaveLength(1);
  });

  it('stops two who answer each other, whatever they call themselves', async () => {
    const partner = 'eco@example.net';
    await write({ from: partner, to: DESK, subject: 'Eco', text: 'Ciao' });
    let heard = 0;
    for (let round = 0; round < 8; round += 1) {
      const letter = await lastLetter(partner);
      await write({ ...answerTo(letter, `eco ${round}`), from: partner });
      heard += 1;
    }
    expect(heard).toBe(8);
    expect(outcome()).toBe('too-many');
    expect(outside.received.filter(({ to }) => to === partner)).toHaveLength(1);
    expect((await newestTicket()).messages.length).toBeLessThanOrEqual(6);
    world.clock.advance(HOUR_US);
    await write({ ...answerTo(await lastLetter(partner), 'dopo'), from: partner });
    expect(outcome()).toBe('give');
  });

  it('takes so many new tickets an hour from one address', async () => {
    for (let n = 0; n < 5; n += 1) {
      await write({ from: 'a@many.example', to: DESK, subject: `Domanda ${n}`, text: 'Ciao' });
    }
    expect(outcome()).toBe('too-many');
    const tickets = await operator.call<DeskTicketList>(
      'GET',
      '/api/desk/tickets?queue=all&sort=newest&limit=50',
    );
    expect(tickets.body.tickets.filter(({ contact }) => contact === 'a@many.example')).toHaveLength(
      4,
    );
  });

  it('notes in the ticket that a letter of it came back', async () => {
    const ticket = await asked();
    const letter = await lastLetter();
    await write({
      ...{ from: 'Mail Delivery System <MAILER-DAEMON@mx.example.it>', to: letter.envelopeFrom },
      ...{ envelope: { from: '', to: letter.envelopeFrom }, subject: 'Undelivered' },
      raw: undeliverable(letter),
    } as SendMailOptions);
    expect(outcome()).toBe('bounce');
    const { events, status } = await atDesk(ticket.id);
    expect(events.at(-1)?.kind).toBe('mail-bounced');
    expect(status).toBe('accepted');
  });
});

function undeliverable(letter: ReceivedMail): string {
  return [
    'From: MAILER-DAEMON@mx.example.it',
    `To: ${letter.envelopeFrom}`,
    'Message-ID: <dsn-1@mx.example.it>',
    'Subject: Undelivered Mail Returned to Sender',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
    '',
    '--b\r\nContent-Type: text/plain\r\n\r\nNo such user.',
    '--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.it\r\n',
    'Final-Recipient: rfc822; maria@example.it\r\nAction: failed\r\nStatus: 5.1.1',
    `--b\r\nContent-Type: message/rfc822\r\n\r\n${letter.raw}`,
    '--b--',
    '',
  ].join('\r\n');
}

describe('the door for mail', () => {
  it('relays nothing, and takes nothing that is too large', async () => {
    const mail = { from: MARIA, subject: 'x', text: 'x' };
    await expect(writeMail(at, { ...mail, to: 'altri@example.org' })).rejects.toThrow(/550/);
    await expect(writeMail(at, { ...mail, to: 'aiutox@clickday.example' })).rejects.toThrow(/550/);
    const large = { filename: 'a.bin', content: Buffer.alloc(11 * 1024 ** 2) };
    await expect(writeMail(at, { ...mail, to: DESK, attachments: [large] })).rejects.toThrow(/552/);
  });

  it('makes text of HTML, and shows what could act as the signs it is made of', async () => {
    await write({
      ...{ from: 'html@example.net', to: DESK, subject: '<b>Aiuto</b>' },
      html: `<style>p{color:red}</style><script>alert(1)</script><p>Non riesco &egrave; <b>rosso</b>
        <img src=x onerror=alert(2)> <a href="https://evil.example/x">clicca</a></p>
        <p>&lt;script&gt;alert(3)&lt;/script&gt;</p>`,
    });
    const { messages, subject } = await newestTicket();
    expect(subject).toBe('<b>Aiuto</b>');
    expect(messages[0]?.text).toBe(
      'Non riesco è rosso clicca (https://evil.example/x)\n<script>alert(3)</script>',
    );
  });
});

describe('an outbox without room', () => {
  it('lets a ticket be opened, without number and letter, and one by mail too', async () => {
    const full = await openWorld({
      mailQueuedMax: 0,
      mailbox: {
        ...{ deskAddress: DESK, ownAddress: 'no-reply@clickday.example', authserv: '' },
        listen: { host: '127.0.0.1', port: 0 },
      },
    });
    try {
      const address = full.portal.mailbox?.address() ?? '';
      await writeMail(address, { from: MARIA, to: DESK, subject: 'Aiuto', text: 'Buongiorno' });
      await full.portal.mailbox?.settle();
      const tickets = full.database.all(full.database.build.selectFrom('tickets').selectAll());
      expect(tickets.map(({ status, number }) => ({ status, number }))).toEqual([
        { status: 'received', number: null },
      ]);
    } finally {
      await full.close();
    }
  });
});
