/** Refusals around an opening: nothing is written while what matters is to read. */
import { describe, expect, it } from 'vitest';
import { manualTimers } from '#engine/clock/index.ts';
import { createEarlyRefusals } from '#engine/gate/early.ts';
import { limits } from '#engine/limits.ts';
import { submissionOf } from '#test/support/gate-submissions.ts';

function stage(near = true) {
  const timers = manualTimers();
  const told: string[][] = [];
  const opening = { isNear: near };
  const early = createEarlyRefusals({
    timers,
    openings: { isNear: () => opening.isNear },
    tell: (submissions) => told.push(submissions.map(({ application }) => application)),
  });
  const hold = (id: string) => early.hold(submissionOf(id));
  return { timers, told, opening, early, hold };
}

describe('a refusal as too early', () => {
  it('is told at once while no opening is near', () => {
    const { hold, timers } = stage(false);
    expect(hold('a')).toBe(false);
    expect(timers.pending()).toBe(0);
  });

  it('waits until the pass of those who are let in first is over, then all are told once', () => {
    const { hold, timers, told, opening } = stage();
    expect(hold('a')).toBe(true);
    for (let pass = 0; pass < 3; pass += 1) timers.runImmediates();
    expect(hold('b')).toBe(true);
    // The door opens at the end of this pass; the next one reads who is let in.
    opening.isNear = false;
    timers.runImmediates();
    timers.runImmediates();
    expect(told).toEqual([]);
    timers.runImmediates();
    expect(told).toEqual([['a', 'b']]);
    expect(timers.pending()).toBe(0);
  });

  it('waits as long when only the last draining pass has read it', () => {
    const { hold, timers, told, opening } = stage();
    hold('a');
    opening.isNear = false;
    for (let pass = 0; pass < 2; pass += 1) timers.runImmediates();
    expect(told).toEqual([]);
    timers.runImmediates();
    expect(told).toEqual([['a']]);
  });

  it('is told before anybody hears that he was entered, but never while an opening is near', () => {
    const { hold, timers, told, opening, early } = stage();
    hold('a');
    early.beforeAcceptance();
    expect(told).toEqual([]);
    opening.isNear = false;
    early.beforeAcceptance();
    early.beforeAcceptance();
    expect(told).toEqual([['a']]);
    while (timers.runImmediates() > 0);
    expect(told).toEqual([['a']]);
  });

  it('is held again at the next opening', () => {
    const { hold, timers, told, opening } = stage();
    hold('a');
    opening.isNear = false;
    while (timers.runImmediates() > 0);
    opening.isNear = true;
    expect(hold('b')).toBe(true);
    timers.runImmediates();
    expect(told).toEqual([['a']]);
    opening.isNear = false;
    while (timers.runImmediates() > 0);
    expect(told).toEqual([['a'], ['b']]);
  });

  it('is told at once beyond the bound of those held', () => {
    const { hold } = stage();
    const first = Array.from({ length: limits.earlyHeldMax }, (_, at) => hold(String(at)));
    expect(first.every((isHeld) => isHeld)).toBe(true);
    expect(hold('one more')).toBe(false);
  });
});
