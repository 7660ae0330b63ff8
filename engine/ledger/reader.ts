/**
 * Reading a ledger in place, from any process, beside its writer: no copy, no message bus. A commit
 * is seen by the next `refresh`. A reader never sees what is not yet on disk, and never
 * serves a page that is not as it was written (seal.ts).
 */
import { join } from 'node:path';
import { isBegun } from '#engine/store/index.ts';
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
  type LedgerPlace,
  type LedgerTables,
  openLedgerTables,
} from './tables.ts';

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
  /** Leaf hashes of `count` entries from `fromSeq` on. Throws LedgerDamaged. 1 µs each. */
  leafHashes(fromSeq: number, count: number): Hash[];
  /** The leaves of `count` entries from `fromSeq` on. Throws LedgerDamaged. */
  leafBytes(fromSeq: number, count: number): Buffer[];
  /** The Merkle root that the writer noted; undefined before the first commit. */
  root(): Buffer | undefined;
  /** All pages as they lie on disk, damaged ones too: for those who trust nobody. */
  pages(): Iterable<StoredPage>;
  /** Last seq of each commit with its record, in order. */
  batches(): Iterable<{ lastSeq: number; batch: BatchRecord }>;
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
    leafHashes: (fromSeq, count) => framedFrom(tables, gate, { fromSeq, count }).map(hashOf),
    leafBytes: (fromSeq, count) =>
      framedFrom(tables, gate, { fromSeq, count }).map((framed) => framed.subarray(1)),
    root: () => {
      const tree = state.get('tree');
      return tree && rootOf(decodeTree(tree));
    },
    leaves: (onDamage) => leavesOfAll(tables, gate, onDamage),
    pages: () => storedPages(tables),
    batches: function* () {
      for (const { key, value } of batches.range()) {
        yield { lastSeq: key, batch: decodeBatch(value) };
      }
    },
    treeBytes: () => state.get('tree'),
    chain: () => state.get('chain')?.toString('latin1'),
    close: () => environment.close(),
  };
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
function framedFrom(
  tables: LedgerTables,
  gate: string,
  { fromSeq, count }: { fromSeq: number; count: number },
): Buffer[] {
  const found: Buffer[] = [];
  if (count <= 0) return found;
  for (const page of soundPages(tables, gate, fromSeq)) {
    const skipped = Math.max(0, fromSeq - page.firstSeq);
    found.push(...page.leaves.slice(skipped, skipped + count - found.length));
    if (found.length === count) break;
  }
  return found;
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
