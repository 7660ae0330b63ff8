/**
 * The receipt as others see it: poppler reads its text, properties and fonts, qpdf its structure.
 * What a person must be able to read is asserted on what comes out of the PDF, not on what went in.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { leafHash as ledgerLeafHash } from '#engine/ledger/index.ts';
import type { ReceiptFacts } from '#engine/receipts/index.ts';
import { createReceiptMaker } from '#engine/receipts/maker.ts';
import { leafText } from '#protocol/entry.ts';
import { proofOf } from '#test/support/receipt-proof.ts';
import { entryOf, factsOf, OPENING_US } from '#test/support/register-entries.ts';
import { testSeal } from '#test/support/test-seal.ts';

const ENTRY = entryOf('g1', 123456, { stampUs: OPENING_US + 123 });
const URL_TEXT = 'https://clickday.example.org/verify?protocol=2011-01-31/g1/000123456';
const SEAL = testSeal();
const REST = { url: URL_TEXT, proof: proofOf(ENTRY), sealedAtUs: OPENING_US + 5_000_000 };
const KIBIBYTE = 1024;

/** Every European language's letters that are easily lost. */
const LATIN =
  'ș ț Ș Ț ş Ş ţ ħ Ħ ġ Ġ ł Ł đ Đ ð Ð þ ő Ő ű Ű ğ Ğ ı İ ß ž Ž ā ķ ŗ ģ Ģ ļ ņ ų ę ą ż ź ć č ř ů ě ' +
  'ň ď ť ľ ĺ ŕ æ Æ ø Ø å œ Œ ñ ç ã õ ê ë ï ü ÿ ŵ ŷ ŋ ŧ ċ ż à è é ì ò ù À È Ì Ò Ù á í ó ú ý';

