/**
 * The tables of one gate's ledger environment, and the bytes in them.
 *
 *     entries   seq → leaf text (UTF-8)                        appended, never changed
 *     batches   last seq of a commit → root after it, instant  appended, never changed
 *     state     'tree' → right edge; 'watermark' → instant; 'gate' → id; 'format' → number
 *
 * `state` is where the writer stands, not history: all of it follows from the other two.
 */
import { type Environment, openEnvironment, type Table } from '#engine/store/index.ts';
import { HASH_BYTES } from './merkle.ts';

export const LEDGER_FORMAT = 1;
export const FIRST_SEQ = 1;

export interface LedgerTables {
  readonly environment: Environment;
  readonly entries: Table<number>;
  readonly batches: Table<number>;
  readonly state: Table<string>;
}

/** What was committed together: the root after `lastSeq` and when the commit began. */
export interface BatchRecord {
  readonly root: Buffer;
  readonly committedAtUs: number;
}

export function openLedgerTables(options: {
  path: string;
  readOnly?: boolean;
  unsafeNoSync?: boolean;
}): LedgerTables {
  const environment = openEnvironment(options);
  return {
    environment,
    entries: environment.table<number>('entries', 'uint32'),
    batches: environment.table<number>('batches', 'uint32'),
    state: environment.table<string>('state', 'text'),
  };
}

export function encodeBatch(batch: BatchRecord): Buffer {
  const bytes = Buffer.alloc(HASH_BYTES + 8);
  batch.root.copy(bytes);
  bytes.writeDoubleBE(batch.committedAtUs, HASH_BYTES);
  return bytes;
}

export function decodeBatch(bytes: Buffer): BatchRecord {
  return { root: bytes.subarray(0, HASH_BYTES), committedAtUs: bytes.readDoubleBE(HASH_BYTES) };
}

export function encodeInstant(us: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(us);
  return bytes;
}

/** Microseconds since the epoch; 0 when nothing is stored. */
export function decodeInstant(bytes: Buffer | undefined): number {
  return bytes === undefined ? 0 : bytes.readDoubleBE(0);
}
