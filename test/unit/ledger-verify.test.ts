/** The check that trusts nobody finds each kind of damage, in stores damaged on purpose. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256 } from '#engine/foundation/digest.ts';
import {
  leafHash,
  openLedgerReader,
  openLedgerWriter,
  verifyLedger,
} from '#engine/ledger/index.ts';
import { EMPTY_TREE, extendTree, rootOf } from '#engine/ledger/merkle.ts';
import { writePages } from '#engine/ledger/page.ts';
import { sealPage } from '#engine/ledger/seal.ts';
import { type LedgerTables, openLedgerTables } from '#engine/ledger/tables.ts';
import { type LedgerEntry, leafText } from '#protocol/entry.ts';
import { JsonBytes } from '#protocol/json-bytes.ts';
import { CLOSING_US, clickDay } from '#test/support/gate-papers.ts';
import { applicationId, entryOf, OPENING_US } from '#test/support/register-entries.ts';

let path: string;
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'clickday-ledger-'));
});
afterEach(() => rmSync(path, { recursive: true }));

/** A ledger of six entries in three commits, changed as asked before it is written. */
async function write(change: (entry: LedgerEntry) => Partial<LedgerEntry> = () => ({})) {
  const writer = openLedgerWriter({ path, gate: 'g1' });
  for (const first of [1, 3, 5]) {
    const batch = [entryOf('g1', first), entryOf('g1', first + 1)];
    await writer.append(
      batch.map((entry) => ({ ...entry, uncertaintyUs: 0, ...change(entry) })),
      1,
    );
  }
  await writer.close();
}

/** Lays hands on the bytes. */
async function damage(work: (tables: LedgerTables) => void) {
  const tables = openLedgerTables({ path });
  await tables.environment.transaction(() => work(tables));
  await tables.environment.close();
}

async function found(
  days = [clickDay()],
  signed: Parameters<typeof verifyLedger>[0]['signed'] = [],
): Promise<string[]> {
  const reader = openLedgerReader({ path, gate: 'g1' });
  const { violations } = verifyLedger({ reader, clickDays: days, signed });
  await reader.close();
  return violations.map(({ code, seq }) => `${code} ${seq}`);
}

const only = (seq: number, change: Partial<LedgerEntry>) => (entry: LedgerEntry) =>
  entry.seq === seq ? change : {};
/** A page as the writer writes it; the ledger of these tests has pages that end at 2, 4 and 6. */
const pageOf = (...entries: LedgerEntry[]) => {
  const [page] = writePages(new JsonBytes(), entries);
  return Buffer.from(page!.bytes);
};
/** Puts a page in the place of another with a seal of its own, as a wrong writer would. */
const putSealed = ({ entries }: LedgerTables, lastSeq: number, bytes: Buffer) => {
  const before = entries.get(lastSeq - 2);
  const chain = before === undefined ? sha256() : before.subarray(0, 32);
  entries.put(lastSeq, sealPage({ lastSeq, bytes }, chain.toString('latin1')).bytes);
};
/** The bytes of a page in the store. */
async function stored(lastSeq: number): Promise<Buffer> {
  let bytes = Buffer.alloc(0);
  await damage(({ entries }) => {
    bytes = Buffer.from(entries.get(lastSeq)!);
  });
  return bytes;
}

describe('a ledger that is whole', () => {
  it('has no violation, and says its size and root', async () => {
    await write();
    const reader = openLedgerReader({ path, gate: 'g1' });
    expect(verifyLedger({ reader, clickDays: [clickDay()] })).toEqual({
      ...{ gate: 'g1', entries: 6, batches: 3, violations: [] },
      root: expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/),
    });
    await reader.close();
  });

  it('may be empty', async () => {
    await openLedgerWriter({ path, gate: 'g1' }).close();
    expect(await found()).toEqual([]);
  });
});

describe('what a writer should not have written', () => {
  it('an entry before the opening was certain', async () => {
    await write(only(1, { stampUs: OPENING_US + 1, uncertaintyUs: 2 }));
    expect(await found()).toEqual(['STAMP_EARLY 1']);
  });

  it('an entry at the close', async () => {
    await write(only(6, { stampUs: CLOSING_US }));
    expect(await found()).toEqual(['STAMP_LATE 6']);
  });

  it('but not the first and the last instant that are in time', async () => {
    await write(({ seq }) => ({
      uncertaintyUs: 10,
      ...(seq === 1 && { stampUs: OPENING_US + 10 }),
      ...(seq > 1 && { stampUs: CLOSING_US - 7 + seq }),
    }));
    expect(await found()).toEqual([]);
  });

  it('an application twice', async () => {
    await write(only(5, { application: applicationId(2) }));
    expect(await found()).toEqual(['APPLICATION_TWICE 5']);
  });

  it('a click day that is not in the calendar', async () => {
    await write(only(4, { clickDay: 'never' }));
    expect(await found()).toEqual(['CLICK_DAY_UNKNOWN 4']);
  });
});

