/**
 * Receipts as others check them: poppler (NSS) the seal, qpdf the file, and what is attached as it
 * comes out. A hundred of them with facts from a seed: long and short names, letters of all
 * alphabets that a receipt sets, both languages, both kinds of keys, rehearsals.
 */
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { manualClock } from '#engine/clock/index.ts';
import { seededRandom } from '#engine/foundation/random.ts';
import type { ReceiptFacts, SealMaterial } from '#engine/receipts/index.ts';
import { createReceiptMaker } from '#engine/receipts/maker.ts';
import type { ReceiptTable } from '#engine/register/receipt-table.ts';
import { receiptDamage } from '#engine/register/verify.ts';
import { type LedgerEntry, leafText, protocolNumber } from '#protocol/entry.ts';
import { proofOf } from '#test/support/receipt-proof.ts';
import { entryOf, factsOf, OPENING_US } from '#test/support/register-entries.ts';
import { testSeal } from '#test/support/test-seal.ts';

const SEED = 2011;
const RECEIPTS = 100;
const AT_ONCE = 4;
const KIBIBYTE = 1024;
const SEALS = { rsa: testSeal('rsa'), ec: testSeal('ec') } as const;
const NAMES = [
  'Rossi Maria',
  'O’Neill-D’Angelo Àgata',
  'Șerban Țîrlea Ștefănescu',
  'Łukasz Żółć Wiśniewski',
  'Ħamrun Ġużeppi Ŵyn Ŷ',
  'Володимир Їжак Ґалаґан',
  'Παπαδόπουλος Γεώργιος',
  'Nguyễn Thị Phượng Liên',
  'Société « Les Frères » & Cie 100 % (S.r.l.) <x>',
  'Cooperativa Sociale Agricola Lavoratori Riuniti della Piana '.repeat(3),
  '愛 ( \\ ) % endstream endobj',
];

const random = seededRandom(SEED, manualClock({ nowUs: OPENING_US }));
const pick = <Item>(items: readonly Item[]): Item => items[random.integer(items.length)]!;
const folder = mkdtempSync(join(tmpdir(), 'clickday-sealed-'));
afterAll(() => rmSync(folder, { recursive: true }));

const makers = new Map<SealMaterial, ReturnType<typeof createReceiptMaker>>();
async function pdfOf(
  entry: LedgerEntry,
  seal: SealMaterial,
  { facts, rehearsal = false }: { facts?: Partial<ReceiptFacts>; rehearsal?: boolean } = {},
) {
  const maker = makers.get(seal) ?? createReceiptMaker(seal);
  makers.set(seal, maker);
  const made = await maker.make({
    ...{ place: entry.seq, entry, facts: factsOf(entry, facts), proof: proofOf(entry) },
    ...{ sealedAtUs: entry.stampUs + 1_500_000, rehearsal },
    url: `https://clickday.example.org/verify?protocol=${protocolNumber(entry)}`,
  });
  return Buffer.concat([maker.template(made.template)!, made.appended]);
}

function fileOf(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

const randomFacts = (): Partial<ReceiptFacts> => ({
  ...{ worker: pick(NAMES), employer: pick(NAMES), sender: `${pick(NAMES)}@example.org` },
  ...{ officeCriterion: pick(NAMES), language: pick(['it', 'en'] as const) },
});

const pdfsig = (file: string) =>
  execFileSync('pdfsig', [file], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });

