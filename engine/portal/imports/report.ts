/**
 * The report as a file, and the rows to mend as a sheet like the one that was sent: mend, delete
 * nothing else, send again. Both are written while their rows are read, a few at a time.
 */
import type { FormDefinition } from '#protocol/forms/index.ts';
import type { Language } from '#protocol/portal-api.ts';
import type { SheetWish, SpreadsheetKind } from '../spreadsheets/index.ts';
import { columnsOf, isNumber, NOTES_CODE } from './columns.ts';
import type { Finding } from './judge.ts';
import type { ImportedRow, ImportRow, ImportStore } from './store.ts';
import { findingLines, headerOf } from './view.ts';

export interface ReportWish {
  readonly store: ImportStore;
  readonly job: ImportRow;
  readonly form: FormDefinition;
  readonly kind: SpreadsheetKind;
  readonly language: Language;
}

type Sheet = { readonly rows: AsyncIterable<(string | number)[]>; readonly wish: SheetWish };

const ROWS_AT_ONCE = 50;
const NOTES = ` [${NOTES_CODE}]`;
/** It is read again with the row. */
const NOTES_CHARACTERS_MAX = 3000;
const WIDTH = 22;
const WIDTH_WIDE = 80;
const WIDTH_NOTES = 50;

const words = {
  it: {
    report: 'Segnalazioni',
    columns: ['Riga', 'Colonna', 'Tipo', 'Domanda', 'Campo', 'Codice', 'Che cosa fare'],
    kinds: { error: 'errore', warning: 'avviso' },
    mend: 'Da correggere',
  },
  en: {
    report: 'Findings',
    columns: ['Row', 'Column', 'Kind', 'Question', 'Field', 'Code', 'What to do'],
    kinds: { error: 'error', warning: 'warning' },
    mend: 'To mend',
  },
} as const;

/** A line for everything that was found. */
export function reportSheet(wish: ReportWish): Sheet {
  const { language, job, form, kind } = wish;
  const { report, columns, kinds } = words[language];
  const headers = columns.map((header, index) => ({
    header,
    width: index === columns.length - 1 ? WIDTH_WIDE : WIDTH,
    wraps: true,
  }));
  return { rows: lines(), wish: { kind, name: report, columns: headers } };

  async function* lines() {
    for await (const rows of foundRows(wish)) {
      for (const line of findingLines(job, form, rows)) {
        const { row, column, label, field, code, messages } = line;
        yield [row, column, kinds[line.kind], label[language], field, code, messages[language]];
      }
    }
  }
}

/**
 * The wrong rows as they were written, each with what is wrong with it in a first column that stays
 * in sight. As in the sheet to fill in, what is typed into an answer stays as it is typed.
 */
export function mendSheet(wish: ReportWish): Sheet {
  const { language, job, form, kind } = wish;
  const { mend } = words[language];
  const { cells, fields } = headerOf(job);
  const numbers = new Set(
    columnsOf(form)
      .filter(isNumber)
      .map(({ field }) => field),
  );
  const own = [...cells.keys()].filter((index) => !cells[index]?.endsWith(NOTES));
  const answers = own.map((index) => ({
    ...{ header: cells[index] ?? '', width: WIDTH, wraps: true },
    isText: !numbers.has(fields[index] ?? ''),
  }));
  const columns = [{ header: mend + NOTES, width: WIDTH_NOTES, wraps: true }, ...answers];
  return { rows: lines(), wish: { kind, name: mend, columns, isFirstFixed: true } };

  async function* lines() {
    for await (const rows of foundRows(wish)) {
      for (const { cells_json, findings_json } of rows) {
        if (cells_json === null) continue;
        const written = JSON.parse(cells_json) as string[];
        const found = (JSON.parse(findings_json) as Finding[]).map(
          ({ field, messages }) => `${field === '' ? '' : `${field}: `}${messages[language]}`,
        );
        const notes = found.join(' | ').slice(0, NOTES_CHARACTERS_MAX);
        yield [notes, ...own.map((index) => written[index] ?? '')];
      }
    }
  }
}

async function* foundRows({ store, job }: ReportWish): AsyncGenerator<ImportedRow[]> {
  for (let after = 0; ; ) {
    const rows = store.foundRows(job.id, after, ROWS_AT_ONCE);
    if (rows.length === 0) return;
    yield rows;
    after = rows.at(-1)?.number ?? after;
  }
}
