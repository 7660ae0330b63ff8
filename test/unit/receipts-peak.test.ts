/** Receipts give way to a peak, and keep a pace beside gates at work. */
import { describe, expect, it } from 'vitest';
import { createPeak } from '#engine/receipts/peak.ts';

const SECOND = 1_000_000;

/** Plays so many entries a second, ten steps each; whether a peak was on at the end of each. */
function played(perSecond: readonly number[]): boolean[] {
  const peak = createPeak();
  return perSecond.map((count, second) => {
    for (let step = 0; step < 10; step += 1) {
      peak.saw(count / 10, second * SECOND + step * 100_000);
    }
    return peak.isOn(second * SECOND + 950_000);
  });
}

describe('a peak', () => {
  it('is none when entries trickle in', () => {
    expect(played([50, 190, 190, 0])).toEqual([false, false, false, false]);
  });

  it('is on in the second that brings two hundred and in the one after it', () => {
    expect(played([0, 200, 0, 0])).toEqual([false, true, true, false]);
  });

  it('is near from twenty entries a second on, that second and the one after it', () => {
    const peak = createPeak();
    peak.saw(19, 0);
    expect(peak.isNear(10)).toBe(false);
    peak.saw(1, 20);
    expect([peak.isNear(30), peak.isOn(30)]).toEqual([true, false]);
    expect(peak.isNear(SECOND)).toBe(true);
    expect(peak.isNear(2 * SECOND - 1)).toBe(true);
    expect(peak.isNear(2 * SECOND)).toBe(false);
  });

  it('is over when nothing has come for two seconds', () => {
    const peak = createPeak();
    peak.saw(5000, 0);
    expect(peak.isOn(1)).toBe(true);
    expect(peak.isOn(2 * SECOND)).toBe(false);
  });

  it('holds receipts up for ten minutes at most', () => {
    const on = played(Array.from({ length: 605 }, () => 400));
    expect(on.slice(0, 600).every(Boolean)).toBe(true);
    expect(on.at(-1)).toBe(false);
  });

  it('is not made by a clock that was set back', () => {
    const peak = createPeak();
    peak.saw(180, 10 * SECOND);
    peak.saw(180, 5 * SECOND);
    expect(peak.isOn(5 * SECOND)).toBe(false);
  });
});
