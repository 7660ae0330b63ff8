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
  /** Somebody sets the date right, as far as it was right in the beginning. */
  mendDate(): void;
  /** True microseconds that pass while the clock counts `us`. */
  trueUs(us: number): number;
}

/** So many readings take a microsecond: some come out the same. */
const READINGS_A_US = 3;

export function createHostClock(
  schedule: Schedule,
  setup: { readonly driftPpm: number; readonly dateErrorUs: number; readonly countsFromUs: number },
): SimulatedHostClock {
  let rate = 1 + setup.driftPpm / 1e6;
  let sinceUs = schedule.nowUs();
  let countedUs = setup.countsFromUs;
  let dateOffsetUs = sinceUs + setup.dateErrorUs - countedUs;
  let readings = 0;
  const count = () => countedUs + (schedule.nowUs() - sinceUs) * rate;
  return {
    monotonicUs: () => {
      readings += 1;
      if (readings % READINGS_A_US === 0) schedule.spend(1);
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
    mendDate: () => {
      dateOffsetUs = schedule.nowUs() + setup.dateErrorUs - count();
    },
    trueUs: (us) => us / rate,
  };
}
