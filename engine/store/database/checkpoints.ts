/**
 * Brings what was committed from the write-ahead log into the database file, in a thread.
 *
 *   COMMIT ─► log ─► (thread, each two seconds, or soon when it is long) ─► database file
 *                                                            └► the log begins anew
 *
 * Left to the connection that writes, this happens within whichever COMMIT makes the log too long:
 * 12 to 40 ms of the event loop for a thousand pages. And while somebody reads for seconds, as the
 * search does when it begins, nothing may be moved: the COMMIT after that then moved all there was,
 * 579 ms for 3,500 pages.
 *
 * The thread repeats itself until little came meanwhile, so that the log ends up empty although
 * somebody goes on writing. Where it is not quick enough, or gone, the writer does it as SQLite
 * does by itself.
 */
import type { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';

/** What the thread is told. */
export interface CheckpointTask {
  readonly path: string;
  /** So many looks, four a second, until also the little that is there is moved. */
  readonly looksMax: number;
  /** Of one number: 0 until it is to end. */
  readonly ending: Int32Array<SharedArrayBuffer>;
}

export interface Checkpoints {
  /** Ends the thread; before the database is closed, whose last connection tidies up. */
  close(): Promise<void>;
}

/** Pages of 4 KiB in the log at which the writer helps itself: 64 MiB, and SQLite's own bound. */
const PAGES_BESIDE = 16_384;
const PAGES_ALONE = 1_000;
/** Two seconds. */
const LOOKS_MAX = 8;
const THREAD = new URL('./checkpoint-thread.ts', import.meta.url);

/** `connection` is the one that writes. `failed` is told when the thread has ended by itself. */
export function startCheckpoints(
  connection: DatabaseSync,
  wish: { path: string; failed: (error: unknown) => void; thread?: URL; looksMax?: number },
): Checkpoints {
  connection.exec(`PRAGMA wal_autocheckpoint = ${PAGES_BESIDE}`);
  const ending = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const { path, looksMax = LOOKS_MAX } = wish;
  const worker = new Worker(wish.thread ?? THREAD, {
    workerData: { path, looksMax, ending } satisfies CheckpointTask,
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  worker.on('error', (error) => {
    if (connection.isOpen) connection.exec(`PRAGMA wal_autocheckpoint = ${PAGES_ALONE}`);
    wish.failed(error);
  });
  return {
    close: () => {
      Atomics.store(ending, 0, 1);
      Atomics.notify(ending, 0);
      return ended;
    },
  };
}
