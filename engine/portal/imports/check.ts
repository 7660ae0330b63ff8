/**
 * The dry run: every row of the file judged in a thread, and the report kept row by row. A portal
 * that was stopped begins it anew: the file is still there.
 */
import type { FormDefinition, TableDocument } from '#protocol/forms/index.ts';
import { todayInRome } from '../applications/refresh.ts';
import { routed } from '../applications/version.ts';
import { clickDayFor, type Models, type RoutedClickDay, routingOf } from '../models/index.ts';
import { pulled, SpreadsheetFailure } from '../spreadsheets/index.ts';
import type { Header } from './columns.ts';
import { createDoubles } from './doubles.ts';
import { formOfImport, type JobParts } from './job.ts';
import type { Finding, JudgedRow } from './judge.ts';
import type { JudgeAnswer, JudgeTask } from './judge-thread.ts';
import type { ImportedRow, ImportRow } from './store.ts';

/** The first row as it is kept: what was written, and what we understood. */
export type KeptHeader = Header & { readonly cells: readonly string[] };

const THREAD = new URL('./judge-thread.ts', import.meta.url);
/** What rules look into besides the tables of the fields. */
const RULE_TABLES = ['countries', 'comuni'];
const ROWS_DROPPED_AT_ONCE = 100;

/** Ends with the state `checked` or `failed`; or, when the portal stops, unfinished. */
export async function checkImport(parts: JobParts, job: ImportRow): Promise<void> {
  const { store, database, models, clock, timers } = parts;
  const form = formOfImport(models, job);
  const nowUs = clock.nowUs();
  while ((await database.piece(() => store.dropSomeRows(job.id, ROWS_DROPPED_AT_ONCE))) > 0) {
    await parts.pause();
  }
  const doubles = createDoubles({ ...parts, form, organisation: job.organisation });
  const clickDays = parts.calendar.all().map(routed);
  const bytes = store.file(job.id);
  const task: JudgeTask = {
    ...{ bytes, form, todayIso: todayInRome(nowUs) },
    tables: tablesOf(models, form),
  };
  for await (const answer of pulled<JudgeAnswer>(THREAD, task, timers)) {
    if (parts.isStopped()) return;
    if (answer.kind === 'header') keepHeader(parts, job, answer);
    else {
      const kept = answer.rows.map((row) =>
        keptRow(job, row, [
          ...doubles(row.number, row.values),
          ...routing(form, row, clickDays, nowUs),
        ]),
      );
      await database.piece(() => store.insertRows(kept));
    }
    await parts.pause();
  }
  if (store.rowCounts(job.id).length === 0) throw new SpreadsheetFailure('SPREADSHEET_EMPTY');
}

/** Refuses a file none of whose columns is ours: nothing in it could be told. */
function keepHeader(
  { store }: JobParts,
  job: ImportRow,
  { header, cells }: { header: Header; cells: readonly string[] },
): void {
  const kept: KeptHeader = { ...header, cells };
  store.update(job.id, { header_json: JSON.stringify(kept) });
  if (header.fields.every((field) => field === undefined)) {
    throw new ImportFailure('IMPORT_COLUMNS_UNKNOWN');
  }
}

/** A file that can be read and is not for this model. */
export class ImportFailure extends Error {
  override name = 'ImportFailure';
  readonly code: 'IMPORT_COLUMNS_UNKNOWN';

  constructor(code: 'IMPORT_COLUMNS_UNKNOWN') {
    super(code);
    this.code = code;
  }
}

function keptRow(job: ImportRow, row: JudgedRow, more: readonly Finding[]): ImportedRow {
  const findings = [...row.findings, ...more];
  const isWrong = row.cells !== null;
  return {
    import: job.id,
    number: row.number,
    state: isWrong ? 'wrong' : 'valid',
    has_findings: findings.length > 0 ? 1 : 0,
    values_json: isWrong ? null : JSON.stringify(row.values),
    cells_json: isWrong ? JSON.stringify(row.cells) : null,
    findings_json: JSON.stringify(findings),
    application: null,
    made_at_us: null,
  };
}

/** A draft without a click day is possible; the person should know. */
function routing(
  form: FormDefinition,
  { values, cells }: JudgedRow,
  clickDays: readonly RoutedClickDay[],
  nowUs: number,
): Finding[] {
  if (cells !== null) return [];
  const choice = clickDayFor(routingOf(form, values), clickDays, nowUs);
  return choice.ok ? [] : [{ kind: 'warning', ...choice.error }];
}

function tablesOf(models: Models, form: FormDefinition): TableDocument[] {
  const fields = form.pages.flatMap((page) => Object.values(page.schema.properties));
  const names = new Set([...fields.flatMap((field) => field['x-table'] ?? []), ...RULE_TABLES]);
  return [...names].flatMap((name) => models.tableDocument(name) ?? []);
}
