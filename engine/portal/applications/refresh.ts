/**
 * What follows from the answers of a draft, worked out anew after each change: which pages are
 * complete, what it is called, whom it concerns, and since when it is complete.
 */
import {
  type FormDefinition,
  type FormValues,
  validateAll,
  validatePage,
} from '#protocol/forms/index.ts';
import type { Random } from '../../foundation/random.ts';
import type { Database } from '../../store/database/index.ts';
import { applicationEvents } from '../drafting/events.ts';
import { noteSameness } from '../drafting/sameness.ts';
import { applicationTitle, type Models } from '../models/index.ts';
import { type ApplicationRow, applicationStore, mergedValues, type PageRow } from './store.ts';

/** Swedish writes dates as `YYYY-MM-DD`. A formatter is slow to build and never changes. */
const romeDay = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Rome' });

export interface RefreshParts {
  readonly database: Database;
  readonly models: Models;
  readonly random: Random;
}

/** The day in Rome, `YYYY-MM-DD`: what "today" means in a form. */
export function todayInRome(nowUs: number): string {
  return romeDay.format(new Date(nowUs / 1000));
}

/** What the checks of a form take besides the answers. */
export function checksAt({ tables }: Models, nowUs: number) {
  return { todayIso: todayInRome(nowUs), tables };
}

/** A page can become complete or incomplete by an answer on another one. Within a transaction. */
export function refreshDraft(
  { database, models, random }: RefreshParts,
  draft: {
    readonly row: ApplicationRow;
    readonly form: FormDefinition;
    readonly nowUs: number;
    /** Who changed it. */
    readonly account: string;
  },
): void {
  const { row, form, nowUs, account } = draft;
  const store = applicationStore(database);
  const pages = store.pages(row.id);
  const values = mergedValues(pages);
  const checks = { ...checksAt(models, nowUs), allValues: values };
  for (const page of pages) {
    const complete = isComplete(form, page, checks) ? 1 : 0;
    if (complete !== page.complete) store.putPage({ ...page, complete });
  }
  const title = applicationTitle(form, values);
  store.update(row.id, { title, updated_at_us: nowUs });
  noteSameness(database, { id: row.id, form, values });
  const isWhole = pages.length > 0 && validateAll(form, values, checks).length === 0;
  const events = applicationEvents(database, random);
  const before = events.last(row.id, ['completed', 'incomplete'])?.kind ?? 'incomplete';
  const kind = isWhole ? 'completed' : 'incomplete';
  if (kind !== before) events.add({ application: row.id, kind, atUs: nowUs, account });
}

function isComplete(
  form: FormDefinition,
  page: PageRow,
  checks: Parameters<typeof validatePage>[3],
): boolean {
  const values = JSON.parse(page.values_json) as FormValues;
  return validatePage(form, page.number, values, checks).length === 0;
}
