/**
 * Work that is done a batch at a time, with a pause between: no caller waits longer than for one
 * batch. Nothing of it is lost by a stop: what is left is found again.
 */
import type { Timers } from '../../clock/index.ts';

export interface Paced {
  /** The first batch at once, the others soon. */
  run(): void;
  close(): void;
}

const PAUSE_MS = 100;

/** `batch`: does one; whether there may be more. */
export function createPaced(timers: Timers, batch: () => boolean): Paced {
  let cancel: (() => void) | undefined;
  const step = () => {
    cancel = undefined;
    if (batch()) cancel = timers.after(PAUSE_MS, step);
  };
  return {
    run: () => {
      if (cancel === undefined) step();
    },
    close: () => cancel?.(),
  };
}
