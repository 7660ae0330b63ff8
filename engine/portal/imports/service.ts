/**
 * Imports as a caller asks for them: send a file, look at the report, take over, take back. The
 * work itself is the runner's; here states change and it is woken.
 *
 *   begin ─► checking ─► checked ──take──► taking ─► taken ──undo──► undoing ─► undone
 *                └─► failed
 */
import type { FormDefinition } from '#protocol/forms/index.ts';
import type { ImportFindingsAnswer, ImportView } from '#protocol/imports-api.ts';
import type { Language } from '#protocol/portal-api.ts';
import type { AccountsTable } from '../../store/database/index.ts';
import type { Deed } from '../applications/reach.ts';
import { Refusal } from '../http/refusal.ts';
import { type SpreadsheetKind, spreadsheetBounds, writeSheet } from '../spreadsheets/index.ts';
import { formOfImport, type ImportParts } from './job.ts';
import { importingOrganisation } from './organisation.ts';
import { mendSheet, reportSheet } from './report.ts';
import type { ImportRunner } from './runner.ts';
import { type ImportRow, importStore } from './store.ts';
import { createTemplates } from './template.ts';
import { findingLines, importView } from './view.ts';

/** A file as it comes in. */
export interface Upload {
  readonly model: string;
  readonly fileName: string;
  readonly chunks: AsyncIterable<Uint8Array>;
}

export interface FileWish {
  readonly kind: SpreadsheetKind;
  readonly language: Language;
}

/** Another organisation's import is NOT_FOUND; a private caller is IMPORT_ORGANISATIONS_ONLY. */
export interface ImportService {
  template(account: AccountsTable, model: string, wish: FileWish): Promise<Uint8Array>;
  /** Refuses MODEL_UNKNOWN, IMPORT_BUSY, SPREADSHEET_TOO_LARGE. */
  begin(account: AccountsTable, upload: Upload): Promise<ImportView>;
  /** The newest ones. */
  list(account: AccountsTable): ImportView[];
  read(account: AccountsTable, id: string): ImportView;
  findings(account: AccountsTable, id: string, after: number): ImportFindingsAnswer;
  /** `report`: everything that was found. `mend`: the wrong rows, to be sent again. */
  file(
    account: AccountsTable,
    id: string,
    wish: FileWish & { readonly content: 'report' | 'mend' },
  ): AsyncGenerator<Uint8Array>;
  /** Refuses IMPORT_STATE, IMPORT_BUSY. */
  take(account: AccountsTable, id: string, makeReady: boolean): ImportView;
  /** Refuses IMPORT_STATE, IMPORT_BUSY. */
  undo(account: AccountsTable, id: string): ImportView;
  /** Forgets the report; applications stay. Refuses IMPORT_STATE while it is worked on. */
  remove(account: AccountsTable, id: string): void;
}

const PIECE_BYTES = 256 * 1024;
/** Imports kept for each organisation: the oldest goes when one more comes. */
const KEPT_MAX = 20;
const FINDING_ROWS_AT_ONCE = 50;
const BUSY_RETRY_MS = 5000;
const FILE_NAME_CHARACTERS_MAX = 120;
const AT_WORK = ['checking', 'taking', 'undoing'];

