/**
 * Checks one answer against its property of a page's schema.
 *
 * A small evaluator instead of a schema compiler: compilers make functions from text, which a
 * browser under our content policy refuses. It knows `type`, `const`, `enum`, `pattern`,
 * `minLength`, `maxLength`, `minimum`, `maximum`, `multipleOf`, `format` date and email, and
 * `x-table`; a test keeps definitions from using anything else.
 */
import { isDay } from './dates.ts';
import type { CodeTables, FieldError, FieldSchema, FieldValue, Texts } from './definition.ts';
import { type BoundedCode, boundedMessage, type FixedCode, fixedMessage } from './messages.ts';

type Problem = { readonly code: string; readonly messages: Texts };

const EMAIL_LENGTH_MAX = 254;
const EMAIL_LOCAL = /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}$/;
const DOMAIN_LABEL = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;
/** Nearer to a whole multiple than this is rounding, not a third decimal. */
const MULTIPLE_TOLERANCE = 1e-6;

const fixed = (code: FixedCode): Problem => ({ code, messages: fixedMessage(code) });
const bounded = (code: BoundedCode, bound: number): Problem => ({
  code,
  messages: boundedMessage(code, bound),
});

/** The first thing wrong with `value`, or undefined. Codes as in `messages.ts`. */
export function checkField(
  field: string,
  schema: FieldSchema,
  value: FieldValue,
  tables: CodeTables | undefined,
): FieldError | undefined {
  const problem = checkType(schema, value) ?? checkChoice(schema, value, tables);
  const found = problem ?? checkContent(schema, value);
  return found === undefined ? undefined : { field, ...found };
}

/** Whether the text is an address that mail can be sent to, by form alone. */
export function isEmail(text: string): boolean {
  const [local = '', domain = '', ...more] = text.split('@');
  const labels = domain.split('.');
  if (text.length > EMAIL_LENGTH_MAX || more.length > 0 || labels.length < 2) return false;
  return EMAIL_LOCAL.test(local) && labels.every((label) => DOMAIN_LABEL.test(label));
}

function checkType(schema: FieldSchema, value: FieldValue): Problem | undefined {
  if (schema.type === 'string' || schema.type === 'boolean') {
    const fits = typeof value === schema.type;
    return fits ? undefined : fixed('WRONG_TYPE');
  }
  if (typeof value !== 'number' || !Number.isFinite(value)) return fixed('NOT_A_NUMBER');
  if (schema.type === 'integer' && !Number.isSafeInteger(value)) return fixed('NOT_WHOLE');
  return undefined;
}

function checkChoice(
  schema: FieldSchema,
  value: FieldValue,
  tables: CodeTables | undefined,
): Problem | undefined {
  if (schema.const !== undefined && value !== schema.const) {
    return { code: 'MUST_ACCEPT', messages: schema['x-message'] ?? fixedMessage('MUST_ACCEPT') };
  }
  if (schema.enum !== undefined && !schema.enum.includes(value)) return fixed('NOT_IN_LIST');
  const table = schema['x-table'];
  if (table === undefined || tables === undefined || !tables.has(table)) return undefined;
  return tables.row(table, String(value)) === undefined ? fixed('NOT_IN_LIST') : undefined;
}

function checkContent(schema: FieldSchema, value: FieldValue): Problem | undefined {
  if (typeof value === 'string') return checkText(schema, value);
  if (typeof value === 'number') return checkNumber(schema, value);
  return undefined;
}

/** Lengths in Unicode characters, as JSON Schema counts them. */
function checkText(schema: FieldSchema, text: string): Problem | undefined {
  const length = [...text].length;
  const { minLength, maxLength, pattern, format } = schema;
  if (maxLength !== undefined && length > maxLength) return bounded('TOO_LONG', maxLength);
  if (minLength !== undefined && length < minLength) return bounded('TOO_SHORT', minLength);
  if (format === 'date' && !isDay(text)) return fixed('NOT_A_DATE');
  if (format === 'email' && !isEmail(text)) return fixed('NOT_AN_EMAIL');
  if (pattern !== undefined && !new RegExp(pattern, 'u').test(text)) {
    return { code: 'PATTERN', messages: schema['x-message'] ?? fixedMessage('PATTERN') };
  }
  return undefined;
}

function checkNumber(schema: FieldSchema, value: number): Problem | undefined {
  const { minimum, maximum, multipleOf } = schema;
  if (minimum !== undefined && value < minimum) return bounded('TOO_LOW', minimum);
  if (maximum !== undefined && value > maximum) return bounded('TOO_HIGH', maximum);
  if (multipleOf === undefined) return undefined;
  const times = value / multipleOf;
  const isMultiple = Math.abs(times - Math.round(times)) < MULTIPLE_TOLERANCE;
  return isMultiple ? undefined : fixed('TOO_MANY_DECIMALS');
}
