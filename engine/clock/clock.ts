/**
 * What the rest of the engine may know about time: a clock that is read, timers that are set,
 * and the two raw clocks of the host that the room `clock` itself is built on. Everything that
 * needs time takes these as constructor arguments, so that tests and the simulation can put
 * seeded time in their place. This file holds no behaviour.
 */

/** How far the reading can be trusted; see `ClockReading.uncertaintyUs`. */
export type Synchronisation = 'synchronised' | 'holdover' | 'unsynchronised';

/**
 * One reading. True UTC lies within `nowUs ± uncertaintyUs` (in the state `unsynchronised` only as
 * far as the configured bound of the system clock is right).
 */
export interface ClockReading {
  /** Integer microseconds since the Unix epoch; never smaller than an earlier reading. */
  readonly nowUs: number;
  /** Integer microseconds, ≥ 0. */
  readonly uncertaintyUs: number;
  readonly sync: Synchronisation;
}

/** The official clock. Both calls are cheap (well under a microsecond) and never fail. */
export interface Clock {
  read(): ClockReading;
  /** `read().nowUs` without the rest. */
  nowUs(): number;
}

/** Takes back a timer; calling it twice, or after the timer ran, does nothing. */
export type Cancel = () => void;

/** Timers. A function that throws is a programmer's error and is not caught here. */
export interface Timers {
  /** Runs `fn` once, not before `ms` milliseconds (≥ 0, no upper limit) have passed. */
  after(ms: number, fn: () => void): Cancel;
  /** Runs `fn` every `ms` milliseconds (≥ 1) until cancelled. */
  every(ms: number, fn: () => void): Cancel;
  /** Runs `fn` once, after the input and output that is ready in this pass of the event loop. */
  immediate(fn: () => void): Cancel;
}

/** The host's two clocks, as raw as they come. */
export interface HostClock {
  /**
   * Microseconds since a fixed point that all processes of a boot share; never backwards, not moved
   * when the date is set.
   */
  monotonicUs(): number;
  /** The system's date in microseconds since the epoch, rounded down to a whole millisecond. */
  systemUs(): number;
}
