/** Ledgers of the version before: read as they are, continued with sealed pages. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  openLedgerReader,
  openLedgerWriter,
  openThreadedWriter,
  verifyLedger,
} from '#engine/ledger/index.ts';
import { EMPTY_TREE, encodeTree, extendTree, rootOf } from '#engine/ledger/merkle.ts';
import { leafHashesOf, writePages } from '#engine/ledger/page.ts';
import { encodeBatch, encodeInstant } from '#engine/ledger/tables.ts';
import { JsonBytes } from '#protocol/json-bytes.ts';
import { isoFromUs } from '#protocol/time.ts';
import { changeLedger, flipBit } from '#test/support/damaged-ledger.ts';
import { clickDay, SECOND_US } from '#test/support/gate-papers.ts';
import { applicationId, entryOf, OPENING_US } from '#test/support/register-entries.ts';

let path: string;
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'clickday-ledger-'));
});
afterEach(() => rmSync(path, { recursive: true }));

const DAYS = [clickDay({ opensAt: isoFromUs(OPENING_US - SECOND_US) })];
const entries = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, at) => entryOf('g1', from + at));

/** One commit of 100 entries just as format 2 stored it: pages that end at 64 and 100, unsealed. */
async function writeFormat2() {
  const pages = writePages(new JsonBytes(), entries(1, 100));
  const tree = extendTree(
    EMPTY_TREE,
    pages.flatMap(({ bytes }) => leafHashesOf(bytes)),
  );
  await changeLedger(path, (tables) => {
    for (const { lastSeq, bytes } of pages) tables.entries.append(lastSeq, bytes);
    tables.batches.append(100, encodeBatch({ root: rootOf(tree), committedAtUs: 1 }));
    tables.state.put('tree', encodeTree(tree));
    tables.state.put('watermark', encodeInstant(OPENING_US + 100));
    tables.state.put('gate', Buffer.from('g1'));
    tables.state.put('format', Buffer.from('2'));
  });
}

const report = async () => {
  const reader = openLedgerReader({ path, gate: 'g1' });
  const { violations, ...counts } = verifyLedger({ reader, clickDays: DAYS });
  await reader.close();
  return { ...counts, codes: violations.map(({ code, seq }) => `${code} ${seq}`) };
};

describe.each([
  { name: 'in the caller’s thread', open: async () => openLedgerWriter({ path, gate: 'g1' }) },
  { name: 'with a thread that commits', open: () => openThreadedWriter({ path, gate: 'g1' }) },
])('a ledger of format 2 and the writer $name', ({ open }) => {
  it('is read as it is and goes on with the next number', async () => {
    await writeFormat2();
    expect(await report()).toMatchObject({ entries: 100, codes: [] });
    const first = await open();
    expect([first.nextSeq(), first.unread]).toEqual([101, []]);
    expect(first.find(applicationId(70))).toEqual(entryOf('g1', 70));
    await first.append(entries(101, 180), 2);
    expect(first.find(applicationId(70))).toEqual(entryOf('g1', 70));
    expect(first.find(applicationId(101))).toEqual(entryOf('g1', 101));
    await first.close();
    const second = await open();
    await second.append(entries(181, 182), 3);
    await second.close();
    expect(await report()).toMatchObject({ entries: 182, batches: 3, codes: [] });
    const reader = openLedgerReader({ path, gate: 'g1' });
    expect(reader.entries(1, 1000)).toEqual(entries(1, 182));
    await reader.close();
  });
});

describe('damage in a ledger that was of format 2', () => {
  beforeEach(async () => {
    await writeFormat2();
    const writer = openLedgerWriter({ path, gate: 'g1' });
    await writer.append(entries(101, 110), 2);
    await writer.close();
  });

  it('in a page without a seal is found by the root that the first seal was made of', async () => {
    await flipBit(path, 64);
    expect((await report()).codes).toContain('CHAIN_BROKEN 110');
  });

  it('in a page without a seal is not served where it makes the leaf unreadable', async () => {
    await changeLedger(path, ({ entries: pages }) => pages.put(64, Buffer.alloc(4096)));
    const writer = openLedgerWriter({ path, gate: 'g1' });
    expect(writer.unread).toMatchObject([{ page: 64, reason: 'LEAF_UNREADABLE' }]);
    await writer.close();
    const reader = openLedgerReader({ path, gate: 'g1' });
    expect(() => reader.entries(1, 1)).toThrow('LEAF_UNREADABLE');
    expect(reader.entries(65, 1000)).toEqual(entries(65, 110));
    await reader.close();
  });

  it('in a sealed page is found as in any', async () => {
    await flipBit(path, 110);
    expect((await report()).codes).toContain('PAGE_DAMAGED 110');
  });

  it('cannot turn a sealed page into one without a seal', async () => {
    await changeLedger(path, ({ state }) => state.put('sealed', encodeInstant(1e9)));
    const reader = openLedgerReader({ path, gate: 'g1' });
    expect(() => reader.entries(101, 1)).toThrow('damaged');
    await reader.close();
  });
});
