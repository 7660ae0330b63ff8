/** Mail: written with what it is about, delivered as files or to a real SMTP server on loopback. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SMTPServer } from 'smtp-server';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type ManualClock,
  type ManualTimers,
  manualClock,
  manualTimers,
} from '#engine/clock/index.ts';
import { silentLog } from '#engine/foundation/log.ts';
import { seededRandom } from '#engine/foundation/random.ts';
import { createMailRoom, type MailRoom } from '#engine/mail/index.ts';
import { type Database, openDatabase } from '#engine/store/database/index.ts';
import { START_US } from '#test/contract/portal-world.ts';

let root: string;
let database: Database;
let clock: ManualClock;
let timers: ManualTimers;
let rooms: MailRoom[];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'clickday-mail-'));
  database = openDatabase(join(root, 'mail.sqlite'));
  clock = manualClock({ nowUs: START_US });
  timers = manualTimers(clock);
  rooms = [];
});
afterEach(async () => {
  for (const room of rooms) await room.close();
  database.close();
  rmSync(root, { recursive: true });
});

function open(smtpUrl?: string): MailRoom {
  const room = createMailRoom({
    database,
    clock,
    timers,
    random: seededRandom('mail', clock),
    log: silentLog(),
    from: 'Clickday <no-reply@clickday.example>',
    outboxDirectory: join(root, 'outbox'),
    smtpUrl,
  });
  rooms.push(room);
  return room;
}

const letter = { to: 'maria@example.it', subject: 'Conferma è qui', text: 'Però, che città.\n' };

interface Received {
  readonly to: string[];
  readonly text: string;
}

/** A server that refuses as many mails as told, then takes them. */
async function smtpServer(refusals: number) {
  const received: Received[] = [];
  let left = refusals;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    logger: false,
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        if (left > 0) {
          left -= 1;
          done(Object.assign(new Error('try later'), { responseCode: 451 }));
          return;
        }
        const to = session.envelope.rcptTo.map((recipient) => recipient.address);
        received.push({ to, text: Buffer.concat(chunks).toString() });
        done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const { port } = server.server.address() as AddressInfo;
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  return { url: `smtp://127.0.0.1:${port}`, received, close };
}

describe('without a server', () => {
  it('writes whole .eml files and keeps the text readable', async () => {
    const mail = open();
    const id = mail.enqueue(letter) ?? '';
    await mail.settle();
    expect(readdirSync(join(root, 'outbox'))).toEqual([`${id}.eml`]);
    const eml = readFileSync(join(root, 'outbox', `${id}.eml`), 'utf8');
    expect(eml).toContain('To: maria@example.it');
    expect(eml).toContain('Content-Type: text/plain; charset=utf-8');
    expect(mail.read(id)).toMatchObject({ status: 'sent', text: letter.text });
    expect(mail.counts()).toEqual({ queued: 0, sent: 1, failed: 0 });
  });

  it('sends nothing for what did not happen', async () => {
    const mail = open();
    const work = () =>
      database.transaction(() => {
        mail.enqueue(letter);
        throw new Error('changed its mind');
      });
    expect(work).toThrow('changed its mind');
    await mail.settle();
    expect(mail.counts()).toEqual({ queued: 0, sent: 0, failed: 0 });
  });

  it('lets no address or subject add a header', async () => {
    const mail = open();
    const id = mail.enqueue({ ...letter, subject: 'a\r\nBcc: all@example.it' }) ?? '';
    await mail.settle();
    const eml = readFileSync(join(root, 'outbox', `${id}.eml`), 'utf8');
    expect(eml).not.toMatch(/^Bcc:/m);
  });
});

describe('with an SMTP server', () => {
  it('hands the mail over and forgets its text', async () => {
    const server = await smtpServer(0);
    const mail = open(server.url);
    const id = mail.enqueue(letter) ?? '';
    await mail.settle();
    expect(server.received.map(({ to }) => to)).toEqual([['maria@example.it']]);
    expect(server.received[0]?.text).toContain(`Message-ID: <${id}@clickday>`);
    expect(mail.read(id)).toMatchObject({ status: 'sent', text: '' });
    await mail.close();
    await server.close();
  });

  it('tries again later when the server says so', async () => {
    const server = await smtpServer(1);
    const mail = open(server.url);
    const id = mail.enqueue(letter) ?? '';
    await mail.settle();
    expect(mail.read(id)).toMatchObject({ status: 'queued', attempts: 1 });
    await mail.settle();
    expect(server.received).toHaveLength(0);
    timers.advance(10_000);
    await mail.settle();
    expect(server.received).toHaveLength(1);
    expect(mail.read(id)?.status).toBe('sent');
    await mail.close();
    await server.close();
  });

  it('sets a mail aside after twenty attempts, and holds up no other', async () => {
    const server = await smtpServer(20);
    const mail = open(server.url);
    const bad = mail.enqueue(letter) ?? '';
    for (let attempt = 0; attempt < 24; attempt += 1) {
      await mail.settle();
      clock.advance(7_200_000_000);
    }
    expect(mail.read(bad)).toMatchObject({ status: 'failed', attempts: 20 });
    expect(mail.read(bad)?.error).toContain('try later');
    mail.enqueue(letter);
    await mail.settle();
    expect(mail.counts()).toEqual({ queued: 0, sent: 1, failed: 1 });
    await mail.close();
    await server.close();
  });

  it('delivers after a restart what a dead server left', async () => {
    const dead = open('smtp://127.0.0.1:1');
    dead.enqueue(letter);
    await dead.settle();
    await dead.close();
    rooms = [];
    clock.advance(3_600_000_000);
    const mail = open();
    await mail.settle();
    expect(mail.counts()).toEqual({ queued: 0, sent: 1, failed: 0 });
  });
});
