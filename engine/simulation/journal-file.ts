/**
 * The journal of a simulated client: appended and synced, with a torn last line when its process
 * dies in between, and writes that fail.
 */
import type { JournalFile } from '#mini-client/core/index.ts';
import type { Dice } from './dice.ts';
import type { SimulatedProcess } from './process.ts';
import type { Schedule } from './schedule.ts';

export interface SimulatedJournal {
  /** What lies on the disk. */
  text(): string;
  open(process: SimulatedProcess): JournalFile;
  /** The next append fails; perhaps some of it is written. */
  failNext(): void;
  writerDied(): void;
}

const SYNC_US = { min: 200, max: 5_000 } as const;

/** @param isLazy a mutant's: appends are told before they are written */
export function createJournal(parts: {
  schedule: Schedule;
  dice: Dice;
  isLazy?: boolean;
}): SimulatedJournal {
  const { schedule, dice, isLazy = false } = parts;
  let text = '';
  let inFlight = '';
  let unwritten = '';
  let isFailing = false;

  const append = (process: SimulatedProcess, added: string) =>
    new Promise<void>((resolve, reject) => {
      if (!process.effect('journal')) return;
      inFlight = added;
      process.at(schedule.nowUs() + dice.between(SYNC_US.min, SYNC_US.max), () => {
        inFlight = '';
        if (isFailing) {
          isFailing = false;
          text += torn(added, dice);
          reject(new Error('ENOSPC: the journal could not be written'));
        } else {
          text += unwritten;
          unwritten = isLazy ? added : '';
          if (!isLazy) text += added;
          resolve();
        }
      });
    });

  return {
    text: () => text,
    open: (process) => ({ read: () => text, append: (added) => append(process, added) }),
    failNext: () => {
      isFailing = true;
    },
    writerDied: () => {
      text += torn(inFlight, dice);
      inFlight = '';
      unwritten = '';
    },
  };
}

function torn(added: string, dice: Dice): string {
  return added.slice(0, dice.integer(added.length + 1));
}
