/** What every piece of work on an import is given. */
import type { FormDefinition } from '#protocol/forms/index.ts';
import type { Clock, Timers } from '../../clock/index.ts';
import type { Log } from '../../foundation/log.ts';
import type { Random } from '../../foundation/random.ts';
import type { Database } from '../../store/database/index.ts';
import type { Calendar } from '../calendar/service.ts';
import type { Models } from '../models/index.ts';
import type { ImportRow, ImportStore } from './store.ts';

export interface ImportParts {
  readonly database: Database;
  readonly clock: Pick<Clock, 'nowUs'>;
  readonly random: Random;
  readonly timers: Timers;
  readonly log: Log;
  readonly models: Models;
  readonly calendar: Calendar;
}

export interface JobParts extends ImportParts {
  readonly store: ImportStore;
  /** Lets the requests that wait go first. Between any two pieces of work. */
  pause(): Promise<void>;
  /** The portal is stopping: leave the job as it is, it goes on at the next start. */
  isStopped(): boolean;
}

/** The form that the file is written for. */
export function formOfImport(models: Models, job: ImportRow): FormDefinition {
  const form = models.get(job.model, job.model_version);
  if (!form) throw new Error(`model ${job.model} version ${job.model_version} is gone`);
  return form;
}

/** The event loop is held no longer than this, one row and the commit. */
const PIECE_US_MAX = 12_000;

/**
 * The first row, and those behind it while there is time; the others are for the next piece. The
 * number of the last that was done.
 */
export function doPiece<Row extends { readonly number: number }>(
  clock: Pick<Clock, 'nowUs'>,
  rows: readonly Row[],
  work: (row: Row) => void,
): number {
  const untilUs = clock.nowUs() + PIECE_US_MAX;
  let last = 0;
  for (const row of rows) {
    if (last > 0 && clock.nowUs() >= untilUs) break;
    work(row);
    last = row.number;
  }
  return last;
}
