/**
 * Drafting: from an empty form to *ready*.
 *
 *           ready (all pages complete)          a gate accepted it        receipt made
 *   draft ───────────────────────────► ready ─────────────────► submitted ──────────► receipt
 *     ▲                                  │
 *     └────────── back to draft ─────────┘
 *
 * A page is saved as it is, complete or not, so that nothing typed is lost; whether it is complete
 * is worked out anew each time. Making ready fixes click day, office, canonical form and digest:
 * a version, which stays on record even when the application goes back to draft.
 */
import {
  decodePage,
  type FieldError,
  type FormDefinition,
  type FormValues,
  normaliseAll,
  normalisePage,
  pageOf,
  validateAll,
  validatePage,
} from '#protocol/forms/index.ts';
import type { Application, ApplicationsAnswer, PageAnswer } from '#protocol/portal-api.ts';
import { isoFromUs } from '#protocol/time.ts';
import type { Random } from '../../foundation/random.ts';
import type { AccountsTable, Database } from '../../store/database/index.ts';
import { requiredAttachments } from '../attachments/required.ts';
import { attachmentStore } from '../attachments/store.ts';
import type { Calendar } from '../calendar/service.ts';
import { applicationEvents } from '../drafting/events.ts';
import { noteSameness } from '../drafting/sameness.ts';
import { Refusal } from '../http/refusal.ts';
import type { Models } from '../models/index.ts';
import { type Deed, requireDeed, requireReached } from './reach.ts';
import { checksAt, refreshDraft } from './refresh.ts';
import {
  type ApplicationRow,
  type ApplicationStore,
  applicationStore,
  type ListWish,
  mergedValues,
} from './store.ts';
import { makeVersion } from './version.ts';
import { applicationView } from './view.ts';

/** Everything takes the caller's account; what it reaches and may do, reach.ts decides. */
export interface ApplicationService {
  /** `organisation`: whose it is to be, null for a private one; left out: whom they work for. */
  create(account: AccountsTable, model: string, organisation?: string | null): Application;
  list(
    account: AccountsTable,
    wish: ListWish & { cursor?: string | undefined; limit: number },
  ): ApplicationsAnswer;
  read(account: AccountsTable, id: string): Application;
  /** Refuses ALREADY_ISSUED, NOT_EDITABLE. */
  remove(account: AccountsTable, id: string): void;
  readPage(account: AccountsTable, id: string, page: number): PageAnswer;
  /** Refuses NOT_EDITABLE, VERSION_CONFLICT, REQUEST_INVALID (values no form sends). */
  savePage(
    account: AccountsTable,
    id: string,
    saving: { page: number; values: unknown; version: number },
  ): PageAnswer;
  /** Refuses NOT_EDITABLE, INCOMPLETE. Ready already: nothing changes. */
  makeReady(account: AccountsTable, id: string): Application;
  /** Back to draft. Refuses NOT_EDITABLE once submitted or its click day closed. */
  reopen(account: AccountsTable, id: string): Application;
  counts(): { draft: number; ready: number; submitted: number };
}

export interface ApplicationParts {
  readonly database: Database;
  readonly clock: { nowUs(): number };
  readonly random: Random;
  readonly calendar: Calendar;
  readonly models: Models;
}

/** The applications in `database`. */
export function createApplicationService(parts: ApplicationParts): ApplicationService {
  const { database, clock, calendar } = parts;
  const store = applicationStore(database);
  const events = applicationEvents(database, parts.random);
  const find = (account: AccountsTable, id: string, deed: Deed) =>
    requireReached(database, account, { id, deed });
  const view = (row: ApplicationRow) =>
    applicationView(row, formOf(parts.models, row), store.pages(row.id));
  return {
    create: (account, model, organisation = account.organisation) =>
      view(create(parts, store, { ...account, organisation }, model)),
    list: (account, wish) => list(parts, store, account, wish),
    read: (account, id) => view(find(account, id, 'read')),
    remove: (account, id) =>
      database.transaction(() => {
        const row = requireDraft(find(account, id, 'prepare'));
        if (store.hasIssuedVersion(row.id)) throw new Refusal('ALREADY_ISSUED');
        store.remove(row.id);
      }),
    readPage: (account, id, page) => pageAnswer(parts, store, find(account, id, 'read'), page),
    savePage: (account, id, saving) =>
      database.transaction(() => {
        const row = find(account, id, 'prepare');
        return savePage(parts, store, row, { ...saving, account: account.id });
      }),
    makeReady: (account, id) =>
      database.transaction(() => {
        const row = find(account, id, 'prepare');
        if (row.status === 'draft') makeReady(parts, store, row, account.id);
        else if (row.status !== 'ready') throw new Refusal('NOT_EDITABLE');
        return view(find(account, id, 'read'));
      }),
    reopen: (account, id) =>
      database.transaction(() => {
        const row = find(account, id, 'prepare');
        if (row.status === 'draft') return view(row);
        const day = row.click_day === null ? undefined : calendar.byId(row.click_day);
        const isClosed = day !== undefined && clock.nowUs() >= day.closesAtUs;
        if (row.status !== 'ready' || isClosed) throw new Refusal('NOT_EDITABLE');
        const none = { click_day: null, office: null, office_criterion: null, digest: null };
        const changed = { status: 'draft', ready_at_us: null, updated_at_us: clock.nowUs() };
        store.update(id, { ...none, ...changed });
        const atUs = clock.nowUs();
        events.add({ application: id, kind: 'reopened', atUs, account: account.id });
        return view(find(account, id, 'read'));
      }),
    counts: store.countByStatus,
  };
}

