/**
 * Checks and cleans the answers of a form: one page, or all.
 *
 * The way of a page that comes in from outside: `decodePage` (unknown input, once, at the edge) →
 * `normalisePage` (blanks, letter case, hidden fields) → store → `validatePage`. A page may be
 * stored while incomplete, so its errors are data, not exceptions; at most one error a field.
 * What it does not do: know the time, the tables or the other pages; they are given to it.
 */
import { fieldNames, visibleFields } from './conditions.ts';
import type {
  FieldError,
  FieldSchema,
  FieldValue,
  FormDefinition,
  FormPage,
  FormValues,
  ValidationContext,
} from './definition.ts';
import { checkField } from './fields.ts';
import { fixedMessage, missing } from './messages.ts';
import { checkRule } from './rules.ts';

/** Longest text any field may bring, before its own bound is looked at. */
const TEXT_LENGTH_MAX = 2_000;

export type DecodedPage =
  | { readonly ok: true; readonly values: FormValues }
  | { readonly ok: false; readonly errors: readonly FieldError[] };

/** The page of that number, or undefined. */
export function pageOf(definition: FormDefinition, pageNumber: number): FormPage | undefined {
  return definition.pages.find((page) => page.number === pageNumber);
}

/**
 * Turns unknown input into answers of this page. Refuses what no honest form sends: not an object
 * (`WRONG_TYPE`, field empty), unknown members (`UNKNOWN_FIELD`), values that are not text, number
 * or boolean (`WRONG_TYPE`), texts above 2,000 characters. Null and empty texts mean "no answer".
 */
export function decodePage(
  definition: FormDefinition,
  pageNumber: number,
  input: unknown,
): DecodedPage {
  const page = pageOf(definition, pageNumber);
  if (page === undefined || typeof input !== 'object' || input === null || Array.isArray(input)) {
    return { ok: false, errors: [refusal('', 'WRONG_TYPE', pageNumber)] };
  }
  const values: Record<string, FieldValue> = {};
  const errors: FieldError[] = [];
  for (const [field, value] of Object.entries(input)) {
    if (!Object.hasOwn(page.schema.properties, field)) {
      errors.push(refusal(field.slice(0, 80), 'UNKNOWN_FIELD', pageNumber));
    } else if (!isEmpty(value)) {
      if (isFieldValue(value)) values[field] = value;
      else errors.push(refusal(field, 'WRONG_TYPE', pageNumber));
    }
  }
  return errors.length > 0 ? { ok: false, errors } : { ok: true, values };
}

/**
 * The answers as they are kept: texts in Unicode NFC without blanks around or doubled, codes in
 * capitals, empty answers and hidden fields left out. Unknown members are left out as well.
 * `allValues` are the answers of all pages, for conditions that look at other pages.
 */
export function normalisePage(
  definition: FormDefinition,
  pageNumber: number,
  values: FormValues,
  allValues: FormValues = {},
): FormValues {
  const page = requirePage(definition, pageNumber);
  const cleaned: Record<string, FieldValue> = {};
  for (const field of fieldNames(page)) {
    const schema = page.schema.properties[field];
    const value = Object.hasOwn(values, field) ? values[field] : undefined;
    if (schema === undefined || value === undefined) continue;
    const tidy = normaliseValue(schema, value);
    if (tidy !== '') cleaned[field] = tidy;
  }
  return pick(cleaned, visibleFields(page, { ...without(allValues, page), ...cleaned }));
}

/**
 * All pages' answers as they are kept: `normalisePage` over every page in order. What a change on
 * one page has hidden on another is gone here: use it before `validateAll` and before a digest.
 */
export function normaliseAll(definition: FormDefinition, allValues: FormValues): FormValues {
  let kept: FormValues = {};
  for (const page of definition.pages) {
    kept = { ...kept, ...normalisePage(definition, page.number, allValues, kept) };
  }
  return kept;
}

/**
 * All errors of one page in reading order, at most one a field; empty when it is complete.
 * `values` should be normalised; hidden fields are ignored, unknown members are errors.
 * Throws a RangeError for a page the definition does not have.
 */
