/**
 * The rows of a file's first sheet, read where this is called: in a thread, for it may take
 * seconds. XLSX is told from CSV by its first bytes, never by its name. The library is loaded when
 * rows are read, so only in threads: the portal itself starts without it.
 */
import { bounds } from './bounds.ts';
import { cellText, isBlank, type SheetRow } from './cells.ts';
import { csvText, separated } from './csv-text.ts';
import { SpreadsheetFailure } from './failure.ts';
import { guardZip } from './zip-guard.ts';

export type SpreadsheetKind = 'xlsx' | 'csv';

/** The rows that have something in them. Throws SpreadsheetFailure. */
export async function* sheetRows(
  bytes: Uint8Array,
  rowsMax: number = bounds.rowsMax,
): AsyncGenerator<SheetRow, void, undefined> {
  const rows = kindOf(bytes) === 'xlsx' ? xlsxRows(bytes) : csvRows(bytes);
  let count = 0;
  for await (const { number, values } of readably(rows)) {
    const cells = values.slice(0, bounds.columnsMax).map(cellText);
    if (isBlank(cells)) continue;
    count += 1;
    if (count > rowsMax) throw new SpreadsheetFailure('SPREADSHEET_ROWS_TOO_MANY');
    yield { number, cells };
  }
}

/** Throws SPREADSHEET_OLD_FORMAT for the container of XLS and of files with a password. */
export function kindOf(bytes: Uint8Array): SpreadsheetKind {
  const start = [...bytes.subarray(0, 4)]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
  if (start === 'd0cf11e0') throw new SpreadsheetFailure('SPREADSHEET_OLD_FORMAT');
  return start.startsWith('504b') ? 'xlsx' : 'csv';
}

interface RawRow {
  readonly number: number;
  readonly values: readonly unknown[];
}

async function* xlsxRows(bytes: Uint8Array): AsyncGenerator<RawRow> {
  guardZip(bytes);
  const { streamXlsxRows } = await import('hucre/xlsx');
  for await (const { index, values } of streamXlsxRows(bytes)) yield { number: index + 1, values };
}

async function* csvRows(bytes: Uint8Array): AsyncGenerator<RawRow> {
  const { separator, text } = separated(csvText(bytes).text);
  const { streamCsvRows } = await import('hucre/csv');
  let number = 0;
  for (const values of streamCsvRows(text, { delimiter: separator })) {
    number += 1;
    yield { number, values };
  }
}

/** Whatever the library says of a file, to a person it is a file that cannot be read. */
async function* readably(rows: AsyncGenerator<RawRow>): AsyncGenerator<RawRow> {
  try {
    yield* rows;
  } catch (cause) {
    if (cause instanceof SpreadsheetFailure) throw cause;
    throw new SpreadsheetFailure('SPREADSHEET_UNREADABLE', { cause });
  }
}
