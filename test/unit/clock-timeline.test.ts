/** The line of official time: continuous, never back, at most 500 ppm beside the monotonic. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTimeline } from '../../engine/clock/timeline.ts';

fc.configureGlobal({ seed: 2011_01_31, numRuns: 500 });

const SECOND = 1_000_000;

describe('the line of official time', () => {
  it('slews 1 ms forward in 2 s, and then runs level', () => {
    const line = createTimeline({ offsetUs: 5 });
    line.aim(0, 1_005);
    expect(line.at(SECOND)).toBe(SECOND + 505);
    expect(line.remainingUs(SECOND)).toBe(500);
    expect(line.at(2 * SECOND)).toBe(2 * SECOND + 1_005);
    expect(line.at(9 * SECOND)).toBe(9 * SECOND + 1_005);
  });

  it('slews backwards without going back', () => {
    const line = createTimeline({ offsetUs: 0 });
    line.aim(0, -SECOND);
    expect(line.at(SECOND)).toBe(SECOND - 500);
    expect(line.remainingUs(SECOND)).toBe(-SECOND + 500);
  });

  it('stands by the reading it gave when the monotonic clock were to go back', () => {
    const line = createTimeline({ offsetUs: 0 });
    expect(line.at(1_000)).toBe(1_000);
    expect(line.at(999)).toBe(1_000);
  });

  it('is level while held and tells what is left uncorrected', () => {
    const line = createTimeline({ offsetUs: 0 });
    line.aim(0, 1_000);
    line.hold(SECOND, true);
    expect(line.at(3 * SECOND)).toBe(3 * SECOND + 500);
    expect(line.remainingUs(3 * SECOND)).toBe(500);
    line.aim(3 * SECOND, 0);
    expect(line.at(4 * SECOND)).toBe(4 * SECOND + 500);
    line.hold(4 * SECOND, false);
    expect(line.at(5 * SECOND)).toBe(5 * SECOND);
  });

  it('refuses to step back once it was read, and may before', () => {
    const line = createTimeline({ offsetUs: 0 });
    line.aim(0, -SECOND);
    line.stepToTarget(0);
    expect(line.at(2 * SECOND)).toBe(SECOND);
    line.aim(2 * SECOND, -2 * SECOND);
    expect(() => line.stepToTarget(2 * SECOND)).toThrow('not set back');
  });

  it('refuses a slew above 500 ppm', () => {
    expect(() => createTimeline({ offsetUs: 0, slewPpm: 501 })).toThrow('500 ppm');
  });

  const action = fc.record({
    afterUs: fc.integer({ min: 0, max: 20 * SECOND }),
    targetUs: fc.option(fc.integer({ min: -3 * SECOND, max: 3 * SECOND })),
    held: fc.boolean(),
  });

  it('never goes back and never leaves the 500 ppm, whatever it is aimed at', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 40 }), (actions) => {
        const line = createTimeline({ offsetUs: 1.7e15 });
        let monotonicUs = 0;
        let officialUs = line.at(0);
        for (const { afterUs, targetUs, held } of actions) {
          if (targetUs !== null) line.aim(monotonicUs, 1.7e15 + targetUs);
          line.hold(monotonicUs, held);
          monotonicUs += afterUs;
          const nextUs = line.at(monotonicUs);
          const beside = Math.abs(nextUs - officialUs - afterUs);
          expect(nextUs).toBeGreaterThanOrEqual(officialUs);
          expect(beside).toBeLessThanOrEqual(afterUs * 500e-6 + 2);
          officialUs = nextUs;
        }
      }),
    );
  });

  it('tells the monotonic instant at which it will read a given time', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -100_000, max: 100_000 }),
        fc.integer({ min: 0, max: 600 * SECOND }),
        (targetUs, aheadUs) => {
          const line = createTimeline({ offsetUs: 1.7e15 });
          line.aim(0, 1.7e15 + targetUs);
          const officialUs = 1.7e15 + aheadUs;
          const readUs = line.at(line.monotonicAt(officialUs));
          expect(Math.abs(readUs - officialUs)).toBeLessThanOrEqual(1);
        },
      ),
    );
  });
});
