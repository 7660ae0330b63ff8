/**
 * The outbox: a mail is a row in the database first, written in the transaction of what it is
 * about, and is delivered from there. So no mail is lost in a crash and none is sent for something
 * that did not happen. Delivery is at least once: a crash between sending and noting repeats what
 * was not noted (`sent-notes.ts`).
 *
 * The outbox is bounded; when it is full `enqueue` refuses and the caller says BUSY. No question
 * here costs more with more mails in it: the path of a ticket asks two of them.
 */
import { type Database, type MailsTable, sql } from '../store/database/index.ts';
import type { Letter, Threading } from './letter.ts';

export type MailRow = MailsTable;
export type MailCounts = { queued: number; sent: number; failed: number };

/** What waits for one domain. */
export interface DomainQueue {
  readonly domain: string;
  readonly waiting: number;
  readonly dueUs: number;
}

export interface SentMail {
  readonly id: string;
  readonly atUs: number;
}

export interface Outbox {
  /** Adds a mail; its id. Null when the outbox is full. Joins an open transaction. */
  enqueue(letter: Letter): string | null;
  /** The mail of a domain that is due and was due first, of those that are not `taken`. */
  due(domain: string, taken: readonly string[]): MailRow | undefined;
  /** When the next mail of a domain is due, due or not, of those that are not `taken`. */
  dueUs(domain: string, taken: readonly string[]): number | undefined;
  /** Every domain that has mail waiting. Reads all that waits, some ms for ten thousands. */
  domains(): DomainQueue[];
  threading(id: string): Threading | undefined;
  /** All of them in one commit, each with when it was sent. */
  markSent(mails: readonly SentMail[], options: { keepText: boolean }): void;
  /** Not delivered: `attempts` so far, null for the next attempt: never. */
  markAttempt(
    id: string,
    outcome: { attempts: number; error: string; nextAttemptUs: number | null },
  ): void;
  /** Newest first, below `cursor` when given. */
  list(options: { cursor?: string | undefined; limit: number }): MailRow[];
  read(id: string): MailRow | undefined;
  counts(): MailCounts;
  /** When the mail that is due first was or will be due; undefined when none waits. */
  firstDueUs(): number | undefined;
  /** Removes every mail to an address, or those whose subject begins so; their ids. */
  forget(recipient: string, subject?: string): string[];
}

/** The mails of 50,000 tickets, twice: of an hour in which no server answers. */
export const QUEUED_MAX = 100_000;
const ERROR_LENGTH_MAX = 500;

interface Parts {
  readonly database: Database;
  readonly clock: { nowUs(): number };
  readonly random: { id(): string };
  /** Mails that may wait. */
  readonly queuedMax?: number | undefined;
}

/** The index `mails_by_domain` stands on these words: they must stay as they are. */
const DOMAIN = sql<string>`lower(substr(recipient, instr(recipient, '@') + 1))`;

/** An outbox over the table `mails`. */
export function createOutbox(parts: Parts): Outbox {
  const { database, clock, random, queuedMax = QUEUED_MAX } = parts;
  const { build } = database;
  const mails = () => build.selectFrom('mails').selectAll();
  const change = (id: string, values: Partial<MailRow>) =>
    void database.run(build.updateTable('mails').set(values).where('id', '=', id));
  const waiting = (domain: string, taken: readonly string[]) =>
    mails()
      .where('status', '=', sql.lit('queued'))
      .where(DOMAIN, '=', domain)
      .$if(taken.length > 0, (query) => query.where('id', 'not in', [...taken]))
      .orderBy('next_attempt_us')
      .limit(1);
  return {
    enqueue: (letter) => {
      if (counts(database).queued >= queuedMax) return null;
      const row = newRow(letter, { id: random.id(), nowUs: clock.nowUs() });
      database.run(build.insertInto('mails').values(row));
      if (letter.threading !== undefined) {
        const headers = { mail: row.id, headers_json: JSON.stringify(letter.threading) };
        database.run(build.insertInto('mail_headers').values(headers));
      }
      return row.id;
    },
    due: (domain, taken) =>
      database.first(waiting(domain, taken).where('next_attempt_us', '<=', clock.nowUs())),
    dueUs: (domain, taken) => database.first(waiting(domain, taken))?.next_attempt_us,
    domains: () => domains(database),
    threading: (id) => {
      const headers = build.selectFrom('mail_headers').selectAll().where('mail', '=', id);
      const row = database.first(headers);
      return row && (JSON.parse(row.headers_json) as Threading);
    },
    markSent: (sent, { keepText }) => {
      const without = keepText ? {} : { text: '' };
      database.transaction(() => {
        for (const { id, atUs } of sent) {
          change(id, { status: 'sent', sent_at_us: atUs, error: null, ...without });
        }
      });
    },
    markAttempt: (id, { attempts, error, nextAttemptUs }) => {
      const note = { attempts, error: error.slice(0, ERROR_LENGTH_MAX) };
      if (nextAttemptUs === null) change(id, { ...note, status: 'failed' });
      else change(id, { ...note, next_attempt_us: nextAttemptUs });
    },
    list: ({ cursor, limit }) => {
      const page = mails().orderBy('id', 'desc').limit(limit);
      return database.all(cursor === undefined ? page : page.where('id', '<', cursor));
    },
    read: (id) => database.first(mails().where('id', '=', id)),
    counts: () => counts(database),
    firstDueUs: () =>
      database.first(mails().where('status', '=', 'queued').orderBy('next_attempt_us').limit(1))
        ?.next_attempt_us,
    forget: (recipient, subject = '') =>
      database
        .all(
          build
            .deleteFrom('mails')
            .where('recipient', '=', recipient)
            .where(sql<boolean>`substr(subject, 1, ${subject.length}) = ${subject}`)
            .returning('id'),
        )
        .map(({ id }) => id),
  };
}

function newRow(letter: Letter, made: { id: string; nowUs: number }): MailRow {
  return {
    id: made.id,
    recipient: letter.to,
    subject: letter.subject,
    text: letter.text,
    status: 'queued',
    attempts: 0,
    next_attempt_us: made.nowUs,
    created_at_us: made.nowUs,
    sent_at_us: null,
    error: null,
  };
}

function domains(database: Database): DomainQueue[] {
  return database.all(
    database.build
      .selectFrom('mails')
      .select((mail) => [
        DOMAIN.as('domain'),
        mail.fn.countAll<number>().as('waiting'),
        mail.fn.min('next_attempt_us').as('dueUs'),
      ])
      .where('status', '=', sql.lit('queued'))
      .groupBy(DOMAIN),
  );
}

function counts({ all, build }: Database): MailCounts {
  const rows = all(build.selectFrom('mail_counts').selectAll());
  const of = (status: string) => rows.find((row) => row.status === status)?.count ?? 0;
  return { queued: of('queued'), sent: of('sent'), failed: of('failed') };
}
