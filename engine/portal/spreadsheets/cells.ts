/**
 * Cells as texts. A code keeps its zeros, a day is `YYYY-MM-DD`, a number has a point and no
 * grouping: what a person meant by a text is decided by who knows the column.
 */
import { bounds } from './bounds.ts';
import { SpreadsheetFailure } from './failure.ts';

/** One row of a sheet; `number` counts from 1 as spreadsheet programs do, empty rows included. */
export interface SheetRow {
  readonly number: number;
  readonly cells: readonly string[];
}

/** What a spreadsheet program keeps of a number. */
const DIGITS_KEPT = 15;
/** "1.234" typed by a person is a thousand and more; a cell with that number is not. */
const THOUSANDTHS = /\.\d{3}$/;
const MIDNIGHT = 'T00:00:00.000Z';
/** Beginnings that spreadsheet programs take for a formula (OWASP ASVS 1.2.10). */
const FORMULA = /^[=+\-@\t\r]/;
const DEFUSED = /^'[=+\-@\t\r]/;

/** A cell as the reading library has it. A formula comes as its last result, never executed. */
export function cellText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return numberText(value);
  if (value instanceof Date) return dayText(value);
  return bounded(restored(String(value).trim()));
}

/** A text that no spreadsheet program takes for a formula: an apostrophe before it. */
export function defused(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}

/** Whether nothing is written in it. */
export function isBlank(cells: readonly string[]): boolean {
  return cells.every((cell) => cell === '');
}

/** Takes away what `defused` has put before a text, so that a file of ours reads back the same. */
function restored(text: string): string {
  return DEFUSED.test(text) ? text.slice(1) : text;
}

function numberText(value: number): string {
  if (!Number.isFinite(value)) return '';
  const rounded = Number(value.toPrecision(DIGITS_KEPT));
  if (Number.isInteger(rounded)) return BigInt(rounded).toString();
  const text = String(rounded);
  if (text.includes('e')) return rounded.toFixed(DIGITS_KEPT);
  return THOUSANDTHS.test(text) ? `${text}0` : text;
}

function dayText(value: Date): string {
  if (Number.isNaN(value.getTime())) return '';
  const iso = value.toISOString();
  return iso.endsWith(MIDNIGHT)
    ? iso.slice(0, -MIDNIGHT.length)
    : iso.slice(0, 19).replace('T', ' ');
}

function bounded(text: string): string {
  if (text.length > bounds.cellCharactersMax) throw new SpreadsheetFailure('SPREADSHEET_TOO_LARGE');
  return text;
}
