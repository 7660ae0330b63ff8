/**
 * The portal's side of the registrar: applications become *submitted* in the order of the register
 * and *receipt* when theirs is made, and with it they are *forwarded*: from then on the competent
 * office reads them.
 *
 * The registrar's cursor is written in the same transaction as the rows, so a crash neither skips
 * nor doubles. What was submitted is the version that the passbook named by its digest: when the
 * application was changed meanwhile, it goes back to exactly that version.
 */
import type { LedgerEntry } from '#protocol/entry.ts';
import { protocolNumber } from '#protocol/entry.ts';
import type { FormValues } from '#protocol/forms/index.ts';
import type { Random } from '../../foundation/random.ts';
import type { Database } from '../../store/database/index.ts';
import { attachmentStore } from '../attachments/store.ts';
import { readSetting, writeSetting } from '../control-room/setting.ts';
import { applicationEvents, type EventKind } from '../drafting/events.ts';
import type { Models } from '../models/index.ts';
import { formOf } from './service.ts';
import { type ApplicationRow, type ApplicationStore, applicationStore } from './store.ts';
import { valuesOf } from './version.ts';

/** A line of the register; `duplicateOf` is null for an application's earliest entry. */
export interface RegisteredEntry {
  readonly place: number;
  readonly entry: LedgerEntry;
  readonly duplicateOf: number | null;
}

/** A submission as the portal notes it. Instants are integer microseconds. */
export interface SubmittedRow {
  readonly application: string;
  readonly digest: string;
  readonly protocol: string;
  readonly gate: string;
  readonly seq: number;
  readonly stampUs: number;
  readonly uncertaintyUs: number;
  readonly place: number;
}

export interface Submissions {
  /** The last place applied, 0 at first. */
  lastPlace(): number;
  /** Applies lines of the register and remembers the last place, in one transaction. */
  apply(entries: readonly RegisteredEntry[]): void;
  /** Marks rows and stores `cursor` in one transaction. An unknown application is no error. */
  markSubmitted(rows: readonly SubmittedRow[], cursor: string): void;
  cursor(): string | null;
  /** Notes that receipts are there and forwards what has one; repeating is harmless. */
  markReceipts(applications: readonly string[], receiptAtUs: number): void;
}

const CURSOR_KEY = 'registrar.cursor';

interface SubmissionParts {
  readonly database: Database;
  readonly models: Models;
  readonly clock: { nowUs(): number };
  readonly random: Pick<Random, 'id'>;
}

/** The submissions over `database`. */
export function createSubmissions(parts: SubmissionParts): Submissions {
  const { database, models, clock } = parts;
  const store = applicationStore(database);
  const events = applicationEvents(database, parts.random);
  const markSubmitted: Submissions['markSubmitted'] = (rows, cursor) =>
    database.transaction(() => {
      const known = new Map(store.byIds(rows.map(idOf)).map((each) => [each.id, each]));
      for (const row of rows)
        mark({ database, models }, store, { row, known: known.get(idOf(row)) });
      writeSetting(database, CURSOR_KEY, cursor);
    });
  const cursor = () => readSetting(database, CURSOR_KEY);
  return {
    lastPlace: () => Number(cursor() ?? 0),
    apply: (entries) => {
      const last = entries.at(-1);
      if (!last) return;
      const first = entries.filter((each) => each.duplicateOf === null);
      markSubmitted(first.map(submittedRow), String(last.place));
    },
    markSubmitted,
    cursor,
    markReceipts: (applications, receiptAtUs) =>
      database.transaction(() => {
        const atUs = clock.nowUs();
        const made = store.markReceipts(applications, receiptAtUs);
        events.add(...made.flatMap((each) => forwarded(each, atUs)));
      }),
  };
}

function forwarded({ id, office }: Pick<ApplicationRow, 'id' | 'office'>, atUs: number) {
  if (!office) return [];
  const kind: EventKind = 'forwarded';
  return [{ application: id, kind, atUs, account: null, detail: { office } }];
}

function submittedRow({ place, entry }: RegisteredEntry): SubmittedRow {
  return { ...entry, protocol: protocolNumber(entry), place };
}

interface Ground {
  readonly database: Database;
  readonly models: Models;
}

const idOf = ({ application }: SubmittedRow) => application;

interface Marked {
  readonly row: SubmittedRow;
  /** The application before its first row of this transaction. */
  readonly known: ApplicationRow | undefined;
}

function mark(ground: Ground, store: ApplicationStore, { row, known }: Marked): void {
  if (!known || known.status === 'receipt') return;
  if (known.digest !== row.digest) restore(ground, store, known, row);
  store.update(row.application, {
    status: 'submitted',
    protocol: row.protocol,
    gate: row.gate,
    seq: row.seq,
    stamp_us: row.stampUs,
    uncertainty_us: row.uncertaintyUs,
    place: row.place,
  });
}

/** Puts an application back to the version with this digest, pages and files included. */
function restore(
  { database, models }: Ground,
  store: ApplicationStore,
  row: ApplicationRow,
  { digest, stampUs }: SubmittedRow,
): void {
  const version = store.version(digest);
  if (!version || version.application !== row.id) return;
  const { click_day, office, office_criterion, title, made_at_us } = version;
  store.update(row.id, {
    click_day,
    office,
    office_criterion,
    title,
    digest,
    ready_at_us: made_at_us,
  });
  attachmentStore(database).restore(row.id, digest, stampUs);
  const values = valuesOf(version);
  const { build, run } = database;
  run(build.deleteFrom('pages').where('application', '=', row.id));
  for (const page of formOf(models, row).pages) {
    const kept = Object.keys(page.schema.properties).filter((field) => field in values);
    const answers: FormValues = Object.fromEntries(kept.map((field) => [field, values[field]!]));
    store.putPage({
      application: row.id,
      number: page.number,
      values_json: JSON.stringify(answers),
      complete: 1,
      version: 1,
      saved_at_us: made_at_us,
    });
  }
}