/** The form an application is written in. Published versions are kept for ever. */
export function formOf(
  models: Models,
  row: Pick<ApplicationRow, 'model' | 'model_version'>,
): FormDefinition {
  const form = models.get(row.model, row.model_version);
  if (!form) throw new Error(`model ${row.model} version ${row.model_version} is gone`);
  return form;
}

function requireDraft(row: ApplicationRow): ApplicationRow {
  if (row.status !== 'draft') throw new Refusal('NOT_EDITABLE');
  return row;
}

function create(
  { clock, random, database, models }: ApplicationParts,
  store: ApplicationStore,
  account: AccountsTable,
  model: string,
): ApplicationRow {
  if (account.organisation !== null) requireDeed(account, 'prepare');
  const form = models.list().find(({ code }) => code === model);
  if (!form) throw new Refusal('MODEL_UNKNOWN');
  const row = newDraft({ id: random.id(), account, form, nowUs: clock.nowUs() });
  return database.transaction(() => {
    const max = account.organisation === null ? account.applications_max : null;
    if (max !== null && store.countOf(account.id) >= max) throw new Refusal('APPLICATIONS_LIMIT');
    store.insert(row);
    return row;
  });
}

/** The row of an empty application, without a name: each reader is told so in their language. */
export function newDraft(made: {
  readonly id: string;
  readonly account: Pick<AccountsTable, 'id' | 'organisation'>;
  readonly form: FormDefinition;
  readonly nowUs: number;
}): ApplicationRow {
  const { id, account, form, nowUs } = made;
  return {
    id,
    account: account.id,
    organisation: account.organisation,
    model: form.code,
    model_version: form.version,
    status: 'draft',
    title: '',
    click_day: null,
    office: null,
    office_criterion: null,
    digest: null,
    created_at_us: nowUs,
    updated_at_us: nowUs,
    ready_at_us: null,
    protocol: null,
    gate: null,
    seq: null,
    stamp_us: null,
    uncertainty_us: null,
    place: null,
    receipt_at_us: null,
  };
}

function list(
  { models }: ApplicationParts,
  store: ApplicationStore,
  account: AccountsTable,
  wish: ListWish & { cursor?: string | undefined; limit: number },
): ApplicationsAnswer {
  const { cursor, limit } = wish;
  const page = { limit: limit + 1, ...(cursor === undefined ? {} : { cursor }) };
  const found = store.list(account, wish, page);
  const rows = found.slice(0, limit);
  const pages = Map.groupBy(store.pagesOf(rows.map((row) => row.id)), (page) => page.application);
  return {
    applications: rows.map((row) =>
      applicationView(row, formOf(models, row), pages.get(row.id) ?? []),
    ),
    next: found.length > limit ? (rows.at(-1)?.id ?? null) : null,
    total: store.total(account, wish),
  };
}

function pageAnswer(
  { clock, models }: ApplicationParts,
  store: ApplicationStore,
  row: ApplicationRow,
  number: number,
): PageAnswer {
  const form = formOf(models, row);
  if (!pageOf(form, number)) throw new Refusal('NOT_FOUND');
  const pages = store.pages(row.id);
  const page = pages.find((each) => each.number === number);
  const values = page ? (JSON.parse(page.values_json) as FormValues) : {};
  const context = { ...checksAt(models, clock.nowUs()), allValues: mergedValues(pages) };
  return {
    values,
    version: page?.version ?? 0,
    savedAt: page ? isoFromUs(page.saved_at_us) : null,
    errors: validatePage(form, number, values, context).map(problemOf),
  };
}

function savePage(
  parts: ApplicationParts,
  store: ApplicationStore,
  row: ApplicationRow,
  saving: { page: number; values: unknown; version: number; account: string },
): PageAnswer {
  const { page: number, version, account } = saving;
  const form = formOf(parts.models, requireDraft(row));
  if (!pageOf(form, number)) throw new Refusal('NOT_FOUND');
  const decoded = decodePage(form, number, saving.values);
  if (!decoded.ok) throw new Refusal('REQUEST_INVALID', { errors: decoded.errors });
  const pages = store.pages(row.id);
  const known = pages.find((each) => each.number === number)?.version ?? 0;
  if (known !== version) throw new Refusal('VERSION_CONFLICT');
  const values = normalisePage(form, number, decoded.values, mergedValues(pages));
  const nowUs = parts.clock.nowUs();
  store.putPage({
    application: row.id,
    number,
    values_json: JSON.stringify(values),
    complete: 0,
    version: version + 1,
    saved_at_us: nowUs,
  });
  refreshDraft(parts, { row, form, nowUs, account });
  return pageAnswer(parts, store, row, number);
}

function makeReady(
  parts: ApplicationParts,
  store: ApplicationStore,
  row: ApplicationRow,
  account: string,
): void {
  const nowUs = parts.clock.nowUs();
  const { models, random, database } = parts;
  const form = formOf(models, row);
  const attached = attachmentStore(database).of(row.id);
  const values = normaliseAll(form, mergedValues(store.pages(row.id)));
  const wrong = validateAll(form, values, checksAt(models, nowUs));
  const errors = [...wrong, ...requiredAttachments(form, attached)];
  if (errors.length > 0) throw new Refusal('INCOMPLETE', { errors });
  const clickDays = parts.calendar.all();
  const made = makeVersion({ row, form, models, values, attached, clickDays, nowUs, random });
  store.insertVersion(made.version);
  attachmentStore(database).fix(made.version.digest, attached);
  store.update(row.id, made.ready);
  noteSameness(database, { id: row.id, form, values });
  const event = { application: row.id, kind: 'ready', atUs: nowUs, account } as const;
  applicationEvents(database, random).add(event);
}

function problemOf({ field, code, messages, page }: FieldError) {
  return { ...(page === undefined ? {} : { page }), field, code, messages: { ...messages } };
}
