/**
 * Reading a ledger in place, from any process, beside its writer: no copy, no message bus. A commit
 * is seen by the next `refresh`. A reader never sees what is not yet on disk.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Table } from '#engine/store/index.ts';
import { entryFromLeaf, type LedgerEntry } from '#protocol/entry.ts';
import { framedLeaves } from './page.ts';
import {
  type BatchRecord,
  decodeBatch,
  decodeInstant,
  FIRST_SEQ,
  openLedgerTables,
} from './tables.ts';

/**
 * A stored leaf: the bytes as they lie on disk, checked by nobody yet. `seq` is the number that its
 * place in its page gives it.
 */
export interface StoredLeaf {
  readonly seq: number;
  readonly leaf: Buffer;
}

export interface LedgerReader {
  readonly gate: string;
  /** Lets the next read see what the writer has committed since. */
  refresh(): void;
  /** 0 while there is none. */
  lastSeq(): number;
  /** No entry that is still to come has a stamp at or below this (µs). */
  watermarkUs(): number;
  /** At most `limit` entries from `fromSeq` on. Throws a SyntaxError for a damaged one. */
  entries(fromSeq: number, limit: number): LedgerEntry[];
  /** All stored bytes in order, for those who trust nobody. */
  leaves(): Iterable<StoredLeaf>;
  /** Last seq of each commit with its record, in order. */
  batches(): Iterable<{ lastSeq: number; batch: BatchRecord }>;
  /** Where the writer stands, as `encodeTree` wrote it; undefined before the first commit. */
  treeBytes(): Buffer | undefined;
  close(): Promise<void>;
}

/** The leaves of all pages that end at `fromSeq` or later, without those before it. */
export function* leavesFrom(pages: Table<number>, fromSeq: number): Generator<StoredLeaf> {
  for (const { key: lastSeq, value: page } of pages.range({ start: fromSeq })) {
    const framed = framedLeaves(page);
    const firstSeq = lastSeq - framed.length + 1;
    for (let at = Math.max(0, fromSeq - firstSeq); at < framed.length; at += 1) {
      yield { seq: firstSeq + at, leaf: unframed(framed[at] as Buffer) };
    }
  }
}

/** The 0 before a leaf is a stored byte too: where it is not one, the leaf is damaged. */
function unframed(framed: Buffer): Buffer {
  return framed[0] === 0 ? framed.subarray(1) : framed;
}

/** True when there is a ledger in `path`. */
export function ledgerExists(path: string): boolean {
  return existsSync(join(path, 'data.mdb'));
}

/** Opens an existing ledger read-only. */
export function openLedgerReader(options: { path: string; gate: string }): LedgerReader {
  const { environment, entries, batches, state } = openLedgerTables({
    path: options.path,
    readOnly: true,
  });
  return {
    gate: options.gate,
    refresh: () => environment.refresh(),
    lastSeq: () => entries.last() ?? 0,
    watermarkUs: () => decodeInstant(state.get('watermark')),
    entries: (fromSeq, limit) => {
      const found: LedgerEntry[] = [];
      for (const { leaf } of leavesFrom(entries, fromSeq)) {
        if (found.length === limit) break;
        found.push(entryFromLeaf(leaf.toString('utf8')));
      }
      return found;
    },
    leaves: () => leavesFrom(entries, FIRST_SEQ),
    batches: function* () {
      for (const { key, value } of batches.range()) {
        yield { lastSeq: key, batch: decodeBatch(value) };
      }
    },
    treeBytes: () => state.get('tree'),
    close: () => environment.close(),
  };
}
