/**
 * The tables of one gate's ledger environment, and the bytes in them.
 *
 *     entries   last seq of a page → seal, leaves (seal.ts, page.ts)   appended, never changed
 *     batches   last seq of a commit → root after it, instant          appended, never changed
 *     state     'tree' → right edge; 'chain' → check of the last page; 'sealed' → first seq in
 *               sealed pages; 'watermark' → instant; 'gate' → id; 'format' → number
 *
 * `state` is where the writer stands, not history: all of it follows from the other two. A ledger
 * of format 2 is opened as it is: its pages stay without seals, and those that follow have them.
 */
import {
  type Environment,
  type OpenEnvironment,
  openEnvironment,
  type Table,
} from '#engine/store/index.ts';
import { HASH_BYTES } from './merkle.ts';

/** 1 had one value an entry; 2 had pages; 3 has pages behind seals. */
export const LEDGER_FORMAT = 3;
const LEDGER_FORMATS_READ: readonly number[] = [2, 3];
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

/** Where a ledger lies; `open` is the simulation's way to bring its own disk. */
export interface LedgerPlace {
  readonly path: string;
  readonly readOnly?: boolean;
  readonly unsafeNoSync?: boolean;
  readonly open?: OpenEnvironment;
}

export function openLedgerTables(options: LedgerPlace): LedgerTables {
  const { open = openEnvironment, ...settings } = options;
  const environment = open(settings);
  const state = environment.table<string>('state', 'text');
  try {
    checkFormat(state, options.path);
  } catch (error) {
    void environment.close();
    throw error;
  }
  return {
    environment,
    entries: environment.table<number>('entries', 'uint32'),
    batches: environment.table<number>('batches', 'uint32'),
    state,
  };
}

/** This program cannot read the ledger; nothing of it was touched. */
export class LedgerFormatUnknown extends Error {
  override name = 'LedgerFormatUnknown';
}

function checkFormat(state: Table<string>, path: string): void {
  const format = Number(state.get('format')?.toString() ?? LEDGER_FORMAT);
  if (LEDGER_FORMATS_READ.includes(format)) return;
  const whose = format < LEDGER_FORMAT ? 'an older' : 'a newer';
  throw new LedgerFormatUnknown(
    `the ledger in ${path} has format ${format} of ${whose} Clickday; this one reads ` +
      `${LEDGER_FORMATS_READ.join(' and ')}. Open it with the version that wrote it.`,
  );
}

/** Pages that end before this have no seal. Fails closed: what is not on record has one. */
export function firstSealedSeq({ state }: Pick<LedgerTables, 'state'>): number {
  const stored = state.get('sealed');
  if (stored !== undefined) return decodeInstant(stored);
  return state.get('format')?.toString() === '2' ? Number.POSITIVE_INFINITY : FIRST_SEQ;
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
