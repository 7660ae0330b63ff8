/** One seed from its scenario to the verdict, and the search for a seed that shows a bug. */
import type { Timers } from '#engine/clock/index.ts';
import { type Broken, check } from './check.ts';
import type { Mutant } from './mutant.ts';
import { type Scenario, scenarioOf } from './scenario.ts';
import { runScenario } from './world.ts';

export interface RunOptions {
  /** Simulated until nothing goes wrong any more. */
  readonly minutes: number;
  /** Of the host: gives its own signals a turn now and then. */
  readonly timers: Pick<Timers, 'immediate'>;
  readonly mutant?: Mutant | undefined;
  /** Hears every line of the trace. */
  readonly onLine?: ((line: string) => void) | undefined;
}

export interface Verdict {
  readonly scenario: Scenario;
  /** Of everything that happened: the same seed gives the same digest. */
  readonly digest: string;
  readonly broken: readonly Broken[];
  readonly acknowledged: number;
  readonly simulatedS: number;
}

/** Runs what a seed gives. */
export function runSeed(seed: string, options: RunOptions): Promise<Verdict> {
  return judge(scenarioOf(seed, options.minutes), options);
}

/** Runs a scenario and checks what is left of it. */
export async function judge(scenario: Scenario, options: RunOptions): Promise<Verdict> {
  const { timers, mutant, onLine } = options;
  const unhandled: Broken[] = [];
  const note = (error: unknown) => {
    unhandled.push({ code: 'UNCAUGHT', detail: `a promise: ${String(error)}` });
  };
  const breathe = () => new Promise<void>((resolve) => void timers.immediate(resolve));
  process.on('unhandledRejection', note);
  try {
    const remains = await runScenario(scenario, { breathe, mutant, onLine });
    await breathe();
    const { schedule, evidence } = remains.world;
    return {
      scenario,
      digest: remains.digest,
      broken: [...unhandled, ...check(remains)],
      acknowledged: evidence.acknowledged.length,
      simulatedS: (schedule.nowUs() - scenario.startsAtUs) / 1e6,
    };
  } finally {
    process.off('unhandledRejection', note);
  }
}

/** The first seed from 1 on in which the mutant is seen by its checker; undefined: in none. */
export async function catchMutant(
  mutant: Mutant,
  options: RunOptions & { readonly seedsMax: number },
): Promise<Verdict | undefined> {
  for (let seed = 1; seed <= options.seedsMax; seed += 1) {
    const verdict = await runSeed(String(seed), { ...options, mutant });
    if (verdict.broken.some(({ code }) => code === mutant.seenBy)) return verdict;
  }
  return undefined;
}