describe('a receipt as a PDF', () => {
  const maker = createReceiptMaker(SEAL);
  let folder: string;
  let serial = 0;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'clickday-pdf-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const pdfOf = async (change: Partial<ReceiptFacts> = {}, rehearsal = false): Promise<Buffer> => {
    const facts = factsOf(ENTRY, change);
    const made = await maker.make({ place: 1, entry: ENTRY, facts, ...REST, rehearsal });
    return Buffer.concat([maker.template(made.template)!, made.appended]);
  };
  const fileOf = (bytes: Buffer): string => {
    serial += 1;
    const file = join(folder, `${serial}.pdf`);
    writeFileSync(file, bytes);
    return file;
  };
  const run = (program: string, ...args: string[]) =>
    execFileSync(program, args, { encoding: 'utf8' });
  const textOf = (bytes: Buffer) => run('pdftotext', '-layout', fileOf(bytes), '-');

  it('carries all its content in Italian', async () => {
    const text = textOf(await pdfOf());
    const leaf = ledgerLeafHash(Buffer.from(leafText(ENTRY))).toString('base64url');
    const lines = [
      'Ricevuta di presentazione della domanda',
      '2011-01-31/g1/000123456',
      '31 gennaio 2011 alle 08:00:00,000123',
      'ora di Roma (CET, UTC+01:00)',
      '2011-01-31T07:00:00.000123Z',
      '± 0,000250 s',
      ENTRY.application,
      'B – Richiesta nominativa di nulla osta al lavoro subordinato',
      '31 gennaio 2011 (2011-01-31)',
      'Società Agricola Rossi & Figli S.r.l.',
      'El Idrissi Youssef',
      'Marocco',
      'Sportello Unico per l’Immigrazione di Roma',
      'Provincia del luogo di lavoro (RM)',
      'maria.rossi@example.org',
      '123456',
      ENTRY.digest,
      'q83vEjRWeJCrze8SNFZ4kA',
      leaf,
      URL_TEXT,
      'Ha valore legale l’istante di ricezione indicato in questa ricevuta',
    ];
    for (const line of lines) expect(text).toContain(line);
    expect(text).not.toContain('PROVA – non ha valore');
  });

  it('carries its content in English when the applicant chose that', async () => {
    const text = textOf(await pdfOf({ language: 'en' }));
    expect(text).toContain('31 January 2011 at 08:00:00.000123');
    expect(text).toContain('Rome time (CET, UTC+01:00)');
    expect(text).toContain('Legal weight lies in the time of receipt');
    expect(text).not.toContain('Ricevuta');
  });

  it('gives back every accented letter of the European Latin alphabets', async () => {
    const letters = LATIN.split(' ');
    const half = Math.ceil(letters.length / 2);
    const text = textOf(
      await pdfOf({
        worker: letters.slice(0, half).join(' '),
        employer: letters.slice(half).join(' '),
      }),
    );
    for (const letter of letters) expect(text).toContain(letter);
  });

  it('gives back a mixture of Greek, Cyrillic and Vietnamese', async () => {
    const worker = 'Παπαδόπουλος Γεώργιος, Љубомир Петров, Їжак, ẞ Nguyễn Thị';
    const bytes = await pdfOf({ worker });
    expect(textOf(bytes)).toContain(worker);
    expect(bytes.length).toBeLessThan(100 * KIBIBYTE);
  });

  it.each([
    ['Titillium', 'Șerban Țîrlea, Gjergj Kastrioti, Łukasz Żółć, Đorđe Šćepanović, İbrahim Yiğit'],
    ['Titillium', LATIN],
    ['DejaVu', 'Володимир Їжак, Ґалаґан Є., Қайрат Әбілұлы, Љубомир Ђорђевић'],
    ['DejaVu', 'Παπαδόπουλος Γεώργιος, Ελένη Ϊλαρίδου'],
    ['DejaVu', 'Nguyễn Thị Phượng, Trần Đức Lương, Vũ Ỷ'],
  ])('sets names of one alphabet in %s, at most 40 KiB: %s', async (font, worker) => {
    const bytes = await pdfOf({ worker, employer: worker });
    const file = fileOf(bytes);
    const text = run('pdftotext', '-raw', file, '-').replaceAll('\n', ' ');
    for (const word of worker.split(' ')) expect(text).toContain(word);
    expect(run('pdffonts', file)).toContain(font);
    expect(bytes.length).toBeLessThanOrEqual(40 * KIBIBYTE);
  });

  it('composes letters that come in parts and replaces what no face has', async () => {
    const text = textOf(await pdfOf({ worker: 'S\u0326tefan\u0301\tA\u202e', sender: '愛' }));
    expect(text).toContain('Ștefań A');
    expect(text).toContain('\uFFFD');
  });

  it.each([false, true])(
    'keeps every word within the margins and off the QR code',
    async (long) => {
      const employer = long ? 'Lavoratori Agricoli Riuniti '.repeat(9) : 'Rossi';
      const page = run('pdftotext', '-bbox', fileOf(await pdfOf({ employer })), '-');
      const words = [...page.matchAll(/xMin="([\d.]+)".* xMax="([\d.]+)" .*>(.+)<\/word>/g)];
      expect(words.length).toBeGreaterThan(100);
      for (const [, left, right, word] of words) {
        expect(Number(left), word).toBeGreaterThan(47.9);
        expect(Number(right), word).toBeLessThan(547.4);
        if (word === ENTRY.digest) expect(Number(right)).toBeLessThan(455);
      }
      expect(words.map(([, , , word]) => word)).toContain(ENTRY.digest);
    },
  );

  it('keeps a very long name whole', async () => {
    const employer = `Cooperativa ${'Lavoratori Agricoli Riuniti '.repeat(9)}fine`;
    const text = textOf(await pdfOf({ employer }));
    expect(text.match(/Riuniti/g)).toHaveLength(9);
    expect(text).toContain('fine');
  });

  it('is at most 40 KiB, of one A4 page, titled, and well formed', async () => {
    const bytes = await pdfOf({ worker: LATIN, employer: LATIN });
    const file = fileOf(bytes);
    const about = run('pdfinfo', file);
    expect(bytes.length).toBeLessThanOrEqual(40 * KIBIBYTE);
    expect(about).toMatch(/Title:\s+Ricevuta di presentazione della domanda 2011-01-31\/g1\/0001/);
    expect(about).toMatch(/CreationDate:.*Jan 31/);
    expect(about).toMatch(/Pages:\s+1\n/);
    expect(about).toContain('(A4)');
    expect(run('qpdf', '--check', file)).toContain('No syntax or stream encoding errors');
    expect(run('qpdf', '--show-object=trailer', file)).toContain('/ID');
    expect(run('qpdf', '--json', '--json-key=qpdf', file)).toContain('"/Lang": "u:it-IT"');
  });

  it('embeds every font as a subset with its Unicode map', async () => {
    const rows = run('pdffonts', fileOf(await pdfOf()))
      .trim()
      .split('\n')
      .slice(2);
    expect(rows).toHaveLength(2);
    for (const row of rows) expect(row).toMatch(/^[A-Z]{6}\+.*yes yes yes/);
  });

  it('says across the page of a rehearsal that it has no value', async () => {
    const file = fileOf(await pdfOf({}, true));
    expect(run('pdftotext', '-raw', file, '-')).toContain('PROVA – non ha valore');
    expect(run('pdfinfo', file)).toContain('PROVA – non ha valore');
    expect(run('qpdf', '--check', file)).toContain('No syntax or stream encoding errors');
  });

  it.each(['rsa', 'ec'] as const)('has the same bytes when made again: %s', async (algorithm) => {
    const seal = testSeal(algorithm);
    const maker = createReceiptMaker(seal);
    const input = {
      place: 1,
      entry: ENTRY,
      facts: factsOf(ENTRY),
      ...REST,
      rehearsal: false,
    };
    const other = createReceiptMaker(seal);
    const [first, second] = [await maker.make(input), await other.make(input)];
    expect(second.template).toBe(first.template);
    const bytes = (appended: Uint8Array) => {
      const text = Buffer.from(appended).toString('latin1');
      return algorithm === 'rsa' ? text : text.replace(/\/Contents <[0-9a-f]+>/, '');
    };
    expect(bytes(second.appended)).toBe(bytes(first.appended));
    const templates = [maker.template(first.template)!, other.template(second.template)!];
    expect(Buffer.from(templates[0]!).equals(Buffer.from(templates[1]!))).toBe(true);
  });

  it('refuses facts of another application, another digest, or that are no text', async () => {
    const make = (change: object) =>
      maker.make({
        place: 1,
        entry: ENTRY,
        facts: { ...factsOf(ENTRY), ...change } as ReceiptFacts,
        ...REST,
        rehearsal: false,
      });
    await expect(make({ application: 'other' })).rejects.toThrow('another application');
    await expect(make({ digest: 'other' })).rejects.toThrow('digest');
    await expect(make({ worker: null })).rejects.toThrow('worker is not a text');
  });
});
