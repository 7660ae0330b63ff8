/**
 * Where mail that comes in lies until it is handled: a file each and a row.
 *
 *   bytes ─► <id>.part ─sync─► <id>.eml ─► row "waiting" ─► (250 to who sent it) ─► handled ─► gone
 *
 * Nothing is promised before file and row are on the disk. What becomes of a mail is written in one
 * transaction with what it causes, and with its identity: the same mail that comes again, or that a
 * crash makes be read twice, causes nothing. What cannot be handled stays, for a person to look at,
 * for thirty days.
 */
import { createWriteStream, mkdirSync } from 'node:fs';
import { open, readdir, rename, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type Database, type IncomingMailsTable, sql } from '../../store/database/index.ts';
import { MAIL_BYTES_MAX } from './parsed-mail.ts';

export type IncomingRow = IncomingMailsTable;

/** The last word on a mail. */
export interface Verdict {
  /** `waiting`: it has become its message, files are still to be added. */
  readonly status: 'waiting' | 'handled' | 'ignored' | 'failed';
  /** Why, one word of ours. */
  readonly outcome: string;
  readonly ticket?: string | undefined;
  readonly message?: string | undefined;
  /** Who it said it was from. */
  readonly sender?: string | undefined;
  readonly identity?: string | undefined;
}

/** The outcome, so far, of a mail whose turn comes later. */
export const HELD = 'held';

export interface Envelope {
  /** Empty for who wants no answer. */
  readonly sender: string;
  readonly recipient: string;
}

export type Taking = 'taken' | 'too-large' | 'full';

export interface Spool {
  /**
   * Takes a mail in; on the disk when this says `taken`. Never rejects for what the mail is.
   * Without an envelope it has its traces already.
   */
  take(bytes: AsyncIterable<Buffer>, envelope: Envelope | null): Promise<Taking>;
  /** The one that is due and came first. */
  due(): IncomingRow | undefined;
  nextDueUs(): number | undefined;
  path(id: string): string;
  /** Whether a mail of this identity was handled before. */
  isKnown(identity: string): boolean;
  /** Joins the open transaction, in which `isKnown` was asked. */
  conclude(id: string, verdict: Verdict): void;
  /** Removes the file of a mail that was concluded. False, and nothing, when it was not. */
  drop(id: string): Promise<boolean>;
  postpone(id: string, options: { attempts: number; nextAttemptUs: number }): void;
  /** Nothing is wrong with it; it waits until then, and is counted as `held`. */
  hold(id: string, untilUs: number): void;
  /** When the n-th newest of those that opened a ticket was handled; undefined with fewer. */
  nthNewestOpenedUs(n: number): number | undefined;
  /** How many were handled since then, of a sender or of a ticket. */
  handledSince(
    of: { readonly sender?: string; readonly ticket?: string; readonly outcome?: string },
    sinceUs: number,
  ): number;
  /** `held` are among those that wait. */
  counts(): Record<'waiting' | 'failed' | 'held', number>;
  /** Removes what a crash left and what is too old. */
  sweep(): Promise<void>;
}

export interface SpoolParts {
  readonly database: Database;
  readonly clock: { nowUs(): number };
  readonly random: { id(): string };
  readonly directory: string;
  /** With less room on the disk nothing is taken: the ledgers need it. */
  readonly freeBytesMin: number;
}

const WAITING_MAX = 20_000;
const DAY_US = 86_400_000_000;
const KEPT_DAYS = 30;
const US_A_MS = 1000;
const SWEPT_AT_ONCE = 500;
const FILE_MODE = 0o600;

