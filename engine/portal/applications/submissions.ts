/**
 * The portal's side of the registrar: applications become *submitted* in the order of the register
 * and *receipt* when theirs is made, and with it they are *forwarded*: from then on the competent
 * office reads them; and what a receipt says of an application.
 *
 * The registrar's cursor is written in the same transaction as the rows, so a crash neither skips
 * nor doubles. What was submitted is the version that the passbook named by its digest: when the
 * application was changed meanwhile, it goes back to exactly that version.
 */
import type { LedgerEntry } from '#protocol/entry.ts';
import { protocolNumber } from '#protocol/entry.ts';
import type { FormValues } from '#protocol/forms/index.ts';
import type { Random } from '../../foundation/random.ts';
import type { ReceiptFacts } from '../../receipts/index.ts';
import type { Database } from '../../store/database/index.ts';
import { attachmentStore } from '../attachments/store.ts';
import { readSetting, writeSetting } from '../control-room/setting.ts';
import { applicationEvents } from '../drafting/events.ts';
import { criterionLabel, type Models, officeName, receiptLines } from '../models/index.ts';
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
  markReceipts(rows: readonly { application: string; receiptAtUs: number }[]): void;
  /** Facts of the submitted ones among these, in the order asked; others are left out. */
  factsFor(applications: readonly string[]): ReceiptFacts[];
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
  const forward = (application: string) => {
    const office = store.byId(application)?.office;
    if (!office) return;
    const fact = { atUs: clock.nowUs(), account: null, detail: { office } };
    events.add({ application, kind: 'forwarded', ...fact });
  };
  const markSubmitted: Submissions['markSubmitted'] = (rows, cursor) =>
    database.transaction(() => {
      for (const row of rows) mark({ database, models }, store, row);
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
    markReceipts: (rows) =>
      database.transaction(() => {
        for (const { application, receiptAtUs } of rows) {
          const made = { status: 'receipt', receipt_at_us: receiptAtUs };
          if (store.updateWhere(application, 'submitted', made)) forward(application);
        }
      }),
    factsFor: (applications) =>
      applications.flatMap((id) => factsOf({ database, models }, id) ?? []),
  };
}

function submittedRow({ place, entry }: RegisteredEntry): SubmittedRow {
  return { ...entry, protocol: protocolNumber(entry), place };
}

interface Ground {
  readonly database: Database;
  readonly models: Models;
}

function mark(ground: Ground, store: ApplicationStore, row: SubmittedRow): void {
  const known = store.byId(row.application);
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

function factsOf({ database, models }: Ground, id: string): ReceiptFacts | undefined {
  const row = database.first(
    database.build
      .selectFrom('applications as a')
      .innerJoin('versions as v', 'v.digest', 'a.digest')
      .innerJoin('accounts as u', 'u.id', 'a.account')
      .select(['a.id', 'a.protocol', 'a.model', 'a.model_version', 'a.click_day', 'a.office'])
      .select(['a.office_criterion', 'v.digest', 'v.salt', 'v.canonical', 'u.email', 'u.language'])
      .where('a.id', '=', id)
      .where('a.protocol', 'is not', null),
  );
  if (!row) return undefined;
  const language = row.language === 'en' ? 'en' : 'it';
  const form = formOf(models, row);
  const [first, second, third] = receiptLines(models, form, valuesOf(row));
  return {
    application: row.id,
    protocol: row.protocol ?? '',
    model: row.model,
    modelTitle: form.title[language],
    clickDay: row.click_day ?? '',
    employer: first?.value[language] ?? '',
    worker: second?.value[language] ?? '',
    nationality: third?.value[language] ?? '',
    labels: [first, second, third].map((line) => line?.label[language] ?? ''),
    issuer: models.call.words?.issuer?.[language] ?? models.call.name[language],
    officeName: officeName(models, form, row.office ?? '')[language],
    officeCriterion: criterionLabel(form, row.office_criterion ?? '')[language],
    sender: row.email,
    digest: row.digest,
    salt: row.salt,
    language,
  };
}