export function validatePage(
  definition: FormDefinition,
  pageNumber: number,
  values: FormValues,
  context: ValidationContext,
): readonly FieldError[] {
  const page = requirePage(definition, pageNumber);
  const unknown = Object.keys(values)
    .filter((field) => !Object.hasOwn(page.schema.properties, field))
    .map((field) => refusal(field.slice(0, 80), 'UNKNOWN_FIELD', pageNumber));
  const everything = { ...without(context.allValues, page), ...values };
  const visible = visibleFields(page, everything);
  const errors = new Map<string, FieldError>();
  for (const field of visible) {
    const error = checkAnswer(page, field, values, context);
    if (error !== undefined) errors.set(field, error);
  }
  checkRules(page, { ...everything }, visible, context, errors);
  const found = visible.flatMap((field) => errors.get(field) ?? []);
  return [...found.map((error) => ({ page: pageNumber, ...error })), ...unknown];
}

/** Errors of every page, given all answers merged; empty when the form may be made ready. */
export function validateAll(
  definition: FormDefinition,
  allValues: FormValues,
  context: Omit<ValidationContext, 'allValues'>,
): readonly FieldError[] {
  const known = new Set(definition.pages.flatMap((page) => fieldNames(page)));
  const unknown = Object.keys(allValues)
    .filter((field) => !known.has(field))
    .map((field) => refusal(field.slice(0, 80), 'UNKNOWN_FIELD', undefined));
  const pages = definition.pages.flatMap((page) => {
    const values = pick(allValues, fieldNames(page));
    return validatePage(definition, page.number, values, { ...context, allValues });
  });
  return [...pages, ...unknown];
}

function checkAnswer(
  page: FormPage,
  field: string,
  values: FormValues,
  context: ValidationContext,
): FieldError | undefined {
  const schema = page.schema.properties[field];
  if (schema === undefined) return undefined;
  const value = values[field];
  if (value !== undefined) return checkField(field, schema, value, context.tables);
  return page.schema.required.includes(field) ? missing(field, schema) : undefined;
}

function checkRules(
  page: FormPage,
  values: Record<string, FieldValue>,
  visible: readonly string[],
  context: ValidationContext,
  errors: Map<string, FieldError>,
): void {
  for (const field of fieldNames(page)) if (!visible.includes(field)) delete values[field];
  const wrong = new Set(errors.keys());
  for (const rule of page.rules) {
    if (!visible.includes(rule.field) || errors.has(rule.field)) continue;
    const { todayIso, tables } = context;
    if (checkRule(rule, { values, wrong, todayIso, tables })) continue;
    errors.set(rule.field, { field: rule.field, code: rule.code, messages: rule.messages });
  }
}

function requirePage(definition: FormDefinition, pageNumber: number): FormPage {
  const page = pageOf(definition, pageNumber);
  if (page === undefined) throw new RangeError(`model ${definition.code}: no page ${pageNumber}`);
  return page;
}

function refusal(
  field: string,
  code: 'UNKNOWN_FIELD' | 'WRONG_TYPE',
  page: number | undefined,
): FieldError {
  return { ...(page === undefined ? {} : { page }), field, code, messages: fixedMessage(code) };
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || value === '';
}

function isFieldValue(value: unknown): value is FieldValue {
  if (typeof value === 'string') return value.length <= TEXT_LENGTH_MAX;
  return typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value));
}

function normaliseValue(schema: FieldSchema, value: FieldValue): FieldValue {
  if (typeof value !== 'string') return value;
  const text = value.normalize('NFC').replace(/\s+/gu, ' ').trim();
  if (schema['x-transform'] === 'upper') return text.toUpperCase();
  if (schema['x-transform'] === 'code') return text.replace(/\s/gu, '').toUpperCase();
  return text;
}

function pick(values: FormValues, fields: readonly string[]): FormValues {
  const picked: Record<string, FieldValue> = {};
  for (const field of fields) {
    const value = Object.hasOwn(values, field) ? values[field] : undefined;
    if (value !== undefined) picked[field] = value;
  }
  return picked;
}

function without(values: FormValues, page: FormPage): FormValues {
  const kept = Object.entries(values).filter(
    ([field]) => !Object.hasOwn(page.schema.properties, field),
  );
  return Object.fromEntries(kept);
}
