/**
 * Judges a row: the answers it brings, as the form would keep them, and everything that is wrong
 * with them – by the form's own checks, which are those of the pages and of *ready*.
 */
import {
  type CodeTable,
  type FieldValue,
  type FormDefinition,
  type FormValues,
  normaliseAll,
  type Texts,
  tablesFrom,
  validateAll,
} from '#protocol/forms/index.ts';
import type { SheetRow } from '../spreadsheets/index.ts';
import { type Answer, answerMessage, answerOf } from './answers.ts';
import { type Column, columnsOf, type Header } from './columns.ts';
import { listLookup } from './lists.ts';

/** Something about one cell, or about the row when `field` is ''. */
export interface Finding {
  readonly kind: 'error' | 'warning';
  readonly field: string;
  readonly code: string;
  readonly messages: Texts;
}

export interface JudgedRow {
  readonly number: number;
  /** Complete and normalised when nothing is wrong. */
  readonly values: FormValues;
  readonly findings: readonly Finding[];
  /** The row as it was written, when it has to be mended. */
  readonly cells: readonly string[] | null;
}

export interface JudgeGround {
  readonly form: FormDefinition;
  readonly tables: readonly CodeTable[];
  /** The day in Rome. */
  readonly todayIso: string;
}

/** Of one row; a row with more is mended in steps. */
export const FINDINGS_MAX = 25;

const NOT_ASKED: Texts = {
  it: 'Con le altre risposte questa non si chiede: sarà lasciata fuori.',
  en: 'With the other answers this one is not asked: it will be left out.',
};

/** A judge for the rows below that header. Judging costs about half a millisecond a row. */
export function createJudge(ground: JudgeGround, header: Header): (row: SheetRow) => JudgedRow {
  const { form, todayIso } = ground;
  const tables = tablesFrom(ground.tables);
  const understand = reader(ground, header);
  return ({ number, cells }) => {
    const given = understand(cells);
    const values = normaliseAll(form, rawValues(given));
    const wrong = validateAll(form, values, { todayIso, tables }).map(
      ({ field, code, messages }): Finding =>
        ownWords(field, given.get(field)) ?? { kind: 'error', field, code, messages },
    );
    const unasked = [...given.keys()].filter((field) => !Object.hasOwn(values, field));
    const warnings = unasked.map(
      (field): Finding => ({ kind: 'warning', field, code: 'NOT_ASKED', messages: NOT_ASKED }),
    );
    const findings = [...wrong, ...warnings].slice(0, FINDINGS_MAX);
    return { number, values, findings, cells: wrong.length > 0 ? cells : null };
  };
}

interface Given {
  readonly text: string;
  readonly answer: Answer;
}

/** From the cells of a row to what its columns were meant to answer. */
function reader({ form, tables }: JudgeGround, header: Header) {
  const byField = new Map(columnsOf(form).map((column) => [column.field, column]));
  const columns = header.fields.map((field) => byField.get(field ?? ''));
  const lists = new Map(tables.map((table) => [table.name, listLookup(table)]));
  const answer = ({ schema }: Column, text: string) =>
    answerOf(schema, text, lists.get(schema['x-table'] ?? ''));
  return (cells: readonly string[]): ReadonlyMap<string, Given> => {
    const given = columns.flatMap((column, index): [string, Given][] => {
      const text = cells[index] ?? '';
      if (column === undefined || text === '') return [];
      return [[column.field, { text, answer: answer(column, text) }]];
    });
    return new Map(given);
  };
}

function rawValues(given: ReadonlyMap<string, Given>): FormValues {
  const values = [...given].map(([field, { answer }]): [string, FieldValue] => [
    field,
    answer.value,
  ]);
  return Object.fromEntries(values);
}

/** What was not understood is said in words about what was written. */
function ownWords(field: string, given: Given | undefined): Finding | undefined {
  if (given === undefined || !('problem' in given.answer)) return undefined;
  const code = given.answer.problem;
  return { kind: 'error', field, code, messages: answerMessage(code, given.text) };
}
