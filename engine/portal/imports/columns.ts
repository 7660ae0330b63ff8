/**
 * The columns of a model's spreadsheet: one for each answer that the form knows, in its order.
 *
 * A header says in words what is asked and ends with the field's stable code in brackets, for
 * example `Lavoratore: Cognome [workerSurname]`: words may be mended and translated, codes stay.
 * A header is also understood when it is the code alone, or words that only one column has.
 */
import {
  type FieldSchema,
  type FormDefinition,
  fieldNames,
  type Texts,
} from '#protocol/forms/index.ts';

export interface Column {
  readonly field: string;
  readonly page: number;
  readonly schema: FieldSchema;
  /** `Page: Question`. */
  readonly label: Texts;
  /** `sometimes`: required while it is asked at all. */
  readonly required: 'always' | 'sometimes' | 'no';
}

/** Which answers a file brings. */
export interface Header {
  /** Field by column index; undefined for a column that is not ours. */
  readonly fields: readonly (string | undefined)[];
  /** Headers that name no answer, as they were written. */
  readonly unknown: readonly string[];
  /** Fields that are always required and have no column. */
  readonly missing: readonly string[];
}

/** A column of ours that is no answer: what was wrong with a row, for the person who mends it. */
export const NOTES_CODE = '-';
const CODE = /\[([A-Za-z0-9-]+)\]\s*$/;
const LETTERS = 26;

/** Whether a spreadsheet program may keep its cells as numbers. */
export function isNumber({ schema }: Column): boolean {
  return schema.type === 'number' || schema.type === 'integer';
}

/** The columns in the order of the form. */
export function columnsOf(form: FormDefinition): readonly Column[] {
  return form.pages.flatMap((page) =>
    fieldNames(page).flatMap((field): Column[] => {
      const schema = page.schema.properties[field];
      if (schema === undefined) return [];
      const isRequired = page.schema.required.includes(field);
      const isAlwaysAsked = schema['x-visibleWhen'] === undefined;
      const required = isRequired ? (isAlwaysAsked ? 'always' : 'sometimes') : 'no';
      const { it, en } = schema['x-label'];
      const label = { it: `${page.title.it}: ${it}`, en: `${page.title.en}: ${en}` };
      return [{ field, page: page.number, schema, label, required }];
    }),
  );
}

/** The header of a column. */
export function headerText({ label, field }: Column, language: 'it' | 'en'): string {
  return `${label[language]} [${field}]`;
}

/** Reads the first row of a file. The first of two columns for one answer counts. */
export function readHeader(columns: readonly Column[], cells: readonly string[]): Header {
  const byName = namesOf(columns);
  const seen = new Set<string>();
  const unknown: string[] = [];
  const fields = cells.map((cell) => {
    const code = CODE.exec(cell)?.[1] ?? cell;
    if (cell === '' || code === NOTES_CODE) return undefined;
    const field = byName.get(plain(code)) ?? byName.get(plain(cell));
    if (field === undefined || seen.has(field)) {
      unknown.push(cell.slice(0, 200));
      return undefined;
    }
    seen.add(field);
    return field;
  });
  const missing = columns.filter(
    ({ field, required }) => required === 'always' && !seen.has(field),
  );
  return { fields, unknown, missing: missing.map(({ field }) => field) };
}

/** The letters that spreadsheet programs give a column, counted from 0. */
export function columnLetters(index: number): string {
  const rest = Math.floor(index / LETTERS);
  const last = String.fromCharCode(65 + (index % LETTERS));
  return rest === 0 ? last : columnLetters(rest - 1) + last;
}

/** Codes, and words that one column alone has; undefined for words of several. */
function namesOf(columns: readonly Column[]): Map<string, string | undefined> {
  const names = new Map<string, string | undefined>();
  for (const { field, label, schema } of columns) {
    const words = [label.it, label.en, schema['x-label'].it, schema['x-label'].en].map(plain);
    for (const word of new Set(words)) names.set(word, names.has(word) ? undefined : field);
  }
  for (const { field } of columns) names.set(plain(field), field);
  return names;
}

function plain(text: string): string {
  return text.normalize('NFC').replace(/\s+/g, ' ').trim().toLowerCase();
}
