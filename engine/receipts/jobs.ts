/**
 * Which receipts are to be made next. The register is the list of work: every place without a
 * receipt, a failure or an earlier entry of the same application is a job, so nothing needs to be
 * remembered over a restart and nothing grows while the pool is busy.
 *
 *     1 ─────────► next ─────────► horizon          jobs that failed once come first, alone
 *       looked at        to look at
 */
import type { Register, RegisterEntry } from '#engine/register/index.ts';

/** A receipt to be made; `attempts` that already failed, and why the last one did. */
export interface Job {
  readonly item: RegisterEntry;
  readonly attempts: number;
  readonly reason: string;
}

export interface Jobs {
  /** Says that places up to `place` are there. */
  extend(place: number): void;
  /** Jobs for one call: one that failed before alone, else up to `size` new ones. May be none. */
  take(size: number): Job[];
  /** Gives back what must be tried again; each will be taken alone. */
  giveBack(jobs: readonly Job[]): void;
  /** False when every place up to the horizon was looked at and nothing was given back. */
  more(): boolean;
}

/** Places looked at in one `take`: most have their receipt after a restart. */
const LOOK_MAX = 1000;

/** No jobs until `extend` says how far the register may be read. */
export function createJobs(register: Register): Jobs {
  const again: Job[] = [];
  let next = 1;
  let horizon = 0;

  const isOpen = ({ place, duplicateOf }: RegisterEntry): boolean =>
    duplicateOf === null &&
    !register.receipts.has(place) &&
    register.receipts.failureAt(place) === undefined;

  const takeNew = (size: number): Job[] => {
    const jobs: Job[] = [];
    const end = Math.min(horizon, next + LOOK_MAX - 1);
    while (jobs.length < size && next <= end) {
      const page = register.entries(next, Math.min(size, end - next + 1));
      if (page.length === 0) break;
      for (const item of page) {
        next = item.place + 1;
        if (isOpen(item)) jobs.push({ item, attempts: 0, reason: '' });
        if (jobs.length === size) break;
      }
    }
    return jobs;
  };

  return {
    extend: (place) => {
      horizon = Math.max(horizon, place);
    },
    take: (size) => {
      const first = again.shift();
      return first === undefined ? takeNew(size) : [first];
    },
    giveBack: (jobs) => {
      again.push(...jobs);
    },
    more: () => again.length > 0 || next <= horizon,
  };
}
