/**
 * Reading a ledger in place, from any process, beside its writer: no copy, no message bus. A commit
 * is seen by the next `refresh`. A reader never sees what is not yet on disk, and never
 * serves a page that is not as it was written (seal.ts).
 */
import { join } from 'node:path';
import { isBegun, type RangeOptions } from '#engine/store/index.ts';
import type { LedgerEntry } from '#protocol/entry.ts';
import { type Damage, LedgerDamaged } from './damage.ts';
import { decodeTree, type Hash, hashOf, rootOf } from './merkle.ts';
import {
  damageOf,
  entryOf,
  leavesOf,
  missingPage,
  type StoredLeaf,
  type StoredPage,
  soundPage,
  storedPages,
} from './stored-pages.ts';
import {
  type BatchRecord,
  decodeBatch,
  decodeInstant,
  FIRST_SEQ,
  type LedgerPlace,
  type LedgerTables,
  openLedgerTables,
} from './tables.ts';

/** A commit by the number of its last entry. */
export interface CommitRecord {
  readonly lastSeq: number;
  readonly batch: BatchRecord;
}

export interface LedgerReader {
  readonly gate: string;
  /** Lets the next read see what the writer has committed since. */
  refresh(): void;
  /** 0 while there is none. */
  lastSeq(): number;
  /** No entry that is still to come has a stamp at or below this (µs). */
  watermarkUs(): number;
  /**
   * At most `limit` entries from `fromSeq` on, without a gap; fewer when a damaged page follows.
   * Throws LedgerDamaged when the first of them cannot be served.
   */
  entries(fromSeq: number, limit: number): LedgerEntry[];
  /** All leaves in order. A damaged page is told to `onDamage` and left out, or else thrown. */
  leaves(onDamage?: (damage: Damage) => void): Iterable<StoredLeaf>;
  /**
   * Leaf hashes of `count` entries from `fromSeq` on, made while they are taken, a page at a time.
   * Throws LedgerDamaged. Under 1 µs each.
   */
  leafHashes(fromSeq: number, count: number): Iterable<Hash>;
  /** The leaves of `count` entries from `fromSeq` on. Throws LedgerDamaged. */
  leafBytes(fromSeq: number, count: number): Buffer[];
  /** The Merkle root that the writer noted; undefined before the first commit. */
  root(): Buffer | undefined;
  /** All pages as they lie on disk, damaged ones too: for those who trust nobody. */
  pages(): Iterable<StoredPage>;
  /** Commits in order, from the one that `fromSeq` is in. */
  batches(fromSeq?: number): Iterable<CommitRecord>;
  /** The last commit that ends at `seq` or before; undefined when none does. */
  batchUpTo(seq: number): CommitRecord | undefined;
  /** Where the writer stands, as `encodeTree` wrote it; undefined before the first commit. */
  treeBytes(): Buffer | undefined;
  /** Check of the last page as the writer noted it; undefined before the first sealed one. */
  chain(): Hash | undefined;
  close(): Promise<void>;
}

/** True when there is a ledger in `path`; a file that its writer has not begun is none. */
export function ledgerExists(path: string): boolean {
  return isBegun(join(path, 'data.mdb'));
}

/** Opens an existing ledger read-only. */
export function openLedgerReader(options: LedgerPlace & { gate: string }): LedgerReader {
  const tables = openLedgerTables({ ...options, readOnly: true });
  const { environment, entries, batches, state } = tables;
  const { gate } = options;
  return {
    gate,
    refresh: () => environment.refresh(),
    lastSeq: () => entries.last() ?? 0,
    watermarkUs: () => decodeInstant(state.get('watermark')),
    entries: (fromSeq, limit) => entriesFrom(tables, gate, { fromSeq, limit }),
    leafHashes: function* (fromSeq, count) {
      for (const framed of framedFrom(tables, gate, { fromSeq, count })) yield hashOf(framed);
    },
    leafBytes: (fromSeq, count) =>
      Array.from(framedFrom(tables, gate, { fromSeq, count }), (framed) => framed.subarray(1)),
    root: () => {
      const tree = state.get('tree');
      return tree && rootOf(decodeTree(tree));
    },
    leaves: (onDamage) => leavesOfAll(tables, gate, onDamage),
    pages: () => storedPages(tables),
    batches: (fromSeq = FIRST_SEQ) => commitsIn(batches, { start: fromSeq }),
    batchUpTo: (seq) => {
      for (const commit of commitsIn(batches, { start: seq, reverse: true, limit: 1 })) {
        return commit;
      }
      return undefined;
    },
    treeBytes: () => state.get('tree'),
    chain: () => state.get('chain')?.toString('latin1'),
    close: () => environment.close(),
  };
}

function* commitsIn(
  batches: LedgerTables['batches'],
  range: RangeOptions<number>,
): Generator<CommitRecord> {
  for (const { key, value } of batches.range(range)) {
    yield { lastSeq: key, batch: decodeBatch(value) };
  }
}

function entriesFrom(
  tables: LedgerTables,
  gate: string,
  { fromSeq, limit }: { fromSeq: number; limit: number },
): LedgerEntry[] {
  const found: LedgerEntry[] = [];
  try {
    for (const page of soundPages(tables, gate, fromSeq)) {
      for (const stored of leavesOf(page, fromSeq)) {
        if (found.length === limit) return found;
        found.push(entryOf(tables, gate, page, stored));
      }
    }
  } catch (error) {
    if (found.length === 0 || !(error instanceof LedgerDamaged)) throw error;
  }
  return found;
}

/** Each leaf with its 0 before it; fewer than `count` where the ledger ends. */
function* framedFrom(
  tables: LedgerTables,
  gate: string,
  { fromSeq, count }: { fromSeq: number; count: number },
): Generator<Buffer> {
  const pastSeq = fromSeq + count;
  if (count <= 0) return;
  for (const { firstSeq, lastSeq, leaves } of soundPages(tables, gate, fromSeq)) {
    const [start, end] = [Math.max(fromSeq, firstSeq), Math.min(pastSeq, lastSeq + 1)];
    for (let seq = start; seq < end; seq += 1) yield leaves[seq - firstSeq] as Buffer;
    if (end === pastSeq) return;
  }
}

/** The pages from the one with `fromSeq` on. Throws LedgerDamaged at the first that is damaged. */
function* soundPages(tables: LedgerTables, gate: string, fromSeq: number): Generator<StoredPage> {
  let nextSeq = fromSeq;
  for (const page of storedPages(tables, fromSeq)) {
    soundPage(tables, gate, page);
    if (page.firstSeq > nextSeq) throw new LedgerDamaged(missingPage(gate, nextSeq, page.firstSeq));
    nextSeq = page.lastSeq + 1;
    yield page;
  }
}

function* leavesOfAll(
  tables: LedgerTables,
  gate: string,
  onDamage?: (damage: Damage) => void,
): Generator<StoredLeaf> {
  for (const page of storedPages(tables)) {
    if (page.damage === undefined || onDamage === undefined) {
      yield* leavesOf(soundPage(tables, gate, page));
    } else onDamage(damageOf(tables, { gate, page: page.lastSeq, reason: page.damage }));
  }
}
