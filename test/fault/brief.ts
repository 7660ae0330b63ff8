/** The bounded share of the faults, as tests: some rounds of each, and nothing may be broken. */
import { expect, it, type TestContext } from 'vitest';
import { isKept, type Scenario } from '#test/fault/stage/scenario.ts';
import { scoped } from '#test/support/scope.ts';

const SEED = 1;

export function playBriefly(scenario: Scenario): void {
  it(scenario.title, async (context) => {
    needRights(scenario, context);
    const play = { rounds: undefined, isBrief: true, seed: SEED, say: () => undefined };
    const outcome = await scoped((scope) => scenario.play({ ...play, scope }));
    expect(outcome).toMatchObject({ lost: 0, reordered: 0, doubled: 0, failures: [] });
    expect(isKept(outcome)).toBe(true);
    expect(outcome.rounds).toBeGreaterThan(0);
    expect(outcome.acknowledged).toBeGreaterThan(0);
  });
}

/** A file system of its own needs root; in CI its absence is a failure. */
function needRights(scenario: Scenario, context: TestContext): void {
  if (scenario.needsRoot !== true || process.getuid?.() === 0) return;
  if (process.env.CI) throw new Error('this fault needs root: it mounts a small file system');
  context.skip('needs root: it mounts a small file system');
}
