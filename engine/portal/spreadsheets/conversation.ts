/**
 * Talk with a thread that does one piece of work: words go in, words come back in order, and the
 * thread is ended when the work is done, fails, falls silent, or is no longer wanted.
 *
 * The thread waits for a word before each answer, so that neither side runs ahead of the other.
 */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Timers } from '../../clock/index.ts';
import { bounds } from './bounds.ts';
import { type SpreadsheetCode, SpreadsheetFailure } from './failure.ts';

/** Why the thread gave up, as it says so itself. */
export interface ThreadFailure {
  readonly failure: SpreadsheetCode;
}

export interface Conversation<Word, Answer> {
  say(word: Word): void;
  /** The next answer. Throws SpreadsheetFailure, or the thread's own error. */
  hear(): Promise<Answer>;
  /** Ends the thread at once. */
  end(): Promise<void>;
}

/** Starts the thread of that file. Bytes within `workerData` are copied. */
export function converse<Word, Answer>(
  thread: URL,
  workerData: unknown,
  timers: Pick<Timers, 'after'>,
): Conversation<Word, Answer> {
  const worker = new Worker(thread, {
    workerData,
    execArgv: ['--disable-warning=ExperimentalWarning'],
    resourceLimits: { maxOldGenerationSizeMb: bounds.threadHeapMbMax },
  });
  const heard: (Answer | ThreadFailure)[] = [];
  let wake = () => {};
  let broken: Error | undefined;
  worker.on('message', (answer: Answer | ThreadFailure) => {
    heard.push(answer);
    wake();
  });
  worker.on('error', (error) => {
    broken = threadError(error);
    wake();
  });
  worker.on('exit', () => {
    broken ??= new Error('the thread ended in the middle of its work');
    wake();
  });
  return {
    say: (word) => worker.postMessage(word),
    hear: async () => {
      if (heard.length === 0 && broken === undefined) {
        await new Promise<void>((resolve) => {
          const cancel = timers.after(bounds.answerMsMax, () => {
            broken = new SpreadsheetFailure('SPREADSHEET_TOO_LARGE');
            wake();
          });
          wake = () => {
            cancel();
            resolve();
          };
        });
      }
      const answer = heard.shift();
      if (answer === undefined) throw broken;
      if (isFailure(answer)) throw new SpreadsheetFailure(answer.failure);
      return answer;
    },
    end: async () => {
      if (worker.threadId === -1) return;
      const ended = once(worker, 'exit');
      await worker.terminate();
      await ended;
    },
  };
}

function isFailure(answer: unknown): answer is ThreadFailure {
  return typeof answer === 'object' && answer !== null && 'failure' in answer;
}

/** More than its heap holds: the file is too large, whatever it says of itself. */
function threadError(error: unknown): Error {
  const { code } = error as { code?: unknown };
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') return new SpreadsheetFailure('SPREADSHEET_TOO_LARGE');
  return error instanceof Error ? error : new Error(String(error));
}
