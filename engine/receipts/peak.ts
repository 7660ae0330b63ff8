/**
 * How much receipts give way to the gates (bench scenario `receipts-beside`, decision 38). Nobody
 * needs a receipt within the minute, everybody needs the answer of the gate.
 *
 *     entries a second   0 ──────── 20 ──────────────── 200 ─────────►
 *                        at full speed │ at a measured pace │ peak: they wait
 *
 * A peak that does not end holds receipts up no longer than `HELD_US_MAX`.
 */

export interface Peak {
  /** So many entries came at `nowUs`. */
  saw(count: number, nowUs: number): void;
  isOn(nowUs: number): boolean;
  /** Whether the gates have work that receipts are to leave time for. */
  isNear(nowUs: number): boolean;
}

/** Entries a second that are a peak: as many as the whole country sent at its worst in 2007. */
const PEAK_A_SECOND = 200;
/** From here on the gates are at work: a sender or two, or many people. */
const NEAR_A_SECOND = 20;
const SECOND_US = 1_000_000;
const HELD_US_MAX = 600 * SECOND_US;

/** Counts by whole seconds, so that the one that runs is not judged before it has run. */
export function createPeak(): Peak {
  let startUs = Number.NEGATIVE_INFINITY;
  let running = 0;
  let last = 0;
  let sinceUs: number | undefined;

  const turn = (nowUs: number): void => {
    const elapsed = nowUs - startUs;
    if (elapsed >= 0 && elapsed < SECOND_US) return;
    last = elapsed < 2 * SECOND_US ? running : 0;
    running = 0;
    startUs = nowUs;
  };

  return {
    saw: (count, nowUs) => {
      turn(nowUs);
      running += count;
    },
    isNear: (nowUs) => {
      turn(nowUs);
      return Math.max(running, last) >= NEAR_A_SECOND;
    },
    isOn: (nowUs) => {
      turn(nowUs);
      if (Math.max(running, last) < PEAK_A_SECOND) {
        sinceUs = undefined;
        return false;
      }
      sinceUs ??= nowUs;
      return nowUs - sinceUs < HELD_US_MAX;
    },
  };
}
