/**
 * The outbox: a mail is a row in the database first, written in the transaction of what it is
 * about, and is delivered from there. So no mail is lost in a crash and none is sent for something
 * that did not happen. Delivery is at least once: a crash between sending and noting repeats one.
 *
 * The outbox is bounded; when it is full `enqueue` refuses and the caller says BUSY.
 */
import type { Database, MailsTable } from '../store/database/index.ts';

/** A mail to one address, plain text. */
export interface Letter {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

export type MailRow = MailsTable;
export type MailCounts = { queued: number; sent: number; failed: number };

export interface Outbox {
  /** Adds a mail; its id. Null when the outbox is full. Joins an open transaction. */
  enqueue(letter: Letter): string | null;
  /** Mails that are due, oldest first. */
  due(limit: number): MailRow[];
  /** When the next waiting mail is due; undefined when none waits. */
  nextDueUs(): number | undefined;
  markSent(id: string, options: { keepText: boolean }): void;
  markAttempt(id: string, outcome: { error: string; nextAttemptUs: number | null }): void;
  /** Newest first, below `cursor` when given. */
  list(options: { cursor?: string | undefined; limit: number }): MailRow[];
  read(id: string): MailRow | undefined;
  counts(): MailCounts;
  /** Removes every mail to an address; their ids. */
  forget(recipient: string): string[];
}

const QUEUED_MAX = 20_000;
const ERROR_LENGTH_MAX = 500;

interface Parts {
  readonly database: Database;
  readonly clock: { nowUs(): number };
  readonly random: { id(): string };
}

/** An outbox over the table `mails`. */
export function createOutbox({ database, clock, random }: Parts): Outbox {
  const { build } = database;
  const mails = () => build.selectFrom('mails').selectAll();
  const change = (id: string, values: Partial<MailRow>) =>
    void database.run(build.updateTable('mails').set(values).where('id', '=', id));
  return {
    enqueue: (letter) => {
      if (counts(database).queued >= QUEUED_MAX) return null;
      const row = newRow(letter, { id: random.id(), nowUs: clock.nowUs() });
      database.run(build.insertInto('mails').values(row));
      return row.id;
    },
    due: (limit) =>
      database.all(
        mails()
          .where('status', '=', 'queued')
          .where('next_attempt_us', '<=', clock.nowUs())
          .orderBy('next_attempt_us')
          .limit(limit),
      ),
    nextDueUs: () =>
      database.first(mails().where('status', '=', 'queued').orderBy('next_attempt_us').limit(1))
        ?.next_attempt_us,
    markSent: (id, { keepText }) =>
      change(id, {
        status: 'sent',
        sent_at_us: clock.nowUs(),
        error: null,
        ...(keepText ? {} : { text: '' }),
      }),
    markAttempt: (id, { error, nextAttemptUs }) => {
      const attempts = (database.first(mails().where('id', '=', id))?.attempts ?? 0) + 1;
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
    forget: (recipient) =>
      database
        .all(build.deleteFrom('mails').where('recipient', '=', recipient).returning('id'))
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

function counts(database: Database): MailCounts {
  const rows = database.all(
    database.build
      .selectFrom('mails')
      .select(['status', (count) => count.fn.countAll<number>().as('count')])
      .groupBy('status'),
  );
  const of = (status: string) => rows.find((row) => row.status === status)?.count ?? 0;
  return { queued: of('queued'), sent: of('sent'), failed: of('failed') };
}
