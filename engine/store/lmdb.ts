/**
 * LMDB as this project uses it. `overlappingSync` is off, so that data is visible, durable and
 * promised at the same moment: a transaction's promise resolves after the data pages *and* the meta
 * page are synced, and what was refused is never seen by a reader.
 *
 * What it does not do: retry. After a failed commit the caller decides (stop admitting, or end).
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Database, open } from 'lmdb';
import { assert } from '#engine/foundation/assert.ts';
import { checkStoreFile, isBegun, StoreDamaged } from './store-file.ts';

export type Key = number | string;

/** A table of bytes inside an environment. Values read are copies and stay valid. */
export interface Table<K extends Key> {
  get(key: K): Buffer | undefined;
  /** Inside a transaction only. */
  put(key: K, value: Uint8Array): void;
  /** Inside a transaction only. The key must be above all others: throws AppendRefused. */
  append(key: K, value: Uint8Array): void;
  /** Inside a transaction only. */
  remove(key: K): void;
  /** In key order, `start` inclusive, `end` exclusive. */
  range(options?: RangeOptions<K>): Iterable<{ key: K; value: Buffer }>;
  keys(options?: RangeOptions<K>): Iterable<K>;
  last(): K | undefined;
  count(): number;
}

export interface RangeOptions<K extends Key> {
  readonly start?: K;
  readonly end?: K;
  readonly limit?: number;
  readonly reverse?: boolean;
}

export interface Environment {
  table<K extends Key>(name: string, keys: K extends number ? 'uint32' : 'text'): Table<K>;
  /**
   * Runs `work` in one write transaction. MUST NOT resolve before it survives power loss. Rejects,
   * with nothing written, when `work` throws or the commit fails.
   */
  transaction(work: () => void): Promise<void>;
  /** The same, and waits for the disk on this thread: for a thread that does nothing else. */
  transactionSync(work: () => void): void;
  /** Lets the next read see what other processes have committed. About 5 µs. */
  refresh(): void;
  close(): Promise<void>;
}

/** How an environment is opened: `openEnvironment`, or what a simulation puts in its place. */
export type OpenEnvironment = (options: { path: string; readOnly?: boolean }) => Environment;

/** A key was not above the last one: the order of the store would have been broken. */
export class AppendRefused extends Error {
  override name = 'AppendRefused';
}

/**
 * Opens (and unless `readOnly` creates) the environment in the folder `path`. `unsafeNoSync` turns
 * the safeguard off for the one test that proves it matters. Throws StoreDamaged for a file that is
 * none of LMDB's.
 */
export function openEnvironment(options: {
  path: string;
  readOnly?: boolean;
  unsafeNoSync?: boolean;
}): Environment {
  const { path, readOnly = false, unsafeNoSync = false } = options;
  if (!readOnly) mkdirSync(path, { recursive: true, mode: 0o700 });
  const file = join(path, 'data.mdb');
  checkStoreFile(file);
  if (readOnly && !isBegun(file)) throw new StoreDamaged(`${file} is empty`);
  const root = open<Buffer, Key>({
    path,
    readOnly,
    maxDbs: 16,
    encoding: 'binary',
    overlappingSync: false,
    eventTurnBatching: false, // its batches hold a promise whose rejection nobody can catch
    noSync: unsafeNoSync,
  });
  /**
   * Tables that a reader's writer has not made yet: empty until it has. They are looked for at a
   * refresh only, since looking in vain ends whatever is being read meanwhile.
   */
  const missing = new Set<() => void>();
  return {
    table: (name, keys) => {
      const settings = { encoding: 'binary', ...(keys === 'uint32' && { keyEncoding: keys }) };
      let table: Database<Buffer, never> | undefined;
      const look = () => {
        table = root.openDB<Buffer, never>({ name, ...settings } as never);
        if (table !== undefined) missing.delete(look);
      };
      missing.add(look);
      look();
      return tableOver(() => table);
    },
    transaction: async (work) => {
      try {
        await root.childTransaction(work); // a plain one would keep the writes made before a throw
      } catch (error) {
        throw await settled(error);
      }
    },
    transactionSync: (work) => {
      root.transactionSync(work);
    },
    refresh: () => {
      root.resetReadTxn();
      for (const look of [...missing]) look();
      if (missing.size > 0) root.resetReadTxn();
    },
    close: () => root.close(),
  };
}

/** Writes what the environment in `path` holds at one moment to the folder `to`; writers go on. */
export async function copyEnvironment(options: { path: string; to: string }): Promise<void> {
  const root = open({ path: options.path, readOnly: true });
  try {
    await root.backup(options.to, false);
  } finally {
    await root.close();
  }
}

/**
 * A failed commit carries a second promise; left alone its rejection would end the process. What it
 * says is the cause, and its `code` is the system's or LMDB's number.
 */
async function settled(error: unknown): Promise<unknown> {
  const { commitError } = error as { commitError?: unknown };
  if (!(commitError instanceof Promise)) return error;
  const cause: unknown = await commitError.catch((inner: unknown) => inner);
  return Object.assign(new Error('the commit failed', { cause }), {
    code: (cause as { code?: unknown } | undefined)?.code,
  });
}

function tableOver<K extends Key>(opened: () => Database<Buffer, K> | undefined) {
  const written = () => {
    const table = opened();
    assert(table !== undefined, 'only a writer writes, and it makes its tables');
    return table;
  };
  const bounds = (options?: RangeOptions<K>) => ({ ...options, snapshot: true });
  const result: Table<K> = {
    get: (key) => opened()?.getBinary(key),
    put: (key, value) => {
      written().putSync(key, Buffer.from(value.buffer, value.byteOffset, value.byteLength));
    },
    append: (key, value) => {
      const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
      const done: unknown = written().putSync(key, bytes, { append: true } as never);
      if (done !== true) throw new AppendRefused(`key ${key} does not follow the last one`);
    },
    remove: (key) => {
      written().removeSync(key);
    },
    range: (options) => opened()?.getRange(bounds(options)) ?? [],
    keys: (options) => opened()?.getKeys(bounds(options)) ?? [],
    last: () => {
      for (const key of result.keys({ reverse: true, limit: 1 })) return key;
      return undefined;
    },
    count: () => opened()?.getCount() ?? 0,
  };
  return result;
}
