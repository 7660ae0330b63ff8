/**
 * The pool of threads that make receipts, in batches: a call costs 0.25 ms, a receipt 1 ms, and
 * what a call made is stored with two syncs of the disk that the gate shares. The threads run
 * nineteen steps nicer than the rest, so that acknowledgements come first. A batch that does not
 * end ends its thread; the pool starts another. What counts is the thread's own time on a
 * processor: beside a busy machine a tenth of a second of work takes minutes, and a thread that is
 * ended for that is started again into the same minutes.
 */
import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';
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
  /** Processor time after which a call's thread is ended, ms; default 20,000. */
  readonly batchCpuMsMax?: number;
  /** How often that is looked at, ms; default 1000. */
  readonly lookMs?: number;
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
const BATCH_CPU_MS_MAX = 20_000;
/** Of time, for what waits and uses none of the processor: no receipt has a reason to. */
const BATCH_MS_MAX = 600_000;
const LOOK_MS = 1000;
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
      const cancel = timers.after(BATCH_MS_MAX, () => limit.abort());
      const thread = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
      const used = meter(() => pool.threads.find(({ threadId }) => threadId === thread[0]));
      const cancelLook = timers.every(options.lookMs ?? LOOK_MS, async () => {
        if ((await used()) > (options.batchCpuMsMax ?? BATCH_CPU_MS_MAX)) limit.abort();
      });
      try {
        return await pool.run({ ...task, thread }, { signal: limit.signal });
      } finally {
        cancel();
        cancelLook();
      }
    },
    destroy: () => pool.destroy(),
  };
}

/** Gives the processor time of a thread since the first look at it, ms; 0 while there is none. */
function meter(find: () => Worker | undefined): () => Promise<number> {
  let beganMs: number | undefined;
  return async () => {
    const usage = await find()
      ?.cpuUsage()
      .catch(() => undefined); // it has ended
    if (usage === undefined) return 0;
    const usedMs = (usage.user + usage.system) / 1000;
    beganMs ??= usedMs;
    return usedMs - beganMs;
  };
}
