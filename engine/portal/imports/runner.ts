/**
 * Works on imports, one at a time, the longest waiting first. What is to be done stands in the
 * database as the state of each import, so that a portal that was stopped goes on where it was.
 *
 *   checking: judge the file's rows          taking: make applications of the valid ones
 *   undoing: take back what was not changed  removing: forget file and report
 */
import type { OutcomeCode } from '#protocol/outcomes.ts';
import { SpreadsheetFailure } from '../spreadsheets/index.ts';
import { checkImport, ImportFailure } from './check.ts';
import type { ImportParts, JobParts } from './job.ts';
import { type ImportRow, importStore } from './store.ts';
import { takeOver } from './take-over.ts';
import { undoImport } from './undo.ts';

export interface ImportRunner {
  /** There may be work: returns at once. */
  wake(): void;
  /** Resolves when there is no work left. */
  settled(): Promise<void>;
  /** Leaves what is under way for the next start. */
  close(): Promise<void>;
}

/** At least as long as a piece of work takes, so that requests get half of the time. */
const PAUSE_MS = 8;
const ROWS_DROPPED_AT_ONCE = 100;

/** A runner that begins with the first `wake`. */
export function createImportRunner(parts: ImportParts): ImportRunner {
  const store = importStore(parts.database);
  let running: Promise<void> | undefined;
  let isStopped = false;
  const job: JobParts = {
    ...parts,
    store,
    isStopped: () => isStopped,
    pause: () => new Promise((resolve) => parts.timers.after(PAUSE_MS, resolve)),
  };
  const run = async () => {
    await Promise.resolve(); // so that `running` is set before it can be unset
    for (let next = store.nextJob(); next && !isStopped; next = store.nextJob()) {
      await work(job, next);
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
      await running;
    },
  };
}

/** One job to its end. Whatever goes wrong ends this import and no other. */
async function work(parts: JobParts, job: ImportRow): Promise<void> {
  const end = (values: Partial<ImportRow>) => {
    if (parts.isStopped()) return;
    parts.store.update(job.id, { ...values, updated_at_us: parts.clock.nowUs() });
  };
  try {
    if (job.state === 'removing') return await remove(parts, job);
    if (job.state === 'checking') await checkImport(parts, job);
    if (job.state === 'taking') await takeOver(parts, job);
    if (job.state === 'undoing') await undoImport(parts, job);
    if (job.state === 'checking' && !parts.isStopped()) await dropFile(parts, job);
    end({ state: DONE[job.state] ?? 'failed' });
  } catch (error) {
    const failure = failureOf(error);
    if (failure === 'INTERNAL_ERROR') parts.log.error({ err: error, import: job.id }, 'defect');
    end({ state: 'failed', failure });
  }
}

const DONE: Readonly<Record<string, string>> = {
  checking: 'checked',
  taking: 'taken',
  undoing: 'undone',
};

function failureOf(error: unknown): OutcomeCode {
  if (error instanceof SpreadsheetFailure || error instanceof ImportFailure) return error.code;
  return 'INTERNAL_ERROR';
}

/** The file has been read: what it says stands in the rows. */
async function dropFile({ store, database, pause }: JobParts, job: ImportRow): Promise<void> {
  while ((await database.piece(() => store.dropSomePieces(job.id))) > 0) await pause();
}

async function remove(parts: JobParts, job: ImportRow): Promise<void> {
  await dropFile(parts, job);
  const drop = () => parts.store.dropSomeRows(job.id, ROWS_DROPPED_AT_ONCE);
  while ((await parts.database.piece(drop)) > 0) {
    if (parts.isStopped()) return;
    await parts.pause();
  }
  parts.store.remove(job.id);
}
