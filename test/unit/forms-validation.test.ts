/** Pages: what comes in from outside, what is kept, and which errors a person is shown. */
import { describe, expect, it } from 'vitest';
import {
  decodePage,
  type FieldSchema,
  type FormDefinition,
  normaliseAll,
  normalisePage,
  validateAll,
  validatePage,
  visibleFields,
} from '#protocol/forms/index.ts';

const text = (name: string) => ({ it: `${name} it`, en: `${name} en` });
const string = (extra: Partial<FieldSchema> = {}): FieldSchema => ({
  type: 'string',
  maxLength: 20,
  'x-label': text('label'),
  'x-widget': 'text',
  'x-width': 'm',
  ...extra,
});
const schema = (properties: Record<string, FieldSchema>, required: string[]) => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema' as const,
  type: 'object' as const,
  additionalProperties: false as const,
  properties,
  required,
});

const definition: FormDefinition = {
  code: 'T',
  version: 1,
  title: text('title'),
  summary: text('summary'),
  documents: [],
  meaning: { title: [], facts: [], office: { table: '', criteria: [] } },
  pages: [
    {
      number: 1,
      key: 'first',
      title: text('first'),
      sections: [{ fields: ['country', 'comune', 'street'] }],
      schema: schema(
        {
          country: string({ 'x-transform': 'upper', 'x-widget': 'select' }),
          comune: string({ 'x-visibleWhen': [{ field: 'country', equals: 'IT' }] }),
          street: string({ 'x-visibleWhen': [{ field: 'comune', notIn: [] }] }),
        },
        ['country', 'comune'],
      ),
      rules: [],
    },
    {
      number: 2,
      key: 'second',
      title: text('second'),
      sections: [{ fields: ['from', 'to', 'onlyItaly', 'agree'] }],
      schema: schema(
        {
          from: string({ format: 'date' }),
          to: string({ format: 'date' }),
          onlyItaly: string({ 'x-visibleWhen': [{ field: 'country', equals: 'IT' }] }),
          agree: { ...string(), type: 'boolean', const: true, 'x-message': text('agree') },
        },
        ['from', 'to', 'onlyItaly', 'agree'],
      ),
      rules: [
        {
          code: 'SAME',
          check: 'different',
          field: 'from',
          with: { other: 'onlyItaly' },
          messages: text('same'),
        },
        {
          code: 'ORDER',
          check: 'dates-ordered',
          field: 'to',
          with: { earlier: 'from' },
          messages: text('order'),
        },
      ],
    },
  ],
};
const context = { todayIso: '2011-01-31', allValues: {} };
const codes = (page: number, values: Record<string, string | boolean>, allValues = {}) =>
  validatePage(definition, page, values, { ...context, allValues }).map(
    ({ field, code }) => `${field} ${code}`,
  );

describe('a page from outside', () => {
  it('is taken with its texts, numbers and booleans; null and empty mean no answer', () => {
    expect(decodePage(definition, 1, { country: 'IT', comune: '', street: null })).toEqual({
      ok: true,
      values: { country: 'IT' },
    });
  });

  it.each([
    [null, ['WRONG_TYPE']],
    [['IT'], ['WRONG_TYPE']],
    ['IT', ['WRONG_TYPE']],
    [{ country: { code: 'IT' } }, ['WRONG_TYPE']],
    [{ country: 'x'.repeat(2_001) }, ['WRONG_TYPE']],
    [{ country: Number.POSITIVE_INFINITY }, ['WRONG_TYPE']],
    [{ colour: 'red' }, ['UNKNOWN_FIELD']],
    [JSON.parse('{"__proto__": "x", "constructor": "y"}'), ['UNKNOWN_FIELD', 'UNKNOWN_FIELD']],
  ])('is refused when it is %j', (input, expected) => {
    const decoded = decodePage(definition, 1, input);
    expect(decoded.ok).toBe(false);
    expect(decoded.ok ? [] : decoded.errors.map((error) => error.code)).toEqual(expected);
  });

  it('is refused for a page that does not exist', () => {
    expect(decodePage(definition, 9, {}).ok).toBe(false);
    expect(() => validatePage(definition, 9, {}, context)).toThrow(RangeError);
  });
});

