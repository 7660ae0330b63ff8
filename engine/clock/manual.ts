/**
 * Time that moves only when told: the clock, host clocks and timers of tests and of the seeded
 * simulation. Timers run in the order of their due time, equal ones in the order they were set.
 * Nothing here ever waits.
 */
import type { Cancel, Clock, ClockReading, HostClock, Synchronisation, Timers } from './clock.ts';

/** A clock in the test's hand. Unlike the real one it may be set back, to show what breaks. */
export interface ManualClock extends Clock {
  /** Replaces any part of the reading. */
  set(reading: Partial<ClockReading>): void;
  /** Moves `nowUs` on by `us` microseconds. */
  advance(us: number): void;
}

/** @param start the first reading; `uncertaintyUs` 0 and `sync` 'synchronised' when left out */
export function manualClock(start: {
  readonly nowUs: number;
  readonly uncertaintyUs?: number;
  readonly sync?: Synchronisation;
}): ManualClock {
  let reading: ClockReading = { uncertaintyUs: 0, sync: 'synchronised', ...start };
  return {
    read: () => reading,
    nowUs: () => reading.nowUs,
    set(part) {
      reading = { ...reading, ...part };
    },
    advance(us) {
      reading = { ...reading, nowUs: reading.nowUs + us };
    },
  };
}

/** Host clocks in the test's hand: they run together until the date is stepped. */
export interface ManualHostClock extends HostClock {
  /** Moves both clocks on by `us` microseconds. */
  advance(us: number): void;
  /** Sets the date forward (or back, negative) by `us`; the monotonic clock does not notice. */
  stepSystem(us: number): void;
}

export function manualHostClock(start: {
  readonly monotonicUs: number;
  readonly systemUs: number;
}): ManualHostClock {
  let { monotonicUs, systemUs } = start;
  return {
    monotonicUs: () => monotonicUs,
    systemUs: () => Math.floor(systemUs / 1000) * 1000,
    advance(us) {
      monotonicUs += us;
      systemUs += us;
    },
    stepSystem(us) {
      systemUs += us;
    },
  };
}

/** Timers in the test's hand. */
export interface ManualTimers extends Timers {
  /** Lets `ms` milliseconds pass; runs each timer at its due time, the clock moved there first. */
  advance(ms: number): void;
  /** Runs the immediates queued so far (not those they queue); returns how many ran. */
  runImmediates(): number;
  /** Timers and immediates still waiting. */
  pending(): number;
}

interface Waiting {
  dueMs: number;
  readonly everyMs: number | undefined;
  readonly fn: () => void;
}

/** @param clock moved along with the timers: a `ManualClock`, a `ManualHostClock` or nothing */
export function manualTimers(clock?: { advance(us: number): void }): ManualTimers {
  let passedMs = 0;
  const waiting = new Set<Waiting>();
  let immediates = new Set<{ readonly fn: () => void }>();

  const moveTo = (ms: number): void => {
    clock?.advance(Math.round((ms - passedMs) * 1000));
    passedMs = ms;
  };
  const add = (ms: number, everyMs: number | undefined, fn: () => void): Cancel => {
    const timer = { dueMs: passedMs + ms, everyMs, fn };
    waiting.add(timer);
    return () => void waiting.delete(timer);
  };
  const runOne = (timer: Waiting): void => {
    moveTo(Math.max(timer.dueMs, passedMs));
    waiting.delete(timer);
    if (timer.everyMs !== undefined) {
      timer.dueMs += timer.everyMs;
      waiting.add(timer);
    }
    timer.fn();
  };

  return {
    after: (ms, fn) => add(ms, undefined, fn),
    every: (ms, fn) => add(ms, ms, fn),
    immediate(fn) {
      const entry = { fn };
      immediates.add(entry);
      return () => void immediates.delete(entry);
    },
    advance(ms) {
      const endMs = passedMs + ms;
      for (let next = earliest(waiting, endMs); next; next = earliest(waiting, endMs)) {
        runOne(next);
      }
      moveTo(endMs);
    },
    runImmediates() {
      const queued = immediates;
      immediates = new Set();
      let ran = 0;
      for (const { fn } of queued) {
        ran += 1;
        fn();
      }
      return ran;
    },
    pending: () => waiting.size + immediates.size,
  };
}

function earliest(waiting: ReadonlySet<Waiting>, endMs: number): Waiting | undefined {
  let first: Waiting | undefined;
  for (const timer of waiting) {
    if (timer.dueMs <= endMs && (first === undefined || timer.dueMs < first.dueMs)) first = timer;
  }
  return first;
}
