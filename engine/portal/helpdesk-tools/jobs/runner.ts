/**
 * Works on the jobs of the desk, one at a time, the longest waiting first. The pieces between two
 * pauses and the cursor behind them are one transaction, synced to the disk once: what stops the
 * portal neither loses nor repeats any. Each piece can fail by itself.
 *
 *   wake ─► items behind the cursor ─► piece, piece … (8 ms) ─► pause ─► … ─► none left: finished
 *                                       │ refused: skipped, counted
 *                                       └ outbox full (BUSY): wait, then the same piece again
 */
import { Refusal } from '../../http/refusal.ts';
import type { JobParts } from '../parts.ts';
import { type JobName, type JobRow, type JobStore, jobStore } from './store.ts';

/** One thing to do; `key` is where the cursor stands once it is done. */
export interface Piece {
  readonly key: string;
}

/** How a kind of job is done. */
export interface JobKind<Item extends Piece = Piece> {
  /** What comes after the job's cursor, in an order that does not change; empty at the end. */
  items(job: JobRow, limit: number): readonly Item[];
  /** In a transaction. False: there was nothing to do. Refusals skip it; BUSY tries it again. */
  perform(job: JobRow, item: Item): boolean;
}

export interface JobRunner {
  /** There may be work: returns at once. */
  wake(): void;
  /** Resolves when there is no work left. */
  settled(): Promise<void>;
  /** Leaves what is under way for the next start. */
  close(): Promise<void>;
}

const ITEMS_READ = 200;
/** Of the event loop, then requests go first; the last piece and the sync come on top. */
const WORK_US_MAX = 8_000;
/** However still the clock stands. */
const WORK_PIECES_MAX = 100;
const PAUSE_MS = 10;
const BUSY_MS = 5_000;

type Kinds = Readonly<Record<JobName, JobKind>>;

/** A runner that begins with the first `wake`. */
export function createJobRunner(parts: JobParts, kinds: Kinds): JobRunner {
  const store = jobStore(parts.database);
  let running: Promise<void> | undefined;
  let isStopped = false;
  let endPause = () => {};
  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      const cancel = parts.timers.after(ms, resolve);
      endPause = () => {
        cancel();
        resolve();
      };
    });
  /** A disk that is full for a while, say, is no reason to end the portal. */
  const workNext = (): 'none' | 'done' | 'busy' => {
    try {
      const job = store.next();
      return job === undefined
        ? 'none'
        : workPage(parts, { store, job, kind: kinds[job.kind as JobName] });
    } catch (error) {
      parts.log.error({ err: error }, 'the work of the desk does not go on for now');
      return 'busy';
    }
  };
  const run = async () => {
    await Promise.resolve(); // so that `running` is set before it can be unset
    while (!isStopped) {
      const outcome = workNext();
      if (outcome === 'none') break;
      parts.mail.wake();
      await pause(outcome === 'busy' ? BUSY_MS : PAUSE_MS);
    }
    running = undefined;
  };
  return {
    wake: () => {
      if (!isStopped) running ??= run();
    },
    settled: async () => {
      while (running) await running;
    },
    close: async () => {
      isStopped = true;
      endPause();
      await running;
    },
  };
}

interface Work {
  readonly store: JobStore;
  readonly job: JobRow;
  readonly kind: JobKind;
}

/** As much as may be done without a pause. */
function workPage(parts: JobParts, { store, job, kind }: Work): 'done' | 'busy' {
  const { clock, database } = parts;
  const untilUs = clock.nowUs() + WORK_US_MAX;
  const items = kind.items(job, ITEMS_READ).slice(0, WORK_PIECES_MAX);
  if (items.length === 0) {
    store.update(job.id, { finished_at_us: clock.nowUs() });
    return 'done';
  }
  return database.transaction(() => {
    let { cursor, done, skipped } = job;
    let isBusy = false;
    for (const [at, item] of items.entries()) {
      if (at > 0 && clock.nowUs() >= untilUs) break;
      const outcome = workOn(parts, { store, job, kind }, item);
      isBusy = outcome === 'busy';
      if (isBusy) break;
      cursor = item.key;
      done += outcome === 'done' ? 1 : 0;
      skipped += outcome === 'skipped' ? 1 : 0;
    }
    store.update(job.id, { cursor, done, skipped });
    return isBusy ? 'busy' : 'done';
  });
}

function workOn(parts: JobParts, { job, kind }: Work, item: Piece): 'done' | 'skipped' | 'busy' {
  try {
    return parts.database.part(() => kind.perform(job, item)) ? 'done' : 'skipped';
  } catch (error) {
    if (error instanceof Refusal && error.code === 'BUSY') return 'busy';
    if (!(error instanceof Refusal)) parts.log.error({ err: error, job: job.id }, 'defect');
    return 'skipped';
  }
}
