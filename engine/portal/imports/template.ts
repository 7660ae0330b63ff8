/**
 * The sheet to fill in: one column an answer, texts kept as texts (00184), lists to choose from, a
 * second sheet that explains every column and a third with the lists. Made in a thread, once for
 * each model and language; as CSV it is the first row alone.
 */
import type { CodeTable, FormDefinition, Texts } from '#protocol/forms/index.ts';
import type { Language } from '#protocol/portal-api.ts';
import type { Timers } from '../../clock/index.ts';
import type { Models } from '../models/index.ts';
import {
  makeWorkbook,
  type SpreadsheetKind,
  type Workbook,
  writeSheet,
} from '../spreadsheets/index.ts';
import { type Column, columnLetters, columnsOf, headerText, isNumber } from './columns.ts';
import { listNames } from './lists.ts';

type Sheet = Workbook['sheets'][number];

/** Rows that have lists and formats; below them everything works without. */
const ROWS_PREPARED = 5001;
const HINT_CHARACTERS_MAX = 250;
const HEADER_HEIGHT = 60;
const WIDTHS = { xs: 16, s: 18, m: 24, l: 34, full: 40 } as const;
const TEXT = '@';

const words = {
  it: {
    sheets: ['Domande', 'Campi', 'Elenchi'],
    guide: ['Campo', 'Intestazione', 'Obbligatorio', 'Che cosa scrivere', 'Spiegazione'],
    required: { always: 'sì', sometimes: 'se richiesto dalle altre risposte', no: 'no' },
    yesNo: 'sì,no',
    forms: {
      boolean: 'sì oppure no',
      number: 'numero, per esempio 1234,50',
      integer: 'numero intero',
      date: 'data, per esempio 31/01/2011',
      list: 'voce o codice dell’elenco',
      text: 'testo',
    },
  },
  en: {
    sheets: ['Applications', 'Fields', 'Lists'],
    guide: ['Field', 'Header', 'Required', 'What to write', 'Explanation'],
    required: { always: 'yes', sometimes: 'if the other answers ask for it', no: 'no' },
    yesNo: 'yes,no',
    forms: {
      boolean: 'yes or no',
      number: 'number, for example 1234.50',
      integer: 'whole number',
      date: 'date, for example 31/01/2011',
      list: 'entry or code of the list',
      text: 'text',
    },
  },
} as const;

export interface TemplateWish {
  readonly form: FormDefinition;
  readonly kind: SpreadsheetKind;
  readonly language: Language;
}

/** Templates, each made when it is first asked for and kept: with the comuni 0.7 MB each. */
export function createTemplates(parts: {
  readonly models: Models;
  readonly timers: Pick<Timers, 'after'>;
}): (wish: TemplateWish) => Promise<Uint8Array> {
  const made = new Map<string, Promise<Uint8Array>>();
  return (wish) => {
    const { form, kind, language } = wish;
    const key = `${form.code} ${form.version} ${kind} ${language}`;
    const known = made.get(key);
    if (known) return known;
    const making = kind === 'csv' ? csvTemplate(parts, wish) : xlsxTemplate(parts, wish);
    made.set(key, making);
    making.catch(() => made.delete(key));
    return making;
  };
}

async function csvTemplate(
  { timers }: { timers: Pick<Timers, 'after'> },
  { form, language }: TemplateWish,
): Promise<Uint8Array> {
  const columns = columnsOf(form).map((column) => ({ header: headerText(column, language) }));
  const sheet = { kind: 'csv', name: form.code, columns } as const;
  return Buffer.concat(await Array.fromAsync(writeSheet([], sheet, timers)));
}

function xlsxTemplate(
  { models, timers }: { models: Models; timers: Pick<Timers, 'after'> },
  { form, language }: TemplateWish,
): Promise<Uint8Array> {
  const columns = columnsOf(form);
  const names = new Set(columns.flatMap(({ schema }) => schema['x-table'] ?? []));
  const tables = [...names].flatMap((name) => models.table(name) ?? []);
  return makeWorkbook(
    {
      sheets: [
        answersSheet(columns, tables, language),
        guideSheet(columns, language),
        listsSheet(tables, language),
      ],
      properties: { title: form.title[language] },
    },
    timers,
  );
}

