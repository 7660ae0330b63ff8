/**
 * A cell's text as the answer that was meant: days in the order of Italy or of ISO 8601, numbers
 * with either decimal sign, yes and no as people write them, codes or names of a list.
 *
 * What cannot be understood is kept as it was written, so that the form's own check says what is
 * wrong with it; only where that would say too little there is a sentence of our own.
 */
import type { FieldSchema, FieldValue, Texts } from '#protocol/forms/index.ts';
import type { ListLookup, ListMiss } from './lists.ts';

export type AnswerProblem = 'NOT_YES_OR_NO' | ListMiss;

export type Answer =
  | { readonly value: FieldValue }
  | { readonly value: FieldValue; readonly problem: AnswerProblem };

const YES = new Set(['sì', 'si', 's', 'x', 'yes', 'y', 'true', 'vero', '1', '✓']);
const NO = new Set(['no', 'n', 'false', 'falso', '0']);
const DAY_FIRST = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/;
const ISO_DAY = /^(\d{4}-\d{2}-\d{2})(?:[ T]\d{2}:\d{2}(?::\d{2})?)?$/;
/** The last sign followed by one or two digits is the decimal sign, others group thousands. */
const NUMBER = /^(-?)(\d{1,3}(?:[.,']\d{3})+|\d+)(?:[.,](\d{1,2}))?$/;
const PLAIN_NUMBER = /^-?\d+[.,]\d+$/;

const sentences = {
  NOT_YES_OR_NO: (text: string) => ({
    it: `«${text}» non si capisce: scrivi sì oppure no.`,
    en: `“${text}” is not understood: write yes or no.`,
  }),
  NOT_IN_LIST: (text: string) => ({
    it: `«${text}» non è nella lista: scrivi una voce o un codice del foglio Elenchi.`,
    en: `“${text}” is not in the list: write an entry or a code of the sheet Lists.`,
  }),
  NAME_AMBIGUOUS: (text: string) => ({
    it: `Più voci si chiamano «${text}»: scrivi il codice, o la sigla fra parentesi come nel foglio Elenchi.`,
    en: `Several entries are called “${text}”: write the code, or the letters in brackets as in the sheet Lists.`,
  }),
} as const satisfies Record<AnswerProblem, (text: string) => Texts>;

/** `list` is there when the field has a table. `text` is not empty. */
export function answerOf(schema: FieldSchema, text: string, list: ListLookup | undefined): Answer {
  if (schema.type === 'boolean') return yesOrNo(text);
  if (schema.type === 'number' || schema.type === 'integer') return { value: numberOf(text) };
  if (schema.format === 'date') return { value: dayOf(text) };
  if (list === undefined) return { value: text };
  const found = list(text);
  return 'code' in found ? { value: found.code } : { value: text, problem: found.miss };
}

/** What is wrong, and how to mend it. */
export function answerMessage(problem: AnswerProblem, text: string): Texts {
  return sentences[problem](text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

function yesOrNo(text: string): Answer {
  const word = text.toLowerCase();
  if (YES.has(word)) return { value: true };
  return NO.has(word) ? { value: false } : { value: text, problem: 'NOT_YES_OR_NO' };
}

function numberOf(text: string): FieldValue {
  const compact = text.replace(/[\s€’]/g, '');
  const match = NUMBER.exec(compact);
  if (match) {
    const whole = (match[2] ?? '').replace(/\D/g, '');
    return Number(`${match[1] ?? ''}${whole}.${match[3] ?? '0'}`);
  }
  return PLAIN_NUMBER.test(compact) ? Number(compact.replace(',', '.')) : text;
}

function dayOf(text: string): string {
  const [, day = '', month = '', year = ''] = DAY_FIRST.exec(text) ?? [];
  if (year !== '') return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return ISO_DAY.exec(text)?.[1] ?? text;
}
