/** Walks every definition and table that ships: what the type checker cannot see in data. */
import { describe, expect, it } from 'vitest';
import { seededRandom } from '#engine/foundation/random.ts';
import { modelsFaults, SHIPPED_DIRECTORY } from '#engine/portal/models/index.ts';
import { fieldNames, type Texts, validateAll, visibleFields } from '#protocol/forms/index.ts';
import { genericMessages } from '#protocol/forms/messages.ts';
import { formOf, models, sampleOf } from '#test/support/models.ts';

const TODAY = '2011-01-17';
/** Answers that few give: a staircase, a foreign employer's permit, a worker born in Italy. */
const RARE = /(Stair|Flat|PermitExpires|ItalianDescent|BirthComune|workerCodiceFiscale)$/;
const forms = models.list().map((form) => [form.code, form] as const);

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

describe('the models that ship', () => {
  it('pass every check of a models directory', () => {
    expect(modelsFaults(SHIPPED_DIRECTORY)).toEqual([]);
  });

  it('are those of the decree of 2010 with their pages in order', () => {
    const keys = forms.map(([code, form]) => [code, form.pages.map((page) => page.key).join(' ')]);
    expect(Object.fromEntries(keys)).toEqual({
      A: 'employer worker job place income',
      B: 'company representative worker job place income',
      'C-STAG': 'company representative worker job place income',
      VA: 'applicant permit employer job place closing',
      VB: 'applicant permit employer job place closing',
      LS: 'company representative worker permit job place income',
      LS1: 'employer worker permit job place income',
      LS2: 'applicant permit activity place closing',
      BPS: 'company representative worker training job place income',
    });
    for (const [, { pages }] of forms) {
      expect(pages.map((page) => page.number)).toEqual(pages.map((_, index) => index + 1));
    }
  });

  it('say everything in both languages', () => {
    for (const [, form] of forms) textsIn(form).forEach(expectBoth);
    for (const words of [models.call, models.choice]) textsIn(words).forEach(expectBoth);
    Object.values(genericMessages()).forEach(expectBoth);
  });

  it('are each reached by at most three questions', () => {
    const depth = (choice: typeof models.choice): number =>
      choice === null ? 0 : 1 + Math.max(...choice.answers.map(({ next }) => depth(next ?? null)));
    expect(depth(models.choice)).toBe(3);
  });
});

describe.each(forms)('model %s', (code, form) => {
  const random = seededRandom(`walk of ${code}`, { nowUs: () => 0 });
  const context = { todayIso: TODAY, tables: models.tables };
  const samples = Array.from({ length: 50 }, () =>
    sampleOf({ random, todayIso: TODAY, model: code }),
  );

  it('takes every sample', () => {
    for (const { values } of samples) expect(validateAll(form, values, context)).toEqual([]);
  });

  it('refuses a sample without any one of its required answers', () => {
    const missed = new Set<string>();
    for (const { values } of samples) {
      for (const page of form.pages) {
        const asked = visibleFields(page, values);
        const left = page.schema.required.filter(
          (name) => asked.includes(name) && !missed.has(name),
        );
        for (const field of left) {
          const { [field]: _, ...rest } = values;
          const codes = validateAll(form, rest, context).map(
            (each) => `${each.field} ${each.code}`,
          );
          const isStatement = page.schema.properties[field]?.const !== undefined;
          expect(codes).toContain(`${field} ${isStatement ? 'MUST_ACCEPT' : 'REQUIRED'}`);
          missed.add(field);
        }
      }
    }
    const required = form.pages.flatMap((page) => page.schema.required);
    // The samples between them show every field: none is required only on paper.
    expect(required.filter((field) => !missed.has(field) && !RARE.test(field))).toEqual([]);
  });

  it('has no answer that is never given in a sample', () => {
    const given = new Set(samples.flatMap(({ values }) => Object.keys(values)));
    const fields = form.pages.flatMap((page) => fieldNames(page));
    const rare = fields.filter((field) => !given.has(field));
    expect(rare.filter((field) => !RARE.test(field))).toEqual([]);
  });
});

describe('an earlier version', () => {
  it('is found by its number, and no other stands for it', () => {
    expect(formOf('A', 1).version).toBe(1);
    expect(models.get('A', 2)).toBeUndefined();
    expect(models.get('Z')).toBeUndefined();
  });
});

describe('tables', () => {
  it.each(models.tableNames().map((name) => [name]))('%s has names in both languages', (name) => {
    const table = models.table(name);
    expect(table?.rows.length).toBeGreaterThan(1);
    for (const row of table?.rows ?? []) expectBoth(row.name);
  });

  it('keep accents', () => {
    expect(models.table('comuni')?.row('D704')?.name.it).toBe('Forlì');
    expect(models.table('comuni')?.row('A326')?.name.it).toBe('Aosta');
    expect(models.table('countries')?.row('CI')?.name).toEqual({
      it: 'Costa d’Avorio',
      en: 'Côte d’Ivoire',
    });
  });

  it('have every province for every comune, and the numbers of the sources', () => {
    const provinces = models.table('provinces');
    expect(provinces?.rows.length).toBe(107);
    expect(models.table('comuni')?.rows.length).toBe(7_904);
    for (const row of models.table('comuni')?.rows ?? []) {
      expect(provinces?.row(row.extra.province ?? '')).toBeDefined();
    }
    const places = models.table('art2-nationalities')?.rows.map((row) => Number(row.extra.places));
    expect(places?.reduce((sum, one) => sum + one, 0)).toBe(52_080 - 1_000);
  });
});
