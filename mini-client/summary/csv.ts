/** The summary as a table for a spreadsheet: RFC 4180, a byte order mark for old ones. */
import { csvField } from '#protocol/csv.ts';
import type { SummaryRow } from './rows.ts';

const COLUMNS = [
  'number',
  'application',
  'title',
  'model',
  'outcome',
  'code',
  'place',
  'protocol',
  'stamp',
  'uncertaintyUs',
  'leafHash',
  'receipt',
  'receiptCheck',
  'logCheck',
  'account',
] as const satisfies readonly (keyof SummaryRow)[];

/** One line an application, under a line of names that never change with the language. */
export function summaryCsv(rows: readonly SummaryRow[]): string {
  const lines = rows.map((row) => COLUMNS.map((name) => csvField(row[name])).join(','));
  return `\uFEFF${[COLUMNS.join(','), ...lines].join('\r\n')}\r\n`;
}
