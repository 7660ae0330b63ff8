/**
 * The caller's side of the thread that commits. A commit's pages lie in shared memory: the thread
 * reads them where they were written.
 *
 *     event loop ──pages in shared memory, order──► thread: hash, transaction, sync
 *          ▲────────────────answer: on disk, or why not────────────┘
 *
 * A thread that dies by itself takes the process with it, as a failed sync does.
 */
import { Worker } from 'node:worker_threads';
import type { Commit, Committer } from './committer.ts';

export interface ThreadSettings {
  readonly path: string;
  readonly gate: string;
  readonly unsafeNoSync?: boolean;
}

export type ThreadOrder =
  | { readonly kind: 'commit'; readonly commit: Commit }
  | { readonly kind: 'watermark'; readonly us: number };

/** To each order, and once when the thread has opened its tables. */
export type ThreadAnswer =
  | { readonly isDone: true }
  | {
      readonly isDone: false;
      readonly error: unknown;
      /** The system's or LMDB's number: an error leaves its own properties behind. */
      readonly code: unknown;
    };

/** Resolves when the ledger is open; rejects with what stopped it. */
export async function startCommitter(settings: ThreadSettings): Promise<Committer> {
  const worker = new Worker(new URL('./committer-thread.ts', import.meta.url), {
    workerData: settings,
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  await answerOf(worker);
  const give = (order: ThreadOrder) => {
    const answered = answerOf(worker);
    worker.postMessage(order);
    return answered;
  };
  return {
    commit: (commit) => give({ kind: 'commit', commit }),
    watermark: (us) => give({ kind: 'watermark', us }),
    close: () =>
      new Promise((resolve) => {
        worker.once('exit', () => resolve());
        worker.postMessage('close');
      }),
  };
}

/** The next answer; rejects when the thread dies instead. */
function answerOf(worker: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    const heard = (answer: ThreadAnswer) => {
      worker.off('error', reject);
      if (answer.isDone) resolve();
      else reject(Object.assign(new Error('the commit failed', { cause: answer.error }), answer));
    };
    worker.once('message', heard);
    worker.once('error', reject);
  });
}
