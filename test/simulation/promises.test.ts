/**
 * The click day of the simulation keeps its promises whatever goes wrong, a seed replays exactly,
 * and every deliberate bug is seen: a share of `clickday simulate`, bounded for every day's use.
 */
import { describe, expect, it } from 'vitest';
import { systemTimers } from '#engine/clock/index.ts';
import { catchMutant, FAULT_KINDS, MUTANTS, runSeed } from '#engine/simulation/index.ts';

const OPTIONS = { minutes: 1, timers: systemTimers() };
const CLEAN_SEEDS = 300;
const SEEDS_A_CASE = 25;
const MUTANT_SEEDS_MAX = 200;
const CASE_MS_MAX = 60_000;

const firstSeeds = Array.from({ length: CLEAN_SEEDS / SEEDS_A_CASE }, (_, at) => ({
  from: at * SEEDS_A_CASE + 1,
  to: (at + 1) * SEEDS_A_CASE,
}));

describe('a click day with faults', () => {
  const seen = new Set<string>();
  let acknowledged = 0;

  it.each(firstSeeds)(
    'keeps every promise, seeds $from to $to',
    async ({ from, to }) => {
      const broken: string[] = [];
      for (let seed = from; seed <= to; seed += 1) {
        const verdict = await runSeed(String(seed), OPTIONS);
        for (const { kind } of verdict.scenario.faults) seen.add(kind);
        acknowledged += verdict.acknowledged;
        broken.push(...verdict.broken.map(({ code, detail }) => `${seed}: ${code}: ${detail}`));
      }
      expect(broken).toEqual([]);
    },
    CASE_MS_MAX,
  );

  it('has met every kind of fault meanwhile, and acknowledged a lot', () => {
    expect([...seen].sort()).toEqual([...FAULT_KINDS].sort());
    expect(acknowledged).toBeGreaterThan(100 * CLEAN_SEEDS);
  });

  it('is the same again for the same seed, and another one for another', async () => {
    const digests: string[] = [];
    for (const seed of ['7', '8', '7', '8']) {
      digests.push((await runSeed(seed, OPTIONS)).digest);
    }
    expect(digests.slice(2)).toEqual(digests.slice(0, 2));
    expect(digests[0]).not.toBe(digests[1]);
  });
});

describe('the checkers', () => {
  it('have twenty-two mutants to see', () => expect(MUTANTS).toHaveLength(22));

  it.each(MUTANTS)(
    'see the mutant $name: $seenBy',
    async (mutant) => {
      const seen = await catchMutant(mutant, { ...OPTIONS, seedsMax: MUTANT_SEEDS_MAX });
      expect(seen?.broken.map(({ code }) => code)).toContain(mutant.seenBy);
    },
    CASE_MS_MAX,
  );
});
