/**
 * The one writer of a gate's ledger.
 *
 * `append` MUST NOT resolve before its entries survive power loss. It never updates and never
 * deletes. The index application → seq lives in memory and is rebuilt from the entries at start:
 * an index on disk would turn each append into a random write (docs/decisions/0002).
 *
 * After a failed append the writer is as before it: the same numbers are given again, and nothing
 * of the failed batch is on disk. Whether to go on is the caller's decision.
 */
import { assert } from '#engine/foundation/assert.ts';
import { entryFromLeaf, type LedgerEntry, leafText } from '#protocol/entry.ts';
import { decodeTree, EMPTY_TREE, encodeTree, extendTree, leafHash, rootOf } from './merkle.ts';
import {
  decodeInstant,
  encodeBatch,
  encodeInstant,
  FIRST_SEQ,
  LEDGER_FORMAT,
  type LedgerTables,
  openLedgerTables,
} from './tables.ts';

export interface LedgerWriter {
  readonly gate: string;
  /** The number the next entry gets. */
  nextSeq(): number;
  /** No later entry may have a stamp at or below this. */
  lastStampUs(): number;
  /** The entry of an application that is on disk, if there is one. */
  find(application: string): LedgerEntry | undefined;
  /** One commit. `entries` continue `nextSeq` and rise in stamp (asserted). One at a time. */
  append(entries: readonly LedgerEntry[], committedAtUs: number): Promise<void>;
  /** Promises readers that no later entry has a stamp at or below `us`. */
  watermark(us: number): Promise<void>;
  close(): Promise<void>;
}

interface Index {
  readonly seqs: Map<string, number>;
  lastSeq: number;
  lastStampUs: number;
}

/** In the leaf's text the application stands first; read without parsing, at start only. */
const APPLICATION_AT = '{"application":"'.length;

/** Opens (or creates) the ledger of `gate` in `path`. The caller holds the store's lock. */
export function openLedgerWriter(options: {
  path: string;
  gate: string;
  unsafeNoSync?: boolean;
}): LedgerWriter {
  const tables = openLedgerTables(options);
  const index = loadIndex(tables);
  checkIdentity(tables, options.gate);
  const stored = tables.state.get('tree');
  let tree = stored === undefined ? EMPTY_TREE : decodeTree(stored);
  assert(tree.size === index.lastSeq, 'the ledger and its tree differ in size: run verify');

  const append = async (entries: readonly LedgerEntry[], committedAtUs: number) => {
    checkContinues(index, entries);
    const leaves = entries.map((entry) => Buffer.from(leafText(entry)));
    const grown = extendTree(tree, leaves.map(leafHash));
    const last = entries.at(-1);
    assert(last !== undefined, 'an empty batch is not written');
    await tables.environment.transaction(() => {
      entries.forEach((entry, at) => {
        tables.entries.append(entry.seq, leaves[at] as Buffer);
      });
      const batch = encodeBatch({ root: rootOf(grown), committedAtUs });
      tables.batches.append(last.seq, batch);
      writeState(tables, { tree: encodeTree(grown), gate: options.gate, stampUs: last.stampUs });
    });
    tree = grown;
    for (const entry of entries) index.seqs.set(entry.application, entry.seq);
    index.lastSeq = last.seq;
    index.lastStampUs = last.stampUs;
  };

  return {
    gate: options.gate,
    nextSeq: () => index.lastSeq + 1,
    lastStampUs: () => index.lastStampUs,
    find: (application) => {
      const seq = index.seqs.get(application);
      return seq === undefined ? undefined : readEntry(tables, seq);
    },
    append,
    watermark: async (us) => {
      if (us <= index.lastStampUs) return;
      index.lastStampUs = us;
      await tables.environment.transaction(() => {
        tables.state.put('watermark', encodeInstant(us));
      });
    },
    close: () => tables.environment.close(),
  };
}

function writeState(
  tables: LedgerTables,
  state: { tree: Buffer; gate: string; stampUs: number },
): void {
  tables.state.put('tree', state.tree);
  tables.state.put('watermark', encodeInstant(state.stampUs));
  tables.state.put('gate', Buffer.from(state.gate));
  tables.state.put('format', Buffer.from(String(LEDGER_FORMAT)));
}

function readEntry(tables: LedgerTables, seq: number): LedgerEntry {
  const leaf = tables.entries.get(seq);
  assert(leaf !== undefined, `entry ${seq} is in the index but not in the ledger`);
  return entryFromLeaf(leaf.toString('utf8'));
}

function loadIndex(tables: LedgerTables): Index {
  const seqs = new Map<string, number>();
  let lastSeq = FIRST_SEQ - 1;
  for (const { key, value } of tables.entries.range()) {
    seqs.set(applicationOf(value), key);
    lastSeq = key;
  }
  const stampUs = lastSeq < FIRST_SEQ ? 0 : readEntry(tables, lastSeq).stampUs;
  const watermarkUs = decodeInstant(tables.state.get('watermark'));
  return { seqs, lastSeq, lastStampUs: Math.max(stampUs, watermarkUs) };
}

/** A backslash is an escape of JSON, which needs a parser. */
function applicationOf(leaf: Buffer): string {
  const text = leaf.toString('utf8', APPLICATION_AT, leaf.indexOf('"', APPLICATION_AT));
  return text.includes('\\') ? entryFromLeaf(leaf.toString('utf8')).application : text;
}

function checkIdentity(tables: LedgerTables, gate: string): void {
  const owner = tables.state.get('gate')?.toString();
  assert(owner === undefined || owner === gate, `this ledger belongs to the gate ${owner}`);
  const format = Number(tables.state.get('format')?.toString() ?? LEDGER_FORMAT);
  assert(format <= LEDGER_FORMAT, `ledger format ${format} is newer than this program`);
}

function checkContinues(index: Index, entries: readonly LedgerEntry[]): void {
  let { lastSeq, lastStampUs } = index;
  for (const entry of entries) {
    assert(entry.seq === lastSeq + 1, 'numbers must be contiguous');
    assert(entry.stampUs > lastStampUs, 'stamps must rise');
    lastSeq = entry.seq;
    lastStampUs = entry.stampUs;
  }
}