/** The imports in `database`. */
export function createImportService(parts: ImportParts, runner: ImportRunner): ImportService {
  const { database, models, clock, timers } = parts;
  const store = importStore(database);
  const makeTemplate = createTemplates(parts);
  const formFor = (model: string): FormDefinition => {
    const form = models.list().find(({ code }) => code === model);
    if (!form) throw new Refusal('MODEL_UNKNOWN');
    return form;
  };
  const find = (account: AccountsTable, id: string, deed: Deed): ImportRow => {
    const row = store.ofOrganisation(importingOrganisation(account, deed), id);
    if (!row) throw new Refusal('NOT_FOUND');
    return row;
  };
  const view = (row: ImportRow) =>
    importView(row, formOfImport(models, row), store.rowCounts(row.id));
  const change = (row: ImportRow, from: string, values: Partial<ImportRow>): ImportView => {
    if (row.state !== from) throw new Refusal('IMPORT_STATE');
    requireIdle(row.organisation);
    store.update(row.id, { ...values, updated_at_us: clock.nowUs() });
    runner.wake();
    return view({ ...row, ...values });
  };
  const requireIdle = (organisation: string) => {
    if (store.isBusy(organisation))
      throw new Refusal('IMPORT_BUSY', { retryAfterMs: BUSY_RETRY_MS });
  };
  return {
    template: async (account, model, wish) => {
      importingOrganisation(account, 'read');
      return makeTemplate({ form: formFor(model), ...wish });
    },
    begin: async (account, upload) => {
      const organisation = importingOrganisation(account, 'prepare');
      const row = newImport(parts, { organisation, account, form: formFor(upload.model), upload });
      requireIdle(organisation);
      store.insert(row);
      try {
        await keep(row.id, upload.chunks);
      } catch (error) {
        store.update(row.id, { state: 'removing' });
        runner.wake();
        throw error;
      }
      store.update(row.id, { state: 'checking' });
      for (const old of store.listOf(organisation, KEPT_MAX * 2).slice(KEPT_MAX)) {
        store.update(old.id, { state: 'removing' });
      }
      runner.wake();
      return view({ ...row, state: 'checking' });
    },
    list: (account) => store.listOf(importingOrganisation(account, 'read'), KEPT_MAX).map(view),
    read: (account, id) => view(find(account, id, 'read')),
    findings: (account, id, after) => {
      const row = find(account, id, 'read');
      const rows = store.foundRows(row.id, after, FINDING_ROWS_AT_ONCE);
      const isMore = rows.length === FINDING_ROWS_AT_ONCE;
      return {
        findings: findingLines(row, formOfImport(models, row), rows),
        next: isMore ? (rows.at(-1)?.number ?? null) : null,
      };
    },
    file: (account, id, { content, ...wish }) => {
      const job = find(account, id, 'read');
      const sheet = content === 'report' ? reportSheet : mendSheet;
      const { rows, wish: columns } = sheet({
        store,
        job,
        form: formOfImport(models, job),
        ...wish,
      });
      return writeSheet(rows, columns, timers);
    },
    take: (account, id, makeReady) =>
      change(find(account, id, 'prepare'), 'checked', {
        ...{ state: 'taking', account: account.id, make_ready: makeReady ? 1 : 0 },
      }),
    undo: (account, id) => change(find(account, id, 'prepare'), 'taken', { state: 'undoing' }),
    remove: (account, id) => {
      const row = find(account, id, 'prepare');
      if (AT_WORK.includes(row.state)) throw new Refusal('IMPORT_STATE');
      store.update(row.id, { state: 'removing' });
      runner.wake();
    },
  };

  /** As it comes, so that memory holds one piece of it. */
  async function keep(id: string, chunks: AsyncIterable<Uint8Array>): Promise<void> {
    let waiting: Uint8Array[] = [];
    let [size, total, number] = [0, 0, 0];
    const flush = () => {
      if (size > 0) store.addPiece(id, number, Buffer.concat(waiting));
      number += 1;
      [waiting, size] = [[], 0];
    };
    for await (const chunk of chunks) {
      waiting.push(chunk);
      size += chunk.length;
      total += chunk.length;
      if (total > spreadsheetBounds.fileBytesMax) throw new Refusal('SPREADSHEET_TOO_LARGE');
      if (size >= PIECE_BYTES) flush();
    }
    flush();
  }
}

function newImport(
  { random, clock }: ImportParts,
  made: { organisation: string; account: AccountsTable; form: FormDefinition; upload: Upload },
): ImportRow {
  const { organisation, account, form, upload } = made;
  const nowUs = clock.nowUs();
  return {
    id: random.id(),
    organisation,
    account: account.id,
    model: form.code,
    model_version: form.version,
    file_name: upload.fileName.slice(0, FILE_NAME_CHARACTERS_MAX),
    state: 'uploading',
    failure: null,
    make_ready: 0,
    header_json: '{}',
    created_at_us: nowUs,
    updated_at_us: nowUs,
  };
}