export function createSpool(parts: SpoolParts): Spool {
  const { database, clock, directory } = parts;
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const path = (id: string) => join(directory, `${id}.eml`);
  const { build } = database;
  const table = () => build.selectFrom('incoming_mails').selectAll();
  const change = (id: string, values: Partial<IncomingRow>) =>
    void database.run(build.updateTable('incoming_mails').set(values).where('id', '=', id));
  const waiting = () =>
    table().where('status', '=', sql.lit('waiting')).orderBy('next_attempt_us').limit(1);
  const count = (status: 'waiting' | 'failed') =>
    database.first(
      build
        .selectFrom('incoming_mails')
        .select((mail) => mail.fn.countAll<number>().as('n'))
        .where('status', '=', sql.lit(status)),
    )?.n ?? 0;
  const held = () =>
    database.first(
      build
        .selectFrom('incoming_mails')
        .select((mail) => mail.fn.countAll<number>().as('n'))
        .where('status', '=', sql.lit('waiting'))
        .where('outcome', '=', sql.lit(HELD)),
    )?.n ?? 0;
  return {
    path,
    take: async (bytes, envelope) => {
      if (count('waiting') >= WAITING_MAX) return 'full';
      const { bavail, bsize } = await statfs(directory);
      if (bavail * bsize < parts.freeBytesMin) return 'full';
      const id = parts.random.id();
      const size = await keep(bytes, { path: path(id), envelope });
      if (size === undefined) return 'too-large';
      const nowUs = clock.nowUs();
      database.run(
        build.insertInto('incoming_mails').values(newRow(id, { size, nowUs, envelope })),
      );
      return 'taken';
    },
    due: () => database.first(waiting().where('next_attempt_us', '<=', clock.nowUs())),
    nextDueUs: () => database.first(waiting())?.next_attempt_us,
    isKnown: (identity) =>
      database.first(
        build.selectFrom('incoming_mails').select('id').where('identity', '=', identity),
      ) !== undefined,
    conclude: (id, verdict) => {
      const told = Object.entries(verdict).filter(([, value]) => value !== undefined);
      change(id, { ...Object.fromEntries(told), handled_at_us: clock.nowUs() });
    },
    drop: async (id) => {
      if (database.first(table().where('id', '=', id))?.status === 'waiting') return false;
      await rm(path(id), { force: true });
      return true;
    },
    postpone: (id, { attempts, nextAttemptUs }) =>
      change(id, { attempts, next_attempt_us: nextAttemptUs }),
    hold: (id, untilUs) => change(id, { outcome: HELD, next_attempt_us: untilUs }),
    nthNewestOpenedUs: (n) =>
      database.first(
        build
          .selectFrom('incoming_mails')
          .select('handled_at_us')
          .where('outcome', '=', sql.lit('opened'))
          .orderBy('handled_at_us', 'desc')
          .limit(1)
          .offset(n - 1),
      )?.handled_at_us ?? undefined,
    handledSince: ({ sender, ticket, outcome }, sinceUs) =>
      database.first(
        build
          .selectFrom('incoming_mails')
          .select((mail) => mail.fn.countAll<number>().as('n'))
          .where('handled_at_us', '>', sinceUs)
          .where('status', '=', 'handled')
          .$if(sender !== undefined, (query) => query.where('sender', '=', sender ?? ''))
          .$if(ticket !== undefined, (query) => query.where('ticket', '=', ticket ?? ''))
          .$if(outcome !== undefined, (query) => query.where('outcome', '=', outcome ?? '')),
      )?.n ?? 0,
    counts: () => ({ waiting: count('waiting'), failed: count('failed'), held: held() }),
    sweep: () => sweep(parts, path),
  };
}

function newRow(
  id: string,
  { size, nowUs, envelope }: { size: number; nowUs: number; envelope: Envelope | null },
): IncomingRow {
  return {
    ...{ id, bytes: size, status: 'waiting', attempts: 0 },
    ...{ sender: envelope?.sender.toLowerCase() ?? '' },
    recipient: envelope?.recipient.toLowerCase() ?? '',
    ...{ next_attempt_us: nowUs, received_at_us: nowUs, handled_at_us: null },
    ...{ identity: null, outcome: null, ticket: null, message: null },
  };
}

class TooLarge extends Error {}

/** Writes and syncs the file; its size, undefined when the mail is too large. */
async function keep(
  bytes: AsyncIterable<Buffer>,
  { path, envelope }: { path: string; envelope: Envelope | null },
): Promise<number | undefined> {
  const part = `${path}.part`;
  let size = 0;
  /** What the last server on the way writes on top (RFC 5321 4.4). */
  async function* traced() {
    if (envelope !== null)
      yield Buffer.from(
        `Return-Path: <${envelope.sender}>\r\nX-Original-To: ${envelope.recipient}\r\n`,
      );
    for await (const piece of bytes) {
      size += piece.length;
      if (size > MAIL_BYTES_MAX) throw new TooLarge();
      yield piece;
    }
  }
  try {
    await pipeline(traced(), createWriteStream(part, { mode: FILE_MODE, flush: true }));
    await rename(part, path);
    const folder = await open(join(path, '..'));
    await folder.sync().finally(() => folder.close());
    return size;
  } catch (error) {
    await rm(part, { force: true });
    if (error instanceof TooLarge) return undefined;
    throw error;
  }
}

async function sweep({ database, clock, directory }: SpoolParts, path: (id: string) => string) {
  const { build } = database;
  const untilUs = clock.nowUs() - KEPT_DAYS * DAY_US;
  const untilUsOfStrays = clock.nowUs() - DAY_US;
  const old = build
    .selectFrom('incoming_mails')
    .select('id')
    .where('handled_at_us', '<', untilUs)
    .limit(SWEPT_AT_ONCE);
  for (const { id } of database.all(old)) {
    await rm(path(id), { force: true });
    database.run(build.deleteFrom('incoming_mails').where('id', '=', id));
  }
  const isKept = (id: string) => {
    const row = build.selectFrom('incoming_mails').select('status').where('id', '=', id);
    return ['waiting', 'failed'].includes(database.first(row)?.status ?? '');
  };
  for (const name of (await readdir(directory)).slice(0, SWEPT_AT_ONCE)) {
    if (isKept(name.replace(/\.eml(\.part)?$/, ''))) continue;
    const file = join(directory, name);
    const { mtimeMs } = await stat(file);
    // A younger one may be on its way in: its row comes after it.
    if (mtimeMs * US_A_MS < untilUsOfStrays) await rm(file, { force: true });
  }
}
