/**
 * Clock, timers and random of Node for the core.
 *
 * The clock is the monotonic one, so a step of the computer's time changes nothing while waiting;
 * its epoch is that of the start and may be wrong. Timers below a millisecond turn with the event
 * loop instead of waiting for its coarse timer: the opening deserves better than a millisecond.
 */
import { randomInt } from 'node:crypto';
import { setImmediate, setTimeout as wait } from 'node:timers/promises';
import type { ClientClock, ClientRandom, ClientTimers } from '../core/index.ts';

const RANDOM_RANGE_MAX = 2 ** 47;

export const monotonicClock: ClientClock = {
  nowUs: () => Math.floor((performance.timeOrigin + performance.now()) * 1000),
};

/** The computer's own time of day, only to tell a person how wrong it is. */
export function wallNowUs(): number {
  return Date.now() * 1000;
}

export const nodeTimers: ClientTimers = {
  after(ms, fn) {
    if (ms >= 1) {
      // Node rounds down to whole milliseconds: whoever needs the rest asks again.
      const timer = setTimeout(fn, ms);
      return () => clearTimeout(timer);
    }
    let isCancelled = false;
    const dueUs = monotonicClock.nowUs() + ms * 1000;
    void spinUntil(dueUs, () => isCancelled).then((isDue) => {
      if (isDue) fn();
    });
    return () => {
      isCancelled = true;
    };
  },
};

async function spinUntil(dueUs: number, isCancelled: () => boolean): Promise<boolean> {
  do await setImmediate();
  while (!isCancelled() && monotonicClock.nowUs() < dueUs);
  return !isCancelled();
}

export const nodeRandom: ClientRandom = {
  integer: (maxExclusive) =>
    maxExclusive <= 1 ? 0 : randomInt(Math.min(maxExclusive, RANDOM_RANGE_MAX)),
};

/** Resolves after `ms`. */
export async function pause(ms: number): Promise<void> {
  await wait(ms);
}
