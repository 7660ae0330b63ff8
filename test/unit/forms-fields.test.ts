/** Each check of a single answer, by a value that passes and one that does not. */
import { describe, expect, it } from 'vitest';
import { checkField, isEmail } from '#protocol/forms/fields.ts';
import type { FieldSchema, FieldValue } from '#protocol/forms/index.ts';
import { isDay, readTable, tablesFrom } from '#protocol/forms/index.ts';

const LABEL = { 'x-label': { it: 'a', en: 'a' }, 'x-widget': 'text', 'x-width': 'm' } as const;
const tables = tablesFrom([
  readTable({ name: 'pets', source: '', columns: ['code', 'it'], rows: [['D', 'cane']] }),
]);

type Part = Omit<FieldSchema, 'x-label' | 'x-widget' | 'x-width'>;
const codeFor = (part: Part, value: FieldValue): string | undefined =>
  checkField('f', { ...LABEL, ...part }, value, tables)?.code;

const cases: readonly [string, Part, FieldValue, FieldValue, string][] = [
  ['a text', { type: 'string' }, 'x', 3, 'WRONG_TYPE'],
  ['a boolean', { type: 'boolean' }, true, 'true', 'WRONG_TYPE'],
  ['a number', { type: 'number' }, 1.5, '1.5', 'NOT_A_NUMBER'],
  ['a finite number', { type: 'number' }, 0, Number.NaN, 'NOT_A_NUMBER'],
  ['a whole number', { type: 'integer' }, 3, 3.5, 'NOT_WHOLE'],
  ['two decimals', { type: 'number', multipleOf: 0.01 }, 1002.69, 1.005, 'TOO_MANY_DECIMALS'],
  ['a minimum', { type: 'number', minimum: 3 }, 3, 2.99, 'TOO_LOW'],
  ['a maximum', { type: 'number', maximum: 3 }, 3, 3.01, 'TOO_HIGH'],
  ['a least length', { type: 'string', minLength: 2 }, 'ab', 'a', 'TOO_SHORT'],
  ['a length in characters', { type: 'string', maxLength: 2 }, '𝒜è', 'abc', 'TOO_LONG'],
  ['a pattern', { type: 'string', pattern: '^[0-9]{2}$' }, '12', '12a', 'PATTERN'],
  ['a list', { type: 'string', enum: ['x', 'y'] }, 'y', 'z', 'NOT_IN_LIST'],
  ['a code table', { type: 'string', 'x-table': 'pets' }, 'D', 'cane', 'NOT_IN_LIST'],
  ['a statement', { type: 'boolean', const: true }, true, false, 'MUST_ACCEPT'],
  ['a leap day', { type: 'string', format: 'date' }, '2024-02-29', '2023-02-29', 'NOT_A_DATE'],
  ['a day', { type: 'string', format: 'date' }, '2011-01-31', '31/01/2011', 'NOT_A_DATE'],
  ['a mail address', { type: 'string', format: 'email' }, 'a.b@c.it', 'a.b@c', 'NOT_AN_EMAIL'],
];

describe('one answer', () => {
  it.each(cases)('checks %s', (_name, part, good, bad, code) => {
    expect(codeFor(part, good)).toBeUndefined();
    expect(codeFor(part, bad)).toBe(code);
  });

  it('does not check codes of a table that is not at hand', () => {
    expect(codeFor({ type: 'string', 'x-table': 'absent' }, 'anything')).toBeUndefined();
  });

  it('names the bound in both languages', () => {
    const error = checkField('f', { ...LABEL, type: 'integer', minimum: 20 }, 3, undefined);
    expect(error?.messages.it).toContain('20');
    expect(error?.messages.en).toContain('20');
  });

  it.each(['a@b.it', "o'neil+x@mail.example.org"])('takes %s as a mail address', (text) => {
    expect(isEmail(text)).toBe(true);
  });

  it.each(['a', 'a@b', 'a b@c.it', 'a@-b.it', 'a@b..it', `${'x'.repeat(65)}@b.it`, 'a@b.it\n'])(
    'refuses %j as a mail address',
    (text) => {
      expect(isEmail(text)).toBe(false);
    },
  );

  it.each(['2011-13-01', '2011-00-10', '2011-04-31', '1899-12-31', '2011-1-1', ''])(
    'refuses %j as a day',
    (text) => {
      expect(isDay(text)).toBe(false);
    },
  );
});
