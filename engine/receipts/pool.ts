/**
 * The pool of threads that make receipts, in batches: a call costs 0.25 ms, a receipt 1 ms, and
 * what a call made is stored with two syncs of the disk that the gate shares. The threads run
 * nineteen steps nicer than the rest, so that acknowledgements come first. A batch that takes too
 * long ends its thread; the pool starts another.
 */
import { availableParallelism } from 'node:os';
import { Piscina } from 'piscina';
import type { Timers } from '#engine/clock/index.ts';
import type { SealMaterial } from './seal/material.ts';
import type { ReceiptTask, ReceiptTaskResult, ReceiptThreadData } from './worker.ts';

/** All but the seal have defaults. */
export interface PoolOptions {
  /** What the threads seal with; the key in it is shown to nobody. */
  readonly seal?: SealMaterial;
  /** Threads at most; default all processors but one, at most 4. */
  readonly threads?: number;
  /** Receipts of one call; default 100. */
  readonly batchSize?: number;
  /** After this a call's thread is ended; default 20,000. */
  readonly batchMsMax?: number;
  /** The thread's file, for tests of threads that die. */
  readonly worker?: URL;
}

export interface PoolBounds {
  /** Receipts of one call at most. */
  readonly batchSize: number;
  /** Calls that keep every thread busy: more only wait. */
  readonly callsMax: number;
}

export interface ReceiptPool extends PoolBounds {
  /** Rejects when the thread died or was ended: nothing is known of any receipt of the call. */
  run(task: ReceiptTask): Promise<ReceiptTaskResult>;
  /** Ends the threads at once. */
  destroy(): Promise<void>;
}

const NICE = 19;
const THREADS_MAX = 4;
const BATCH_SIZE = 100;
const BATCH_MS_MAX = 20_000;
const IDLE_MS = 30_000;

/** What a pool with these options takes, for who stands before another process's. */
export function poolBounds({ threads, batchSize }: PoolOptions): PoolBounds {
  return { batchSize: batchSize ?? BATCH_SIZE, callsMax: (threads ?? defaultThreads()) * 2 };
}

const defaultThreads = () => Math.min(THREADS_MAX, Math.max(1, availableParallelism() - 1));

/** A pool whose threads start with the first call. */
export function createReceiptPool(options: PoolOptions, timers: Timers): ReceiptPool {
  const threads = options.threads ?? defaultThreads();
  const bounds = poolBounds(options);
  const pool = new Piscina<ReceiptTask, ReceiptTaskResult>({
    filename: (options.worker ?? new URL('./worker.ts', import.meta.url)).href,
    minThreads: 0,
    maxThreads: threads,
    maxQueue: bounds.callsMax,
    idleTimeout: IDLE_MS,
    niceIncrement: NICE,
    workerData: {
      ...(options.seal && { seal: options.seal }),
    } satisfies Partial<ReceiptThreadData>,
  });
  pool.on('error', () => undefined); // a dying idle thread is replaced with the next call
  return {
    ...bounds,
    run: async (task) => {
      const limit = new AbortController();
      const cancel = timers.after(options.batchMsMax ?? BATCH_MS_MAX, () => limit.abort());
      try {
        return await pool.run(task, { signal: limit.signal });
      } finally {
        cancel();
      }
    },
    destroy: () => pool.destroy(),
  };
}
