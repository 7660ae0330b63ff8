import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256Base64Url } from '#engine/foundation/digest.ts';
import {
  openRegister,
  type Register,
  verifyReceipts,
  verifyRegister,
} from '#engine/register/index.ts';
import { protocolNumber } from '#protocol/entry.ts';
import { entryOf, memoryLedger, OPENING_US } from '#test/support/register-entries.ts';

const TEMPLATE = Buffer.from('%PDF-1.7 a template');
const HASH = sha256Base64Url(TEMPLATE);

describe('verification', () => {
  let folder: string;
  let register: Register;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'clickday-verify-'));
    register = openRegister(folder);
  });
  afterEach(async () => {
    await register.close();
    rmSync(folder, { recursive: true });
  });

  const ledgerOf = (...seqs: number[]) => {
    const ledger = memoryLedger('g1');
    ledger.write(...seqs.map((seq) => entryOf('g1', seq)));
    return ledger;
  };
  const codes = (violations: readonly { code: string }[]) => violations.map(({ code }) => code);
  const receiptOf = (place: number) => {
    const title = Buffer.from(protocolNumber(entryOf('g1', place)), 'utf16le').swap16();
    const appended = Buffer.from(`/Title <${title.toString('hex')}>\n%%EOF\n`);
    return { place, template: HASH, appended };
  };
  const storeReceipts = (...receipts: ReturnType<typeof receiptOf>[]) =>
    register.receipts.store({
      templates: new Map([[HASH, TEMPLATE]]),
      receipts,
      failures: [],
      told: [],
    });

  it('finds nothing wrong in a register that follows its ledgers', async () => {
    await register.append([entryOf('g1', 1), entryOf('g1', 2)]);
    const report = verifyRegister({ register, readers: [ledgerOf(1, 2, 3)] });
    expect(report).toEqual({ entries: 2, duplicates: 0, pending: 1, violations: [] });
  });

  it('reports an entry that no ledger has', async () => {
    await register.append([entryOf('g1', 1), entryOf('g1', 2)]);
    const { violations } = verifyRegister({ register, readers: [ledgerOf(1)] });
    expect(codes(violations)).toEqual(['REGISTER_EXTRA']);
  });

  it('reports places whose entries differ from the merge', async () => {
    await register.append([entryOf('g1', 1, { stampUs: OPENING_US }), entryOf('g1', 2)]);
    const { violations } = verifyRegister({ register, readers: [ledgerOf(1, 2)] });
    expect(violations).toMatchObject([{ code: 'REGISTER_DIFFERS', place: 1 }]);
  });

  it('reports two gates in the wrong order', async () => {
    const g2 = memoryLedger('g2');
    g2.write(entryOf('g2', 1, { application: 'b', stampUs: OPENING_US }));
    await register.append([entryOf('g1', 1), g2.entries(1, 1)[0]!]);
    const { violations } = verifyRegister({ register, readers: [ledgerOf(1), g2] });
    expect(codes(violations)).toEqual(['REGISTER_DIFFERS', 'REGISTER_DIFFERS']);
  });

  it('counts one receipt an entry and what is pending', async () => {
    await register.append([entryOf('g1', 1), entryOf('g1', 2), entryOf('g1', 3)]);
    await storeReceipts(receiptOf(1), receiptOf(3));
    const report = verifyReceipts({ register, receipts: register.receipts });
    expect(report).toEqual({ made: 2, pending: 1, failed: 0, violations: [] });
  });

  it('reports receipts that failed, are of another entry, cut off, or have no entry', async () => {
    const cut = { ...receiptOf(2), appended: Buffer.from('/Title') };
    await register.append([1, 2, 3].map((seq) => entryOf('g1', seq)));
    await storeReceipts({ ...receiptOf(3), place: 1 }, cut, receiptOf(9));
    const failure = { place: 3, application: 'x', reason: 'no glyphs', attempts: 3 };
    await register.receipts.store({
      templates: new Map(),
      receipts: [],
      failures: [failure],
      told: [],
    });
    const { violations } = verifyReceipts({ register, receipts: register.receipts });
    expect(violations.map(({ code, message }) => `${code}: ${message}`)).toEqual([
      'RECEIPT_DAMAGED: it is not the receipt of 2011-01-31/g1/000000001',
      'RECEIPT_DAMAGED: it is cut off',
      'RECEIPT_FAILED: no glyphs',
      'RECEIPT_FOREIGN: a receipt has no entry',
    ]);
  });

  it('reports a template that is not what its hash says', async () => {
    await register.append([entryOf('g1', 1)]);
    const other = new Map([[HASH, Buffer.from('%PDF-1.7 another')]]);
    const batch = { templates: other, receipts: [receiptOf(1)], failures: [], told: [] };
    await register.receipts.store(batch);
    const { violations } = verifyReceipts({ register, receipts: register.receipts });
    expect(violations).toMatchObject([{ message: `template ${HASH} is damaged` }]);
  });
});
