/** How long the public log rests, so that a gate at its limit is not slowed by it. */
import { describe, expect, it } from 'vitest';
import { BEHIND_MAX, restMs } from '#engine/log/pace.ts';

const BUSY = { stepMs: 2, behind: 5_000, isGrowing: true, mayBeSigned: true };
/** What is asked for between two checkpoints, ms. */
const CHECKPOINT_MS_MAX = 1_000;

describe('the pace of the public log', () => {
  it('is a twentieth of a core while entries come faster', () => {
    for (const stepMs of [0.5, 2, 10]) {
      const rest = restMs({ ...BUSY, stepMs });
      expect(stepMs / (stepMs + rest)).toBeCloseTo(1 / 20);
    }
  });

  it('is full when nothing comes, when too much is lacking, and before it may sign', () => {
    expect(restMs({ ...BUSY, isGrowing: false })).toBe(0);
    expect(restMs({ ...BUSY, mayBeSigned: false })).toBe(0);
    expect(restMs({ ...BUSY, behind: BEHIND_MAX + 1 })).toBe(0);
    expect(restMs({ ...BUSY, behind: BEHIND_MAX })).toBeGreaterThan(0);
  });

  it('leaves time to sign once a second, however long a step waited for a core', () => {
    const stepMs = CHECKPOINT_MS_MAX / 2;
    expect(restMs({ ...BUSY, stepMs })).toBeLessThan(CHECKPOINT_MS_MAX - stepMs);
  });

  it('never spins when there is nothing to read', () => {
    for (const isGrowing of [true, false]) {
      const rest = restMs({ ...BUSY, behind: 0, isGrowing });
      expect(rest).toBeGreaterThan(0);
      expect(rest).toBeLessThan(CHECKPOINT_MS_MAX / 2);
    }
  });
});
