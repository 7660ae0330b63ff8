/**
 * Whether the ledger may be written, and what a failed write means.
 *
 *     writable ──little room left──► full ──room again──► writable
 *         └──commit failed with room left (a failed sync)──► fatal: the process ends
 *
 * A full disk is foreseen: admission stops while there is still a reserve, so that no commit runs
 * into it, and goes on by itself when there is room. A failed sync is never retried: the kernel may
 * already count the lost pages as clean (Rebello et al., USENIX ATC 2020). Nobody is answered, the
 * process ends, its supervisor starts it, and the ledger is verified from disk.
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
  stop(): void;
}

/** Room kept for what is already queued, for pages LMDB copies, and for the log. */
const RESERVE_BYTES = 64 * 1024 * 1024;
const LOOK_EVERY_MS = 500;

export function createStorage(options: {
  path: string;
  timers: Timers;
  log: Log;
  onFatal: (error: unknown) => void;
  /** Free bytes of the file system that holds `path`; replaced in tests. */
  measure?: (path: string) => Promise<number>;
}): Storage {
  const { path, timers, log, onFatal, measure = freeBytesOf } = options;
  let freeBytes = Number.POSITIVE_INFINITY;
  let isFull = false;

  const look = async () => {
    freeBytes = await measure(path);
    const full = freeBytes < RESERVE_BYTES;
    if (full !== isFull) log.warn({ freeBytes }, full ? 'the disk is full' : 'the disk has room');
    isFull = full;
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
      if (wasFull || bytes < RESERVE_BYTES) return 'full';
      onFatal(error);
      return 'fatal';
    },
    retryAfterMs: LOOK_EVERY_MS * 2,
    freeBytes: () => freeBytes,
    stop: cancel,
  };
}

async function freeBytesOf(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(path);
  return bavail * bsize;
}
