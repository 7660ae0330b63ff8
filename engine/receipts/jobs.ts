/**
 * Which receipts are to be made next. The register is the list of work: every place without a
 * receipt, a failure or an earlier entry of the same application is a job, so nothing needs to be
 * remembered over a restart and nothing grows while the pool is busy.
 *
 *     1 ─────────► next ─────────► horizon          jobs that failed once come first, alone
 *       looked at        to look at
 *
 * An entry that no signed checkpoint covers yet is passed by. Of each gate only the first such is
 * remembered: when it is covered, all from there on are looked at again. So a gate whose log is
 * not signed holds up no other's receipts.
 */
import type { Register, RegisterEntry } from '#engine/register/index.ts';
import type { LedgerEntry } from '#protocol/entry.ts';

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
  /** Says that nothing more is to be done about these, which were taken. */
  finish(jobs: readonly Job[]): void;
  /** False when every place up to the horizon was looked at and nothing was given back. */
  more(): boolean;
  /** Whether entries are passed by that cannot be proved yet. */
  waits(): boolean;
}

/** Places looked at in one `take`: most have their receipt after a restart. */
const LOOK_MAX = 1000;

/**
 * No jobs until `extend` says how far the register may be read. Once `isProvable` says yes of an
 * entry it must not say no again.
 */
export function createJobs(register: Register, isProvable: (entry: LedgerEntry) => boolean): Jobs {
  const again: Job[] = [];
  /** Places of jobs that were taken and are not finished: as many as the calls under way hold. */
  const taken = new Set<number>();
  /** By gate. */
  const firstWaiting = new Map<string, RegisterEntry>();
  let next = 1;
  let horizon = 0;

  const isOpen = ({ place, duplicateOf }: RegisterEntry): boolean =>
    duplicateOf === null &&
    !taken.has(place) &&
    !register.receipts.has(place) &&
    register.receipts.failureAt(place) === undefined;

  const passBy = (item: RegisterEntry): void => {
    const { gate } = item.entry;
    const first = firstWaiting.get(gate);
    if (first === undefined || item.place < first.place) firstWaiting.set(gate, item);
  };

  const isCovered = () => [...firstWaiting.values()].some(({ entry }) => isProvable(entry));

  const goBack = (): void => {
    for (const [gate, { place, entry }] of firstWaiting) {
      if (!isProvable(entry)) continue;
      firstWaiting.delete(gate);
      next = Math.min(next, place);
    }
  };

  const takeNew = (size: number): Job[] => {
    goBack();
    const jobs: Job[] = [];
    const end = Math.min(horizon, next + LOOK_MAX - 1);
    while (jobs.length < size && next <= end) {
      const page = register.entries(next, Math.min(size, end - next + 1));
      if (page.length === 0) break;
      for (const item of page) {
        next = item.place + 1;
        if (!isOpen(item)) continue;
        if (isProvable(item.entry)) jobs.push({ item, attempts: 0, reason: '' });
        else passBy(item);
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
      const jobs = first === undefined ? takeNew(size) : [first];
      for (const { item } of jobs) taken.add(item.place);
      return jobs;
    },
    giveBack: (jobs) => {
      for (const job of jobs) {
        if (isProvable(job.item.entry)) again.push(job);
        else passBy(job.item);
      }
    },
    finish: (jobs) => {
      for (const { item } of jobs) taken.delete(item.place);
    },
    more: () => again.length > 0 || next <= horizon || isCovered(),
    waits: () => firstWaiting.size > 0,
  };
}
