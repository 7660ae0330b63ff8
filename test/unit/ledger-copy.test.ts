/** A ledger that follows another: equal at every commit, checked, and never over damage. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type LedgerWriter,
  openLedgerCopy,
  openLedgerReader,
  openLedgerWriter,
  verifyLedger,
} from '#engine/ledger/index.ts';
import { isoFromUs } from '#protocol/time.ts';
import { changeLedger, flipBit } from '#test/support/damaged-ledger.ts';
import { clickDay, SECOND_US } from '#test/support/gate-papers.ts';
import { entryOf, OPENING_US } from '#test/support/register-entries.ts';

let folder: string;
let writer: LedgerWriter;
const from = () => join(folder, 'original');
const to = () => join(folder, 'copy');
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clickday-copy-'));
  writer = openLedgerWriter({ path: from(), gate: 'g1' });
});
afterEach(() => rmSync(folder, { recursive: true }));

const DAYS = [clickDay({ opensAt: isoFromUs(OPENING_US - SECOND_US) })];
const entries = (start: number, end: number) =>
  Array.from({ length: end - start + 1 }, (_, at) => entryOf('g1', start + at));
const open = () => openLedgerCopy({ from: from(), to: to(), gate: 'g1' });
/** Everything stored in a ledger, as text. */
async function contents(path: string) {
  const found: string[] = [];
  await changeLedger(path, ({ entries: pages, batches, state }) => {
    for (const { key, value } of pages.range()) found.push(`${key} ${value.toString('hex')}`);
    for (const { key, value } of batches.range()) found.push(`${key} ${value.toString('hex')}`);
    for (const { key, value } of state.range()) found.push(`${key} ${value.toString('hex')}`);
  });
  return found;
}

describe('a copy of a ledger', () => {
  it('is the same byte for byte whenever it is whole, also after it is opened again', async () => {
    await writer.append(entries(1, 150), 1);
    const first = open();
    expect(await first.step()).toBe(true);
    expect(first.lastSeq()).toBe(150);
    expect(await contents(to())).toEqual(await contents(from()));
    await writer.append(entries(151, 151), 2);
    await writer.append(entries(152, 300), 3);
    expect(await first.step()).toBe(true);
    await first.close();
    await writer.append(entries(301, 310), 4);
    await writer.watermark(OPENING_US + 999);
    const second = open();
    expect(await second.step()).toBe(true);
    expect(await second.step()).toBe(true);
    await second.close();
    expect(await contents(to())).toEqual(await contents(from()));
  });

  it('is a ledger that goes on where it ends', async () => {
    await writer.append(entries(1, 70), 1);
    const copy = open();
    await copy.step();
    await copy.close();
    const heir = openLedgerWriter({ path: to(), gate: 'g1' });
    expect([heir.nextSeq(), heir.lastStampUs()]).toEqual([71, OPENING_US + 70]);
    await heir.append(entries(71, 80), 2);
    await heir.close();
    const reader = openLedgerReader({ path: to(), gate: 'g1' });
    const report = verifyLedger({ reader, clickDays: DAYS });
    expect(report).toMatchObject({ entries: 80, violations: [] });
    await reader.close();
  });

  it('ends with a commit at any step of a long way', async () => {
    for (let seq = 1; seq <= 300; seq += 1) await writer.append(entries(seq, seq), seq);
    const copy = open();
    expect(await copy.step()).toBe(false);
    expect(copy.lastSeq()).toBe(256);
    const reader = openLedgerReader({ path: to(), gate: 'g1' });
    expect(verifyLedger({ reader, clickDays: DAYS })).toMatchObject({
      entries: 256,
      violations: [],
    });
    expect(reader.watermarkUs()).toBe(OPENING_US + 256);
    await reader.close();
    expect(await copy.step()).toBe(true);
    expect(copy.lastSeq()).toBe(300);
    await copy.close();
  });

  it('stops before a damaged page and keeps what it has', async () => {
    await writer.append(entries(1, 10), 1);
    const copy = open();
    await copy.step();
    await writer.append(entries(11, 20), 2);
    await flipBit(from(), 20);
    await expect(copy.step()).rejects.toThrow('CHECK_WRONG');
    expect(copy.lastSeq()).toBe(10);
    await flipBit(from(), 20);
    expect(await copy.step()).toBe(true);
    expect(copy.lastSeq()).toBe(20);
    await copy.close();
  });

  it('stops before a commit whose root is another', async () => {
    await writer.append(entries(1, 10), 1);
    await changeLedger(from(), ({ batches }) => {
      const bytes = Buffer.from(batches.get(10)!);
      bytes[0] = bytes[0]! ^ 1;
      batches.put(10, bytes);
    });
    const copy = open();
    await expect(copy.step()).rejects.toThrow('Merkle root of commit 10');
    expect(copy.lastSeq()).toBe(0);
    await copy.close();
  });

  it('refuses to follow a ledger with another history', async () => {
    await writer.append(entries(1, 10), 1);
    const copy = open();
    await copy.step();
    await copy.close();
    await writer.close();
    rmSync(from(), { recursive: true });
    const other = openLedgerWriter({ path: from(), gate: 'g1' });
    expect(open).toThrow('another history');
    await other.append(entries(1, 5), 1);
    expect(open).toThrow('another history');
    await other.append([entryOf('g1', 6, { office: 'MI' }), ...entries(7, 10)], 2);
    expect(open).toThrow('another history');
    await other.close();
  });
});