describe('what is kept', () => {
  it('has no blanks around, composed accents and codes in capitals', () => {
    const values = { country: ' it ', comune: '  Forli\u0300   del  Sannio ' };
    expect(normalisePage(definition, 1, values)).toEqual({
      country: 'IT',
      comune: 'Forlì del Sannio',
    });
  });

  it('drops hidden fields, fields that hang on hidden ones, and unknown members', () => {
    const values = { country: 'FR', comune: 'Roma', street: 'Via Roma', other: 'x' };
    expect(normalisePage(definition, 1, values)).toEqual({ country: 'FR' });
  });

  it('drops on another page what a change has hidden there', () => {
    const values = { country: 'FR', comune: 'Roma', from: '2011-01-01', onlyItaly: 'x' };
    expect(normaliseAll(definition, values)).toEqual({ country: 'FR', from: '2011-01-01' });
  });

  it('keeps a field that another page makes visible', () => {
    const kept = normalisePage(definition, 2, { onlyItaly: 'x' }, { country: 'IT' });
    expect(kept).toEqual({ onlyItaly: 'x' });
  });
});

describe('errors of a page', () => {
  it('asks for what is visible and missing only', () => {
    expect(codes(1, {})).toEqual(['country REQUIRED']);
    expect(codes(1, { country: 'IT' })).toEqual(['comune REQUIRED']);
    expect(codes(1, { country: 'FR' })).toEqual([]);
  });

  it('come in reading order, one a field, with the page and both languages', () => {
    const errors = validatePage(definition, 2, { to: 'x' }, context);
    expect(errors.map((error) => error.field)).toEqual(['from', 'to', 'agree']);
    expect(errors.every((error) => error.page === 2)).toBe(true);
    expect(errors.every((error) => error.messages.it !== '' && error.messages.en !== '')).toBe(
      true,
    );
    expect(errors[2]).toMatchObject({ code: 'MUST_ACCEPT', messages: text('agree') });
  });

  it('name unknown members', () => {
    expect(codes(1, { country: 'FR', colour: 'red' })).toEqual(['colour UNKNOWN_FIELD']);
  });

  it('judge a rule only when its operands are there and right', () => {
    const done = { onlyItaly: 'x', agree: true };
    expect(codes(2, { ...done, from: '2011-02-01', to: '2011-01-01' })).toEqual(['to ORDER']);
    expect(codes(2, { ...done, from: '2011-01-01', to: '2011-01-01' })).toEqual([]);
    expect(codes(2, { ...done, from: 'x', to: '2011-01-01' })).toEqual(['from NOT_A_DATE']);
  });

  it('do not judge by an answer that is hidden', () => {
    const day = '2011-01-01';
    const values = { from: day, to: day, onlyItaly: day, agree: true };
    expect(codes(2, values, { country: 'IT' })).toEqual(['from SAME']);
    expect(codes(2, values, { country: 'FR' })).toEqual([]);
  });

  it('look at the other pages for what is visible', () => {
    const values = { from: '2011-01-01', to: '2011-01-02', agree: true };
    expect(codes(2, values, { country: 'IT' })).toEqual(['onlyItaly REQUIRED']);
    expect(codes(2, values, { country: 'FR' })).toEqual([]);
  });

  it('of the whole form are those of every page, and unknown fields once', () => {
    const errors = validateAll(definition, { country: 'FR', colour: 'red' }, context);
    expect(errors.map(({ page, field }) => `${page} ${field}`)).toEqual([
      '2 from',
      '2 to',
      '2 agree',
      'undefined colour',
    ]);
  });

  it('do not depend on the order in which visibility is asked', () => {
    const page = definition.pages[0]!;
    expect(visibleFields(page, { street: 'a', comune: 'b' })).toEqual(['country']);
  });
});