describe('a sealed receipt', () => {
  it.each(['rsa', 'ec'] as const)('is valid to poppler with a key of kind %s', async (kind) => {
    const entry = entryOf('g1', 5000);
    const said = pdfsig(fileOf(`${kind}.pdf`, await pdfOf(entry, SEALS[kind])));
    expect(said).toContain('Signature Validation: Signature is Valid.');
    expect(said).toContain('Total document signed');
    expect(said).toContain('Signature Type: ETSI.CAdES.detached');
    expect(said).toContain('Signing Hash Algorithm: SHA-256');
    expect(said).toContain('CN=TEST / PROVA – Clickday,O=Prefettura di prova,C=IT');
    expect(said).toMatch(/Signing Time: Jan 31 2011 0[78]:00:01/);
    expect(said.match(/Signature #/g)).toHaveLength(1);
  });

  it('is invalid to poppler when one byte of the page, a file or the template is another', async () => {
    const bytes = await pdfOf(entryOf('g1', 5000), SEALS.ec);
    const places = [2000, bytes.indexOf('"digest"', 25_000), bytes.lastIndexOf('trailer') + 12];
    for (const place of places) {
      const changed = Buffer.from(bytes);
      changed[place]! ^= 2;
      expect(pdfsig(fileOf('changed.pdf', changed))).not.toContain('Signature is Valid');
    }
  });

  it('says in its language who sealed it, and that the key is a test', async () => {
    const entry = entryOf('g1', 5000);
    const textOf = async (seal: SealMaterial, language: 'it' | 'en') => {
      const file = fileOf('said.pdf', await pdfOf(entry, seal, { facts: { language } }));
      return execFileSync('pdftotext', ['-raw', file, '-'], { encoding: 'utf8' });
    };
    const real = { ...SEALS.ec, isTest: false };
    expect(await textOf(SEALS.ec, 'it')).toContain('SIGILLO DI PROVA');
    expect(await textOf(SEALS.ec, 'en')).toContain('TEST SEAL (PROVA)');
    expect(await textOf(SEALS.ec, 'en')).toContain('TEST / PROVA – Clickday, Prefettura di prova');
    expect(await textOf(real, 'it')).not.toContain('SIGILLO DI PROVA');
    expect(await textOf(real, 'en')).not.toContain('TEST SEAL');
  });

  it('says where the entry stands in the public log', async () => {
    const file = fileOf('log.pdf', await pdfOf(entryOf('g7', 41), SEALS.ec));
    const text = execFileSync('pdftotext', ['-raw', file, '-'], { encoding: 'utf8' });
    expect(text).toContain('indice 40 di 46 foglie, registro clickday.example.org/g7');
  });

  it('has the leaf, its proof and its own statement attached, byte for byte', async () => {
    const entry = entryOf('g1', 77);
    const facts = { worker: 'Țîrlea "Ștefan" \\ (x)', language: 'en' } as const;
    const file = fileOf('attached.pdf', await pdfOf(entry, SEALS.ec, { facts }));
    const attached = (number: number) => {
      const path = join(folder, 'attached');
      execFileSync('pdfdetach', ['-save', String(number), '-o', path, file]);
      return readFileSync(path, 'utf8');
    };
    expect(attached(1)).toBe(leafText(entry));
    expect(attached(2)).toBe(proofOf(entry).tlogProof);
    const statement = JSON.parse(attached(3)) as Record<string, unknown>;
    expect(statement).toMatchObject({
      ...facts,
      format: 1,
      test: true,
      rehearsal: false,
      place: 77,
    });
    expect(Object.keys(statement)).toEqual(Object.keys(statement).toSorted());
    const list = execFileSync('pdfdetach', ['-list', file], { encoding: 'utf8' });
    expect(list).toContain('1: entry.json\n2: proof.tlog-proof\n3: receipt.json');
  });

  it('is damaged to `verify` when its seal leaves a byte out', async () => {
    const entry = entryOf('g1', 8);
    const bytes = await pdfOf(entry, SEALS.ec);
    const table = (appended: Buffer) =>
      ({
        parts: () => ({ template: 'hash', appended }),
        template: () => Buffer.alloc(bytes.length - appended.length),
      }) as unknown as ReceiptTable;
    const own = bytes.subarray(bytes.indexOf('%%EOF\n') + 5);
    const of = (appended: Buffer) => receiptDamage(8, protocolNumber(entry), table(appended));
    expect(of(own)).toBeNull();
    const longer = Buffer.concat([own.subarray(0, -6), Buffer.from(' %%EOF\n')]);
    const range = Buffer.from(own);
    range[own.indexOf('/ByteRange [0 ') + 14]! ^= 1;
    const gap = Buffer.from(own);
    gap[own.indexOf('/Contents <') + 40] = 0x20;
    for (const file of [longer, range, gap]) expect(of(file)).toBe('its seal does not cover it');
  });

  it('is refused when its proof is none', async () => {
    const entry = entryOf('g1', 1);
    const maker = createReceiptMaker(SEALS.ec);
    const input = { place: 1, entry, facts: factsOf(entry), url: 'https://x', rehearsal: false };
    const proof = { tlogProof: 'index 0\n' };
    await expect(maker.make({ ...input, proof, sealedAtUs: 0 })).rejects.toThrow('proof');
  });

  it(`is valid and well formed, ${RECEIPTS} times with facts from seed ${SEED}`, async () => {
    const files: string[] = [];
    for (let number = 1; number <= RECEIPTS; number += 1) {
      const entry = entryOf(pick(['g1', 'gate-of-milano-2']), random.integer(400_000) + 1);
      const seal = pick([SEALS.rsa, SEALS.ec]);
      const facts = randomFacts();
      const bytes = await pdfOf(entry, seal, { facts, rehearsal: random.integer(4) === 0 });
      files.push(fileOf(`random-${number}.pdf`, bytes));
    }
    const run = promisify(execFile);
    const check = async (file: string): Promise<string[]> => {
      const { stdout: seal } = await run('pdfsig', [file]);
      const { stdout: form, stderr } = await run('qpdf', ['--check', file]);
      const isFine =
        seal.includes('Signature is Valid.') &&
        seal.includes('Total document signed') &&
        form.includes('No syntax or stream encoding errors') &&
        stderr === '';
      return isFine ? [] : [`${file}: ${seal} ${form} ${stderr}`];
    };
    const faults: string[] = [];
    for (let from = 0; from < files.length; from += AT_ONCE) {
      const found = await Promise.all(files.slice(from, from + AT_ONCE).map(check));
      faults.push(...found.flat());
    }
    expect(faults).toEqual([]);
  });

  it('is at most 40 KiB whatever the one alphabet of its names and the kind of key', async () => {
    const sizes: number[] = [];
    for (const seal of [SEALS.rsa, SEALS.ec]) {
      for (const name of NAMES.slice(0, -1)) {
        const facts = { worker: name, employer: name, officeCriterion: name };
        const bytes = await pdfOf(entryOf('g1', 392_310), seal, { facts });
        sizes.push(bytes.length);
      }
    }
    expect(Math.max(...sizes)).toBeLessThanOrEqual(40 * KIBIBYTE);
  });
});
