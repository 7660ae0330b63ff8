/** Walks every definition and table: what the type checker cannot see in data. */
import { describe, expect, it } from 'vitest';
import { codeTable, listModels, tableDocument, tableNames } from '#engine/portal/models/index.ts';
import { type FormPage, fieldNames, type Texts } from '#protocol/forms/index.ts';
import { genericMessages } from '#protocol/forms/messages.ts';
import { ruleChecks } from '#protocol/forms/rules.ts';

const KEYWORDS = [
  'type enum const pattern minLength maxLength minimum maximum multipleOf format',
  'x-label x-hint x-widget x-width x-table x-visibleWhen x-transform x-autocomplete x-message',
]
  .join(' ')
  .split(' ');
const pages = listModels().flatMap((model) =>
  model.pages.map((page) => [`${model.code} ${page.number} ${page.key}`, page] as const),
);

/** Every object with an `it` or `en` member in a tree of data. */
function textsIn(node: unknown): Texts[] {
  if (typeof node !== 'object' || node === null) return [];
  const inner = Object.values(node).flatMap(textsIn);
  return 'it' in node || 'en' in node ? [node as Texts, ...inner] : inner;
}

function expectBoth(texts: Texts): void {
  expect(texts.it, JSON.stringify(texts)).toMatch(/\S/);
  expect(texts.en, JSON.stringify(texts)).toMatch(/\S/);
  expect(`${texts.it}${texts.en}`).not.toMatch(/'| {2}|\uFFFD/);
}

describe('models', () => {
  it('are A and B with their pages in order', () => {
    const keys = listModels().map((one) => [one.code, one.pages.map((page) => page.key)]);
    expect(keys).toEqual([
      ['A', ['employer', 'worker', 'job', 'place', 'income']],
      ['B', ['company', 'representative', 'worker', 'job', 'place', 'income']],
    ]);
    for (const { pages } of listModels()) {
      expect(pages.map((page) => page.number)).toEqual(pages.map((_, index) => index + 1));
    }
  });

  it('say everything in both languages', () => {
    for (const model of listModels()) textsIn(model).forEach(expectBoth);
    Object.values(genericMessages()).forEach(expectBoth);
  });

  it('use a field name once over all pages', () => {
    for (const model of listModels()) {
      const names = model.pages.flatMap((page) => fieldNames(page));
      expect(new Set(names).size).toBe(names.length);
    }
  });
});

describe.each(pages)('page %s', (_name, page: FormPage) => {
  const properties = Object.entries(page.schema.properties);

  it('shows exactly the fields of its schema, at most ten a section', () => {
    expect([...fieldNames(page)].sort()).toEqual(Object.keys(page.schema.properties).sort());
    for (const section of page.sections) expect(section.fields.length).toBeLessThanOrEqual(10);
    for (const name of page.schema.required) expect(page.schema.properties).toHaveProperty(name);
  });

  it('uses only keywords that are evaluated, with labels and valid patterns', () => {
    for (const [, schema] of properties) {
      for (const key of Object.keys(schema)) expect(KEYWORDS).toContain(key);
      expectBoth(schema['x-label']);
      expect(() => new RegExp(schema.pattern ?? '', 'u')).not.toThrow();
    }
  });

  it('says what a pattern wants', () => {
    for (const [name, schema] of properties) {
      const listed = schema['x-table'] !== undefined || schema.pattern?.startsWith('^[^');
      if (schema.pattern !== undefined && !listed) expect(schema, name).toHaveProperty('x-message');
    }
  });

  it('bounds every text and every number', () => {
    for (const [name, schema] of properties) {
      if (schema.type === 'boolean') continue;
      const bound = schema.maxLength ?? schema.maximum ?? schema.format;
      expect(bound, name).toBeDefined();
    }
  });

  it('names tables that exist, with codes that fit the field', () => {
    for (const [name, schema] of properties) {
      if (schema['x-table'] === undefined) continue;
      const table = codeTable(schema['x-table']);
      expect(table, name).toBeDefined();
      const pattern = new RegExp(schema.pattern ?? '', 'u');
      for (const { code } of table?.rows ?? []) expect(code).toMatch(pattern);
    }
  });

  it('hides fields by earlier fields of the same model', () => {
    const model = listModels().find((one) => one.pages.includes(page));
    const before = model?.pages.filter((one) => one.number < page.number) ?? [];
    const known = new Set(before.flatMap((one) => fieldNames(one)));
    for (const name of fieldNames(page)) {
      const schema = page.schema.properties[name];
      for (const { field } of schema?.['x-visibleWhen'] ?? []) {
        expect(known.has(field), `${name} by ${field}`).toBe(true);
      }
      known.add(name);
    }
  });

  it('has rules with known checks over fields that exist', () => {
    const model = listModels().find((one) => one.pages.includes(page));
    const all = new Set(model?.pages.flatMap((one) => fieldNames(one)));
    for (const rule of page.rules) {
      expect(ruleChecks()).toContain(rule.check);
      expect(fieldNames(page)).toContain(rule.field);
      for (const operand of Object.values(rule.with ?? {})) {
        if (typeof operand === 'number' || OPTIONAL_OPERANDS.includes(operand)) continue;
        expect(all.has(operand), `${rule.code} ${operand}`).toBe(true);
      }
    }
  });
});

/** Operands that only one of the models with a shared page has: the rule is then skipped. */
const OPTIONAL_OPERANDS = ['employerCodiceFiscale'];

describe('tables', () => {
  it.each(tableNames().map((name) => [name]))('%s has unique codes and names', (name) => {
    const table = codeTable(name);
    const codes = table?.rows.map((row) => row.code) ?? [];
    expect(codes.length).toBeGreaterThan(1);
    expect(new Set(codes).size).toBe(codes.length);
    for (const row of table?.rows ?? []) expectBoth(row.name);
    const document = tableDocument(name);
    for (const row of document?.rows ?? []) expect(row.length).toBe(document?.columns.length);
  });

  it('keep accents', () => {
    expect(codeTable('comuni')?.row('D704')?.name.it).toBe('Forlì');
    expect(codeTable('comuni')?.row('A326')?.name.it).toBe('Aosta');
    expect(codeTable('countries')?.row('CI')?.name).toEqual({
      it: 'Costa d’Avorio',
      en: 'Côte d’Ivoire',
    });
  });

  it('have every province for every comune, and the numbers of the sources', () => {
    const provinces = codeTable('provinces');
    expect(provinces?.rows.length).toBe(107);
    expect(codeTable('comuni')?.rows.length).toBe(7_904);
    for (const row of codeTable('comuni')?.rows ?? []) {
      expect(provinces?.row(row.extra.province ?? '')).toBeDefined();
    }
    const places = codeTable('art2-nationalities')?.rows.map((row) => Number(row.extra.places));
    expect(places?.reduce((sum, one) => sum + one, 0)).toBe(52_080 - 1_000);
  });
});
