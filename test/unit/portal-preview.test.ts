/** The preview of an application as poppler reads it: complete, paged, and named what it is. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type PreviewInput, previewPdf } from '#engine/portal/applications/preview.ts';
import { visibleFields } from '#protocol/forms/index.ts';
import { formOf, models } from '#test/support/models.ts';

const ID = '01J00000000000000000000042';

describe('the preview of an application', () => {
  const folder = mkdtempSync(join(tmpdir(), 'clickday-preview-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const form = formOf('A');
  const read = async (change: Partial<PreviewInput>) => {
    const input = {
      id: ID,
      models,
      form,
      values: {},
      language: 'it',
      isDraft: true,
      ...change,
    } as const;
    const file = join(folder, 'preview.pdf');
    writeFileSync(file, await previewPdf(input));
    const text = execFileSync('pdftotext', ['-raw', file, '-'], { encoding: 'utf8' });
    return { file, text: text.replaceAll(/\s+/g, ' '), pages: text.split('\f').slice(0, -1) };
  };

  it.each(models.list().map(({ code }) => code))(
    'asks every question of model %s that applies, with its answer',
    async (code) => {
      const model = formOf(code);
      const values: Record<string, string> = {};
      const expected: string[] = [];
      for (const page of model.pages) {
        for (const field of visibleFields(page, values)) {
          const schema = page.schema.properties[field]!;
          const isFree = schema.type === 'string' && !schema['x-table'] && !schema.format;
          if (isFree && !schema.enum) values[field] = `Łódź ${field}`;
          expected.push(schema['x-label'].en, ...(values[field] ? [`Łódź ${field}`] : []));
        }
      }
      const { text, file } = await read({ form: model, values, language: 'en', isDraft: false });
      // The lines of a long question stand beside those of its answer: word by word.
      const words = new Set(text.split(' '));
      const missing = expected.filter((each) => !each.split(/\s/).every((word) => words.has(word)));
      expect(missing).toEqual([]);
      for (const { number, title } of model.pages) expect(text).toContain(`${number}. ${title.en}`);
      const checked = execFileSync('qpdf', ['--check', file], { encoding: 'utf8' });
      expect(checked).toContain('No syntax or stream encoding errors');
    },
  );

  it.each([
    ['it', 'BOZZA', 'ANTEPRIMA', 'Pagina', 'Non è una ricevuta'],
    ['en', 'DRAFT', 'PREVIEW', 'Page', 'no receipt'],
  ] as const)(
    'says on each page what it is, in %s',
    async (language, draft, preview, page, not) => {
      const drafted = await read({ language });
      expect(drafted.pages.length).toBeGreaterThan(1);
      drafted.pages.forEach((each, index) => {
        expect(each.replaceAll(/\s/g, '').match(new RegExp(draft, 'g'))).toHaveLength(2);
        expect(each).toMatch(new RegExp(`${page} ${index + 1} (di|of) ${drafted.pages.length}`));
        expect(each).toContain(ID);
        expect(each).toContain(not);
      });
      const ready = await read({ language, isDraft: false });
      for (const each of ready.pages) {
        expect(each).toContain(preview);
        expect(each).not.toContain(draft);
      }
    },
  );

  it('carries an answer that is longer than a page over to the next ones', async () => {
    const field = Object.keys(form.pages[0]!.schema.properties)[1]!;
    const long = Array.from({ length: 2500 }, (_, index) => `w${index}`).join(' ');
    const { pages, text } = await read({ values: { [field]: long } });
    expect(pages.length).toBeGreaterThan(3);
    for (const word of ['w0', 'w1200', 'w2499']) expect(text).toContain(word);
  });

  it('names the files that were added, each with its digest', async () => {
    const sha256 = 'a1b2c3d4'.repeat(8);
    const attached = [{ kind: 'passport', name: 'Łódź.pdf', sha256 }];
    const { text } = await read({ attached });
    expect(text).toContain('Passaporto del lavoratore');
    expect(text.replaceAll(' ', '')).toContain(`Łódź.pdf–SHA-256${sha256}`);
  });

  it('shows what its font lacks as a question mark', async () => {
    const field = Object.keys(form.pages[0]!.schema.properties)[1]!;
    const { text } = await read({ values: { [field]: 'Țîrlea 愛\tŁ' } });
    expect(text).toContain('Țîrlea ? Ł');
  });
});
