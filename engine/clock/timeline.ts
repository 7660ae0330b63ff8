/**
 * The line from monotonic time to official time. It never steps back: a correction is slewed, at
 * most 500 µs in a second, and what is still uncorrected is told, so that it can be counted in
 * the uncertainty.
 *
 *     official − monotonic
 *          │            ╭──────── target (what the references say)
 *          │         ╱  slope ≤ 500 ppm
 *          │ ───────╯                    frozen: no slope, the rest stays uncorrected
 *          └───────────────────────→ monotonic
 *
 * Nothing here reads a clock; the caller passes the monotonic time in.
 */
import { assert } from '#engine/foundation/assert.ts';

/** The fastest correction, as RFC 5905 and the Unix `adjtime` have it. */
export const SLEW_PPM_MAX = 500;

/** Official time as a function of monotonic time. All values in microseconds. */
export interface Timeline {
  /** Official time at `monotonicUs`: an integer, never smaller than one returned before. */
  at(monotonicUs: number): number;
  /** As `at`, for the room's own bookkeeping: does not count as read. */
  peek(monotonicUs: number): number;
  /** Signed correction still to be slewed at `monotonicUs`; target minus line. */
  remainingUs(monotonicUs: number): number;
  /** Official minus monotonic time at `monotonicUs`, without rounding. */
  offsetUs(monotonicUs: number): number;
  /** Aims at official = monotonic + `targetOffsetUs`; the line itself stays continuous. */
  aim(monotonicUs: number, targetOffsetUs: number): void;
  /** Puts the line onto its target at once. Forward only, unless nothing was read yet. */
  stepToTarget(monotonicUs: number): void;
  /** Stops (true) or resumes (false) the slewing; while stopped the line has slope 1. */
  hold(monotonicUs: number, held: boolean): void;
  /** Monotonic time at which the line reaches `officialUs`, as it is aimed now. */
  monotonicAt(officialUs: number): number;
  /** Whether a reading has been handed out, from which on time may not go back. */
  wasRead(): boolean;
}

/**
 * @param start the line begins as official = monotonic + `offsetUs`, without a correction
 * @param start.slewPpm the slope of a correction; default and maximum 500
 */
export function createTimeline(start: {
  readonly offsetUs: number;
  readonly slewPpm?: number;
}): Timeline {
  const slope = (start.slewPpm ?? SLEW_PPM_MAX) / 1e6;
  assert(slope > 0 && slope <= SLEW_PPM_MAX / 1e6, 'the slew is above 0 and at most 500 ppm');
  let baseMonotonicUs = 0;
  let baseOffsetUs = start.offsetUs;
  let targetOffsetUs = start.offsetUs;
  let held = false;
  let lastUs = Number.NEGATIVE_INFINITY;

  const offsetAt = (monotonicUs: number): number => {
    const correctionUs = targetOffsetUs - baseOffsetUs;
    if (held || correctionUs === 0) return baseOffsetUs;
    const slewableUs = Math.max(0, monotonicUs - baseMonotonicUs) * slope;
    if (slewableUs >= Math.abs(correctionUs)) return targetOffsetUs;
    return baseOffsetUs + Math.sign(correctionUs) * slewableUs;
  };
  const rebase = (monotonicUs: number): void => {
    baseOffsetUs = offsetAt(monotonicUs);
    baseMonotonicUs = monotonicUs;
  };

  const peek = (monotonicUs: number): number => {
    const officialUs = Math.floor(monotonicUs + offsetAt(monotonicUs));
    return officialUs > lastUs ? officialUs : lastUs;
  };

  return {
    peek,
    at(monotonicUs) {
      lastUs = peek(monotonicUs);
      return lastUs;
    },
    offsetUs: offsetAt,
    remainingUs: (monotonicUs) => targetOffsetUs - offsetAt(monotonicUs),
    aim(monotonicUs, offsetUs) {
      rebase(monotonicUs);
      targetOffsetUs = offsetUs;
    },
    stepToTarget(monotonicUs) {
      const backwards = targetOffsetUs < offsetAt(monotonicUs);
      assert(!backwards || lastUs === Number.NEGATIVE_INFINITY, 'a clock in use is not set back');
      baseOffsetUs = targetOffsetUs;
      baseMonotonicUs = monotonicUs;
    },
    hold(monotonicUs, hold) {
      rebase(monotonicUs);
      held = hold;
    },
    monotonicAt(officialUs) {
      const unslewedUs = officialUs - baseOffsetUs;
      const correctionUs = targetOffsetUs - baseOffsetUs;
      if (held || correctionUs === 0) return unslewedUs;
      const duringUs =
        baseMonotonicUs + (unslewedUs - baseMonotonicUs) / (1 + Math.sign(correctionUs) * slope);
      const endUs = baseMonotonicUs + Math.abs(correctionUs) / slope;
      return duringUs <= endUs ? duringUs : officialUs - targetOffsetUs;
    },
    wasRead: () => lastUs !== Number.NEGATIVE_INFINITY,
  };
}