describe('what happened to the bytes', () => {
  const entry = (seq: number, change: Partial<LedgerEntry> = {}) =>
    entryOf('g1', seq, { uncertaintyUs: 0, ...change });

  it('a page is gone', async () => {
    await write();
    await damage(({ entries }) => entries.remove(4));
    expect(await found()).toContain('SEQ_GAP 5');
  });

  it('the first page is gone', async () => {
    await write();
    await damage(({ entries }) => entries.remove(2));
    expect(await found()).toContain('SEQ_GAP 3');
  });

  it('an entry is gone from its page', async () => {
    await write();
    await damage((tables) => putSealed(tables, 4, pageOf(entry(4))));
    expect(await found()).toContain('SEQ_GAP 4');
  });

  it('a stamp no longer rises', async () => {
    await write();
    await damage((tables) => {
      putSealed(tables, 4, pageOf(entry(3), entry(4, { stampUs: OPENING_US + 3 })));
    });
    const codes = await found();
    expect(codes).toContain('STAMP_NOT_RISING 4');
    expect(codes).toContain('ROOT_WRONG 4');
  });

  it('one bit of any byte of a page', async () => {
    await write();
    const page = await stored(2);
    for (let at = 0; at < page.length; at += at < 2 || at > page.length - 3 ? 1 : 13) {
      const bytes = Buffer.from(page);
      bytes[at] = bytes[at]! ^ 1;
      await damage(({ entries }) => entries.put(2, bytes));
      expect(await found(), `byte ${at}`).toContain('PAGE_DAMAGED 2');
    }
    await damage(({ entries }) => entries.put(2, page));
    expect(await found()).toEqual([]);
  });

  it('a page that opens but does not follow the one before it', async () => {
    await write();
    await damage((tables) => putSealed(tables, 2, pageOf(entry(1), entry(2))));
    expect(await found(), 'the same bytes again').toEqual([]);
    await damage((tables) => putSealed(tables, 2, pageOf(entry(1), entry(2, { office: 'XX' }))));
    expect(await found()).toEqual([
      ...['ROOT_WRONG 2', 'CHAIN_BROKEN 4', 'ROOT_WRONG 4', 'ROOT_WRONG 6', 'TREE_DIFFERS 6'],
    ]);
  });

  it('a page under another number', async () => {
    await write();
    await damage(({ entries }) => entries.put(6, entries.get(4)!));
    expect(await found()).toContain('PAGE_DAMAGED 6');
  });

  it('the chain that the writer would go on with', async () => {
    await write();
    await damage(({ state }) => state.put('chain', sha256(Buffer.from('another'))));
    expect(await found()).toEqual(['CHAIN_DIFFERS 6']);
    expect(() => openLedgerWriter({ path, gate: 'g1' })).toThrow('run verify');
  });

  it('a byte that parts two leaves', async () => {
    await write();
    const page = pageOf(entry(1), entry(2));
    page[page.indexOf(0, 1)] = 1;
    await damage((tables) => putSealed(tables, 2, page));
    expect(await found()).toContain('LEAF_DAMAGED 2');
  });

  it('a leaf that says the same in other bytes', async () => {
    await write();
    const text = pageOf(entry(1), entry(2)).toString().replaceAll(',"seq"', ', "seq"');
    await damage((tables) => putSealed(tables, 2, Buffer.from(text)));
    expect(await found()).toContain('LEAF_DAMAGED 2');
  });

  it('two entries changed places', async () => {
    await write();
    await damage((tables) => putSealed(tables, 4, pageOf(entry(4), entry(3))));
    const codes = await found();
    expect(codes).toContain('LEAF_MISPLACED 3');
    expect(codes).toContain('LEAF_MISPLACED 4');
  });

  it('an entry of another gate', async () => {
    await write();
    await damage((tables) => putSealed(tables, 6, pageOf(entry(5), entry(6, { gate: 'g2' }))));
    expect(await found()).toContain('LEAF_MISPLACED 6');
  });

  it('a root was changed with its entry left alone', async () => {
    await write();
    await damage(({ batches }) => {
      const bytes = batches.get(4)!;
      bytes[0] = bytes[0]! ^ 1;
      batches.put(4, bytes);
    });
    expect(await found()).toEqual(['ROOT_WRONG 4']);
  });

  it('the last entries are lost, with their commit on record', async () => {
    await write();
    await damage(({ entries }) => entries.remove(6));
    expect(await found()).toEqual(['ENTRY_MISSING 6', 'TREE_DIFFERS 4', 'CHAIN_DIFFERS 4']);
  });

  it('the last commit is lost without a trace but the writer’s tree', async () => {
    await write();
    await damage(({ entries, batches }) => {
      entries.remove(6);
      batches.remove(6);
    });
    expect(await found()).toEqual(['TREE_DIFFERS 4', 'CHAIN_DIFFERS 4']);
  });

  it('entries were added that no commit vouches for', async () => {
    await write();
    await damage((tables) => {
      const chain = tables.entries.get(6)!.toString('latin1', 0, 32);
      const { bytes } = sealPage({ lastSeq: 7, bytes: pageOf(entry(7)) }, chain);
      tables.entries.append(7, bytes);
    });
    expect(await found()).toEqual(['COMMIT_MISSING 7', 'TREE_DIFFERS 7', 'CHAIN_DIFFERS 7']);
  });

  it('and a writer refuses to go on where entries and tree differ', async () => {
    await write();
    await damage(({ entries }) => entries.remove(6));
    expect(() => openLedgerWriter({ path, gate: 'g1' })).toThrow('run verify');
  });
});

describe('the last signed checkpoint', () => {
  const rootAt = async (size: number) => {
    const leaves = Array.from({ length: size }, (_, at) =>
      leafHash(leafText({ ...entryOf('g1', at + 1), uncertaintyUs: 0 })).toString('latin1'),
    );
    return rootOf(extendTree(EMPTY_TREE, leaves));
  };

  it('is borne out by the entries, also in the middle of a commit', async () => {
    await write();
    for (const size of [0, 3, 6]) {
      expect(await found([clickDay()], [{ size, root: await rootAt(size) }])).toEqual([]);
    }
  });

  it('is not, with another root or more entries than there are', async () => {
    await write();
    const root = await rootAt(3);
    expect(await found([clickDay()], [{ size: 4, root }])).toEqual(['CHECKPOINT_DIFFERS 4']);
    expect(await found([clickDay()], [{ size: 7, root }])).toEqual(['CHECKPOINT_AHEAD 6']);
  });
});
