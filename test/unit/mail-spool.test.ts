/** What becomes of mails between the server that brings them and the ticket. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type ManualClock,
  type ManualTimers,
  manualClock,
  manualTimers,
} from '#engine/clock/index.ts';
import { silentLog } from '#engine/foundation/log.ts';
import { seededRandom } from '#engine/foundation/random.ts';
import { type Handling, type MailHandler, startHandling } from '#engine/mail/incoming/handling.ts';
import { MAIL_BYTES_MAX } from '#engine/mail/incoming/parsed-mail.ts';
import { createParser, type Parser, UnreadableMail } from '#engine/mail/incoming/parser.ts';
import { createSpool, type Spool } from '#engine/mail/incoming/spool.ts';
import { type Database, openDatabase } from '#engine/store/database/index.ts';

const NOW_US = Date.UTC(2011, 0, 31) * 1000;
const DAY_US = 86_400_000_000;
const ENVELOPE = { sender: 'Maria@Example.it', recipient: 'aiuto@clickday.example' };

let root: string;
let database: Database;
let clock: ManualClock;
let timers: ManualTimers;
let spool: Spool;
let handling: Handling | undefined;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'clickday-spool-'));
  database = openDatabase(join(root, 'mail.sqlite'));
  clock = manualClock({ nowUs: NOW_US });
  timers = manualTimers(clock);
  spool = spoolWith(0);
});
afterEach(async () => {
  await handling?.close();
  handling = undefined;
  database.close();
  rmSync(root, { recursive: true });
});

const spoolWith = (freeBytesMin: number) =>
  createSpool({
    ...{ database, clock, random: seededRandom('spool', clock), freeBytesMin },
    directory: join(root, 'incoming'),
  });

async function* pieces(...texts: readonly (string | Buffer)[]) {
  for (const text of texts) yield Buffer.from(text);
}

const files = () => readdirSync(join(root, 'incoming'));
const rows = () =>
  database.all(database.build.selectFrom('incoming_mails').selectAll().orderBy('id'));

function start(handle: MailHandler, parser: Parser = createParser({ timers, log: silentLog() })) {
  handling = startHandling({ spool, parser, handle, clock, timers, log: silentLog() });
  return handling;
}

describe('taking mail', () => {
  it('has file and row on the disk when it says so, with what the envelope said on top', async () => {
    expect(await spool.take(pieces('Subject: a\r\n', '\r\nb'), ENVELOPE)).toBe('taken');
    const [row] = rows();
    expect(row).toMatchObject({ status: 'waiting', sender: 'maria@example.it', bytes: 15 });
    expect(readFileSync(spool.path(row!.id), 'utf8')).toBe(
      'Return-Path: <Maria@Example.it>\r\nX-Original-To: aiuto@clickday.example\r\nSubject: a\r\n\r\nb',
    );
  });

  it('keeps nothing of what is too large, or breaks off', async () => {
    const large = pieces(Buffer.alloc(MAIL_BYTES_MAX), 'x');
    expect(await spool.take(large, ENVELOPE)).toBe('too-large');
    async function* broken() {
      yield Buffer.from('half');
      throw new Error('gone');
    }
    await expect(spool.take(broken(), ENVELOPE)).rejects.toThrow('gone');
    expect([files(), rows()]).toEqual([[], []]);
  });

  it('takes nothing when the disk has no room', async () => {
    expect(await spoolWith(Number.MAX_SAFE_INTEGER).take(pieces('x'), ENVELOPE)).toBe('full');
    expect(rows()).toEqual([]);
  });

  it('clears what a crash left, not what may be on its way nor what is to be looked at', async () => {
    await spool.take(pieces('a'), ENVELOPE);
    const [{ id } = { id: '' }] = rows();
    writeFileSync(join(root, 'incoming', 'STRAY.eml.part'), 'x');
    await spool.sweep();
    expect(files().sort()).toEqual([`${id}.eml`, 'STRAY.eml.part']);
    // Files have the machine's own time: so long after that they are strays by any clock.
    clock.advance(100 * 365 * DAY_US);
    await spool.sweep();
    expect(files()).toEqual([`${id}.eml`]);
    spool.conclude(id, { status: 'failed', outcome: 'unreadable' });
    await spool.sweep();
    expect(files()).toEqual([`${id}.eml`]);
    clock.advance(31 * DAY_US);
    await spool.sweep();
    expect([files(), rows()]).toEqual([[], []]);
  });
});

describe('handling mail', () => {
  it('reads one after the other and removes what was concluded', async () => {
    for (const text of ['one', 'two']) {
      await spool.take(pieces(`Subject: ${text}\r\n\r\n${text}`), ENVELOPE);
    }
    const seen: string[] = [];
    await start(async (mail, row) => {
      seen.push(mail.text);
      spool.conclude(row.id, { status: 'handled', outcome: 'seen', identity: mail.sha256 });
    }).settle();
    expect(seen).toEqual(['one', 'two']);
    expect(files()).toEqual([]);
    expect(rows().map(({ status }) => status)).toEqual(['handled', 'handled']);
  });

  it('gives a mail again that could not be handled, and goes on with the others', async () => {
    for (const text of ['bad', 'good']) await spool.take(pieces(`\r\n${text}`), ENVELOPE);
    let isWell = false;
    const seen: string[] = [];
    const running = start(async (mail, row) => {
      seen.push(mail.text);
      if (mail.text === 'bad' && !isWell) throw new Error('the outbox is full');
      spool.conclude(row.id, { status: 'handled', outcome: 'seen' });
    });
    await running.settle();
    expect(seen).toEqual(['bad', 'good']);
    expect(files()).toHaveLength(1);
    isWell = true;
    clock.advance(DAY_US);
    await running.settle();
    expect(seen).toEqual(['bad', 'good', 'bad']);
    expect(files()).toEqual([]);
  });

  it('keeps a mail that was left as it was, and does not turn round and round on it', async () => {
    await spool.take(pieces('\r\nforgotten'), ENVELOPE);
    let times = 0;
    await start(async () => {
      times += 1;
    }).settle();
    expect([times, files().length]).toEqual([1, 1]);
    expect(rows()[0]).toMatchObject({ status: 'waiting', attempts: 1 });
  });

  it('sets aside what nobody can read, keeps it, and holds up no other', async () => {
    await spool.take(
      pieces(`Content-Type: multipart/mixed; boundary="a"\r\n${nested()}`),
      ENVELOPE,
    );
    await spool.take(pieces('\r\nnext'), ENVELOPE);
    const seen: string[] = [];
    const running = start(async (mail, row) => {
      seen.push(mail.text);
      spool.conclude(row.id, { status: 'handled', outcome: 'seen' });
    });
    for (let time = 0; time < 4; time += 1) {
      await running.settle();
      clock.advance(DAY_US);
    }
    expect(seen).toEqual(['next']);
    expect(rows()[0]).toMatchObject({ status: 'failed', outcome: 'unreadable', attempts: 2 });
    expect(existsSync(spool.path(rows()[0]!.id))).toBe(true);
    expect(spool.counts()).toEqual({ waiting: 0, failed: 1, held: 0 });
  });
});

const nested = () =>
  Array.from(
    { length: 100 },
    (_, n) => `\r\n--${n || 'a'}\r\nContent-Type: multipart/mixed; boundary="${n + 1}"\r\n`,
  ).join('');

describe('the thread that reads', () => {
  const thread = new URL('../support/silent-parse-thread.ts', import.meta.url);

  it('is ended when it says nothing, and another takes its place', async () => {
    const parser = createParser({ timers, log: silentLog(), thread });
    const first = expect(parser.parse('/silent')).rejects.toThrow(UnreadableMail);
    timers.advance(20_000);
    await first;
    await expect(parser.parse('/dying')).rejects.toThrow(UnreadableMail);
    await expect(parser.parse('/dying again')).rejects.toThrow(UnreadableMail);
    await parser.close();
  });
});
