/**
 * Whether the ledger may be written, and what a failed write means.
 *
 *     writable ──little room left, or a write found none──► full ──room again──► writable
 *         └──commit failed with room left (a failed sync)──► fatal: the process ends
 *
 * A full disk is foreseen: admission stops while there is still a reserve, so that no commit runs
 * into it, and goes on by itself when there is room. A failed sync is never retried: the kernel may
 * already count the lost pages as clean (Rebello et al., USENIX ATC 2020). Nobody is answered, the
 * process ends, its supervisor starts it, and the ledger is verified from disk.
 *
 * "Full" is what the file system says, or what only a write can find out: the map of LMDB (it grows
 * by itself until the address space ends) or a quota. These end before any sync. Then the next
 * commit after a moment's rest is the probe.
 *
 * Long before, an alarm: the room left is counted in entries, of the size that they have here.
 */
import { statfs } from 'node:fs/promises';
import type { Timers } from '#engine/clock/index.ts';
import type { Log } from '#engine/foundation/log.ts';

export interface Storage {
  isWritable(): boolean;
  /**
   * Told of a failed commit; nothing is writable until it is understood. 'full': the waiting may be
   * refused. 'fatal': nobody MUST be answered; `onFatal` has been called.
   */
  failed(error: unknown): Promise<'full' | 'fatal'>;
  readonly retryAfterMs: number;
  freeBytes(): number;
  /** Further entries that there is room for, the reserve left aside; an estimate. */
  roomEntries(): number;
  /** Fewer than somebody should know of. */
  isLow(): boolean;
  stop(): void;
}

/** Room kept for what is already queued, for pages LMDB copies, and for the log. */
const RESERVE_BYTES = 64 * 1024 * 1024;
const LOOK_EVERY_MS = 500;

/** Stated where nothing can be measured yet; measured: docs/operations.md, Disk. */
export const ENTRY_BYTES = 330;
export const ENTRY_BYTES_AFTERWARDS = 4600;
/** From so many entries on, what they take is measured. */
const MEASURED_FROM_ENTRIES = 1000;

/**
 * Bytes of the disk that one more entry takes: what the file of the ledger has come to for each of
 * its entries, and the same of the register's file if it lies beside it; never less than is stated.
 */
export function bytesAnEntry(files: {
  readonly entries: number;
  readonly ledgerBytes: number;
  /** Undefined: the register does not lie on this disk. */
  readonly registerBytes: number | undefined;
}): number {
  const { entries, ledgerBytes, registerBytes } = files;
  const each = (bytes: number) => (entries < MEASURED_FROM_ENTRIES ? 0 : bytes / entries);
  const ledger = Math.max(ENTRY_BYTES, each(ledgerBytes));
  if (registerBytes === undefined) return ledger;
  return ledger + Math.max(ENTRY_BYTES_AFTERWARDS, each(registerBytes));
}

const ENOSPC = 28;
const EDQUOT = 122;
const MDB_MAP_FULL = -30792;

/** A write, not a sync, found no room. */
function isOutOfRoom(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: unknown };
  return code === MDB_MAP_FULL || code === EDQUOT;
}

/**
 * ENOSPC may be either, and is judged by the room there is. Another number says that the disk
 * itself failed: then it is no excuse that there is little room as well.
 */
function mayBeRoom(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: unknown };
  return code === undefined || code === ENOSPC;
}

export function createStorage(options: {
  path: string;
  timers: Timers;
  log: Log;
  onFatal: (error: unknown) => void;
  /** Alarm below so many further entries; 0: never. */
  alarmEntries?: number;
  /** Bytes of the disk that one more entry takes. */
  bytesAnEntry?: () => number;
  /** Free bytes of the file system that holds `path`; replaced in tests. */
  measure?: (path: string) => Promise<number>;
}): Storage {
  const { path, timers, log, onFatal, measure = freeBytesOf } = options;
  const { alarmEntries = 0, bytesAnEntry = () => ENTRY_BYTES } = options;
  let freeBytes = Number.POSITIVE_INFINITY;
  let roomEntries = Number.POSITIVE_INFINITY;
  let isFull = false;
  let isLow = false;

  const look = async () => {
    freeBytes = await measure(path);
    const full = freeBytes < RESERVE_BYTES;
    if (full !== isFull) log.warn({ freeBytes }, full ? 'the disk is full' : 'the disk has room');
    isFull = full;
    roomEntries = Math.max(0, Math.floor((freeBytes - RESERVE_BYTES) / bytesAnEntry()));
    const low = roomEntries < alarmEntries;
    if (low !== isLow) log.warn({ freeBytes, roomEntries }, low ? 'little room' : 'room again');
    isLow = low;
  };
  const watch = () => void look().catch((error: unknown) => log.error({ error }, 'statfs failed'));
  const cancel = timers.every(LOOK_EVERY_MS, watch);
  watch();

  return {
    isWritable: () => !isFull,
    failed: async (error) => {
      const wasFull = isFull;
      isFull = true;
      const bytes = await measure(path).catch(() => Number.POSITIVE_INFINITY);
      const isShort = wasFull || bytes < RESERVE_BYTES;
      if (isOutOfRoom(error) || (mayBeRoom(error) && isShort)) return 'full';
      onFatal(error);
      return 'fatal';
    },
    retryAfterMs: LOOK_EVERY_MS * 2,
    freeBytes: () => freeBytes,
    roomEntries: () => roomEntries,
    isLow: () => isLow,
    stop: cancel,
  };
}

async function freeBytesOf(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(path);
  return bavail * bsize;
}
