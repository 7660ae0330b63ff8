/**
 * Manual time, on which the other tests and the simulation stand; and the real timers' contract.
 */
import { describe, expect, it } from 'vitest';
import {
  manualClock,
  manualHostClock,
  manualTimers,
  systemTimers,
} from '../../engine/clock/index.ts';

describe('manual timers', () => {
  it('run in the order of their due times, each with the clock at its own time', () => {
    const clock = manualClock({ nowUs: 1_000_000 });
    const timers = manualTimers(clock);
    const seen: [string, number][] = [];
    const note = (name: string) => () => void seen.push([name, clock.nowUs()]);
    timers.after(5, note('late'));
    timers.after(2, note('early'));
    timers.every(2, note('every'));
    timers.after(3, note('cancelled'))();
    timers.advance(5);
    expect(seen).toEqual([
      ['early', 1_002_000],
      ['every', 1_002_000],
      ['every', 1_004_000],
      ['late', 1_005_000],
    ]);
    expect(clock.nowUs()).toBe(1_005_000);
    expect(timers.pending()).toBe(1);
  });

  it('run a timer that another one sets within the same advance', () => {
    const timers = manualTimers();
    let ran = 0;
    timers.after(1, () => {
      timers.after(1, () => {
        ran += 1;
      });
    });
    timers.advance(2);
    expect(ran).toBe(1);
  });

  it('run immediates on demand, and new ones the next time', () => {
    const timers = manualTimers();
    const seen: string[] = [];
    timers.immediate(() => {
      seen.push('first');
      timers.immediate(() => void seen.push('second'));
    });
    timers.immediate(() => void seen.push('cancelled'))();
    timers.advance(1_000);
    expect(seen).toEqual([]);
    expect(timers.runImmediates()).toBe(1);
    expect(seen).toEqual(['first']);
    expect(timers.runImmediates()).toBe(1);
    expect(seen).toEqual(['first', 'second']);
  });
});

describe('the manual clocks', () => {
  it('give the reading they were set to', () => {
    const clock = manualClock({ nowUs: 5 });
    expect(clock.read()).toEqual({ nowUs: 5, uncertaintyUs: 0, sync: 'synchronised' });
    clock.set({ uncertaintyUs: 9, sync: 'holdover' });
    clock.advance(10);
    expect(clock.read()).toEqual({ nowUs: 15, uncertaintyUs: 9, sync: 'holdover' });
  });

  it('step the date without touching the monotonic clock', () => {
    const host = manualHostClock({ monotonicUs: 0, systemUs: 10_000_999 });
    host.stepSystem(-3_000_000);
    host.advance(1_500);
    expect(host.monotonicUs()).toBe(1_500);
    expect(host.systemUs()).toBe(7_002_000);
  });
});

describe('the timers of the system', () => {
  it('do not fire at once for a delay that setTimeout cannot hold', async () => {
    const timers = systemTimers();
    let fired = false;
    const cancel = timers.after(90 * 86_400_000, () => {
      fired = true;
    });
    await new Promise<void>((resolve) => void timers.after(5, resolve));
    expect(fired).toBe(false);
    cancel();
  });

  it('run every, immediate and after, and none once cancelled', async () => {
    const timers = systemTimers();
    const seen: string[] = [];
    timers.immediate(() => void seen.push('cancelled'))();
    timers.after(1, () => void seen.push('cancelled'))();
    await new Promise<void>((resolve) => void timers.immediate(resolve));
    await new Promise<void>((resolve) => {
      const cancel = timers.every(1, () => {
        seen.push('every');
        cancel();
        timers.after(3, resolve);
      });
    });
    expect(seen).toEqual(['every']);
  });
});
