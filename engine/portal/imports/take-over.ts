/**
 * Makes applications of the rows with which nothing is wrong, a few in each transaction. A row and
 * its application are written together: whatever happens, none is made twice. What was right in
 * the dry run is checked again, for days may lie between.
 */
import {
  type FieldValue,
  type FormDefinition,
  type FormValues,
  fieldNames,
  validateAll,
} from '#protocol/forms/index.ts';
import { outcomes } from '#protocol/outcomes.ts';
import type { AccountsTable } from '../../store/database/index.ts';
import { accountStore } from '../accounts/store.ts';
import { todayInRome } from '../applications/refresh.ts';
import { newDraft } from '../applications/service.ts';
import { type ApplicationRow, applicationStore, type PageRow } from '../applications/store.ts';
import { makeVersion } from '../applications/version.ts';
import type { ClickDayFacts } from '../calendar/store.ts';
import { noteSameness } from '../drafting/sameness.ts';
import { Refusal } from '../http/refusal.ts';
import { applicationTitle } from '../models/index.ts';
import { doPiece, formOfImport, type JobParts } from './job.ts';
import type { Finding } from './judge.ts';
import type { ImportedRow, ImportRow } from './store.ts';

const ROWS_AT_ONCE = 6;

interface Taking {
  readonly parts: JobParts;
  readonly job: ImportRow;
  readonly form: FormDefinition;
  /** Who takes over: the applications are theirs, and their organisation's. */
  readonly account: AccountsTable;
  readonly clickDays: readonly ClickDayFacts[];
}

/** Every valid row becomes a draft, or *ready*; or, when the portal stops, the rest waits. */
export async function takeOver(parts: JobParts, job: ImportRow): Promise<void> {
  const { store, database, models } = parts;
  const form = formOfImport(models, job);
  const taker = accountStore(database).byId(job.account);
  if (!taker) throw new Error(`the account of import ${job.id} is gone`);
  // Also when they have left the organisation meanwhile.
  const account = { ...taker, organisation: job.organisation };
  let after = 0;
  for (;;) {
    const rows = store.rowsIn(job.id, ['valid'], { after, limit: ROWS_AT_ONCE });
    if (rows.length === 0 || parts.isStopped()) return;
    const clickDays = parts.calendar.all();
    after = await database.piece(() => {
      const taking = { parts, job, form, account, clickDays };
      return doPiece(parts.clock, rows, (row) => takeRow(taking, row));
    });
    await parts.pause();
  }
}

function takeRow(taking: Taking, row: ImportedRow): void {
  const { parts, job, form, account } = taking;
  const { clock, random, database, models } = parts;
  const values = JSON.parse(row.values_json ?? '{}') as FormValues;
  const nowUs = clock.nowUs();
  const checks = { todayIso: todayInRome(nowUs), tables: models.tables };
  const wrongPages = new Set(validateAll(form, values, checks).map(({ page }) => page));
  const draft = newDraft({ id: random.id(), account, form, nowUs });
  const application = { ...draft, title: applicationTitle(form, values) };
  const applications = applicationStore(database);
  applications.insert(application);
  applications.insertPages(pageRows(application, form, values, wrongPages));
  noteSameness(database, { id: application.id, form, values });
  const hindrance = job.make_ready === 1 ? makeReady(taking, application, values) : null;
  const findings = JSON.parse(row.findings_json) as Finding[];
  const all = hindrance ? [...findings, hindrance] : findings;
  parts.store.updateRow(job.id, row.number, {
    state: job.make_ready === 1 && hindrance === null ? 'ready' : 'draft',
    values_json: null,
    application: application.id,
    made_at_us: nowUs,
    findings_json: JSON.stringify(all),
    has_findings: all.length > 0 ? 1 : 0,
  });

  /** Why it stays a draft; null when it is ready. */
  function makeReady(
    { clickDays }: Taking,
    made: ApplicationRow,
    answers: FormValues,
  ): Finding | null {
    if (wrongPages.size > 0) return notReady('INCOMPLETE');
    try {
      const content = { form, models, values: answers, attached: [] };
      const wish = { row: made, ...content, clickDays, nowUs, random };
      const { version, ready } = makeVersion(wish);
      applications.insertVersion(version);
      applications.update(made.id, ready);
      return null;
    } catch (error) {
      if (error instanceof Refusal) return notReady(error.code as 'INCOMPLETE', error);
      throw error;
    }
  }
}

function notReady(code: 'INCOMPLETE', refusal?: Refusal): Finding {
  const reason = refusal?.errors?.[0]?.messages ?? outcomes[code];
  return {
    kind: 'warning',
    field: refusal?.errors?.[0]?.field ?? '',
    code: 'LEFT_AS_DRAFT',
    messages: {
      it: `Importata come bozza, non ancora pronta. ${reason.it}`,
      en: `Imported as a draft, not ready yet. ${reason.en}`,
    },
  };
}

function pageRows(
  { id, created_at_us }: ApplicationRow,
  form: FormDefinition,
  values: FormValues,
  wrong: ReadonlySet<number | undefined>,
): PageRow[] {
  return form.pages.map((page) => {
    const answers = fieldNames(page).flatMap((field): [string, FieldValue][] => {
      const value = Object.hasOwn(values, field) ? values[field] : undefined;
      return value === undefined ? [] : [[field, value]];
    });
    return {
      application: id,
      number: page.number,
      values_json: JSON.stringify(Object.fromEntries(answers)),
      complete: wrong.has(page.number) ? 0 : 1,
      version: 1,
      saved_at_us: created_at_us,
    };
  });
}
