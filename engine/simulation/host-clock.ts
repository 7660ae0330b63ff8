/**
 * The two clocks of a simulated machine, both wrong: the monotonic one drifts, the date is off as
 * well and can be set. Nothing here knows NTP; the engine's own clock is built on top.
 */
import type { HostClock } from '#engine/clock/index.ts';
import type { Schedule } from './schedule.ts';

export interface SimulatedHostClock extends HostClock {
  /** From now on the clock runs so many parts in a million fast. */
  drift(ppm: number): void;
  /** Sets the date forward (or back, negative); the monotonic clock does not notice. */
  stepDate(us: number): void;
  /** True microseconds that pass while the clock counts `us`. */
  trueUs(us: number): number;
}

/** Reading a clock takes so long. */
const READING_US = 1;

export function createHostClock(
  schedule: Schedule,
  setup: { readonly driftPpm: number; readonly dateErrorUs: number; readonly countsFromUs: number },
): SimulatedHostClock {
  let rate = 1 + setup.driftPpm / 1e6;
  let sinceUs = schedule.nowUs();
  let countedUs = setup.countsFromUs;
  let dateOffsetUs = sinceUs + setup.dateErrorUs - countedUs;
  const count = () => countedUs + (schedule.nowUs() - sinceUs) * rate;
  return {
    monotonicUs: () => {
      schedule.spend(READING_US);
      return count();
    },
    systemUs: () => Math.floor((count() + dateOffsetUs) / 1000) * 1000,
    drift: (ppm) => {
      countedUs = count();
      sinceUs = schedule.nowUs();
      rate = 1 + ppm / 1e6;
    },
    stepDate: (us) => {
      dateOffsetUs += us;
    },
    trueUs: (us) => us / rate,
  };
}