function answersSheet(
  columns: readonly Column[],
  tables: readonly CodeTable[],
  language: Language,
): Sheet {
  const [name, , lists] = words[language].sheets;
  return {
    name,
    rows: [columns.map((column) => headerText(column, language))],
    columns: columns.map((column) => ({
      width: WIDTHS[column.schema['x-width']],
      ...(isNumber(column) ? {} : { numFmt: TEXT }),
    })),
    cells: headerCells(columns.map((column) => column.required === 'always')),
    rowDefs: new Map([[0, { height: HEADER_HEIGHT }]]),
    freezePane: { rows: 1 },
    dataValidations: columns.flatMap((column, index) => {
      const list = choices(column, tables, { lists, language });
      const letters = columnLetters(index);
      const range = `${letters}2:${letters}${ROWS_PREPARED}`;
      const said = column.schema['x-hint']?.[language];
      if (list === undefined && said === undefined) return [];
      return [
        {
          ...(list ?? { type: 'custom' as const, formula1: 'TRUE' }),
          ...{ range, allowBlank: true, showErrorMessage: false },
          ...(said && { showInputMessage: true, inputMessage: said.slice(0, HINT_CHARACTERS_MAX) }),
        },
      ];
    }),
  };
}

/** The list a cell offers. Codes may be written as well, therefore nothing is forbidden here. */
function choices(
  { schema }: Column,
  tables: readonly CodeTable[],
  { lists, language }: { lists: string; language: Language },
) {
  const table = tables.findIndex(({ name }) => name === schema['x-table']);
  if (schema.type === 'boolean') {
    return { type: 'list' as const, values: words[language].yesNo.split(',') };
  }
  const rows = tables[table]?.rows.length;
  if (rows === undefined) return undefined;
  const letters = columnLetters(table * 2 + 1);
  return { type: 'list' as const, formula1: `${lists}!$${letters}$2:$${letters}$${rows + 1}` };
}

function guideSheet(columns: readonly Column[], language: Language): Sheet {
  const { sheets, guide, required, forms } = words[language];
  const rows = columns.map((column) => [
    column.field,
    column.label[language],
    required[column.required],
    forms[formOf(column)],
    [column.schema['x-hint'], column.schema['x-message']]
      .flatMap((texts: Texts | undefined) => texts?.[language] ?? [])
      .join(' '),
  ]);
  return {
    name: sheets[1],
    rows: [[...guide], ...rows],
    columns: [28, 60, 24, 30, 100].map((width) => ({ width })),
    cells: headerCells(guide.map(() => true)),
    freezePane: { rows: 1 },
  };
}

/** For each list a column of codes and one of names. */
function listsSheet(tables: readonly CodeTable[], language: Language): Sheet {
  const lists = tables.map((table) => ({ table, names: listNames(table, language) }));
  const height = Math.max(0, ...lists.map(({ names }) => names.length));
  const rows = Array.from({ length: height }, (_, index) =>
    lists.flatMap(({ table, names }) => [table.rows[index]?.code ?? null, names[index] ?? null]),
  );
  const headers = lists.flatMap(({ table }) => [table.name, '']);
  return {
    name: words[language].sheets[2],
    rows: [headers, ...rows],
    columns: lists.flatMap(() => [
      { width: 10, numFmt: TEXT },
      { width: 34, numFmt: TEXT },
    ]),
    cells: headerCells(headers.map(() => true)),
    freezePane: { rows: 1 },
  };
}

/** Bold what must be filled in. */
function headerCells(bold: readonly boolean[]): NonNullable<Sheet['cells']> {
  const style = (isBold: boolean) => ({
    font: { bold: isBold },
    alignment: { wrapText: true, vertical: 'top' as const },
    numFmt: TEXT,
  });
  return new Map(bold.map((isBold, index) => [`0,${index}`, { style: style(isBold) }]));
}

function formOf({ schema }: Column): keyof (typeof words)['it']['forms'] {
  if (schema['x-table'] !== undefined) return 'list';
  if (schema.format === 'date') return 'date';
  return schema.type === 'string' ? 'text' : schema.type;
}
