/**
 * Reading a ledger in place, from any process, beside its writer: no copy, no message bus. A commit
 * is seen by the next `refresh`. A reader never sees what is not yet on disk.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { entryFromLeaf, type LedgerEntry } from '#protocol/entry.ts';
import { type BatchRecord, decodeBatch, decodeInstant, openLedgerTables } from './tables.ts';

/** A stored leaf with its number: the bytes as they lie on disk, checked by nobody yet. */
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
    entries: (fromSeq, limit) =>
      Array.from(entries.range({ start: fromSeq, limit }), ({ value }) =>
        entryFromLeaf(value.toString('utf8')),
      ),
    leaves: function* () {
      for (const { key, value } of entries.range()) yield { seq: key, leaf: value };
    },
    batches: function* () {
      for (const { key, value } of batches.range()) {
        yield { lastSeq: key, batch: decodeBatch(value) };
      }
    },
    treeBytes: () => state.get('tree'),
    close: () => environment.close(),
  };
}
