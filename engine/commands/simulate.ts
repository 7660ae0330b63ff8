/**
 * `clickday simulate`: click days from seeds with everything that can go wrong, played by the
 * engine's own code in one process, and checked by who trusts nobody (docs/simulation.md). Exit
 * status 1 when a promise was broken, or when a mutant was not seen.
 */
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { systemClock, systemTimers } from '#engine/clock/index.ts';
import {
  type Broken,
  catchMutant,
  judge,
  MUTANTS,
  type Mutant,
  type RunOptions,
  runSeed,
  type Scenario,
  shrink,
  type Verdict,
} from '#engine/simulation/index.ts';
import { emit, Refused, say } from './context.ts';

export interface SimulateFlags {
  /** The first seed; with it and without `runs` only that one is played. */
  readonly seed?: number;
  readonly runs?: number;
  readonly minutes: number;
  readonly mutant?: string;
  readonly mutants?: boolean;
  /** A file for every line of the trace. */
  readonly trace?: string;
  readonly json?: boolean;
}

const RUNS = 100;
const SEEDS_MAX = 200;
const SHRINKING_RUNS_MAX = 400;
/** Failing seeds that are made smaller. */
const SHRUNK_MAX = 3;
const PROGRESS_US = 2_000_000;
const TOLD_MAX = 10;

export async function simulate(flags: SimulateFlags): Promise<void> {
  const options = { minutes: flags.minutes, timers: systemTimers() };
  if (flags.mutants === true) return tellMutants(options, flags);
  const mutant = mutantNamed(flags.mutant);
  const isReplay = flags.seed !== undefined && flags.runs === undefined;
  const seeds = { first: flags.seed ?? 1, count: flags.runs ?? (isReplay ? 1 : RUNS) };
  const trace = flags.trace === undefined ? undefined : createWriteStream(flags.trace);
  const onLine = trace && ((line: string) => void trace.write(`${line}\n`));
  const failed = await playAll(seeds, { ...options, mutant, onLine }, flags);
  if (trace !== undefined) {
    trace.end();
    await finished(trace);
  }
  if (failed > 0) process.exitCode = 1;
}

function mutantNamed(name: string | undefined): Mutant | undefined {
  if (name === undefined) return undefined;
  const mutant = MUTANTS.find((one) => one.name === name);
  if (mutant !== undefined) return mutant;
  const names = MUTANTS.map((one) => one.name).join(', ');
  throw new Refused('USAGE', `there is no mutant "${name}"; there are ${names}`);
}

/** Plays seeds one after the other; gives how many failed. */
async function playAll(
  seeds: { readonly first: number; readonly count: number },
  options: RunOptions,
  flags: SimulateFlags,
): Promise<number> {
  const clock = systemClock();
  const startedUs = clock.nowUs();
  let toldUs = startedUs;
  const failing: string[] = [];
  let [acknowledged, simulatedS] = [0, 0];
  for (let played = 1; played <= seeds.count; played += 1) {
    const seed = String(seeds.first + played - 1);
    const verdict = await runSeed(seed, options);
    acknowledged += verdict.acknowledged;
    simulatedS += verdict.simulatedS;
    const isFailed = verdict.broken.length > 0;
    if (isFailed) failing.push(seed);
    if (isFailed || seeds.count === 1) tell(verdict, options, flags);
    if (isFailed && failing.length <= SHRUNK_MAX) await tellSmaller(verdict, options, flags);
    const nowUs = clock.nowUs();
    if (nowUs - toldUs < PROGRESS_US || played === seeds.count) continue;
    toldUs = nowUs;
    say(`${played} of ${seeds.count} seeds played, ${failing.length} failed`);
  }
  const tookS = Math.round((clock.nowUs() - startedUs) / 1e5) / 10;
  const counts = { seeds: seeds.count, failed: failing.length, acknowledged };
  if (flags.json) emit({ ...counts, failing, simulatedS: Math.round(simulatedS), tookS });
  say(
    `${seeds.count} seeds played in ${tookS} s (${Math.round(simulatedS / 60)} simulated minutes, ` +
      `${acknowledged} acknowledgements checked): ` +
      (failing.length === 0 ? 'every promise kept' : `FAILED ${failing.join(', ')}`),
  );
  return failing.length;
}

function tell(verdict: Verdict, { mutant }: RunOptions, flags: SimulateFlags): void {
  const { scenario, digest, broken, acknowledged } = verdict;
  const { seed } = scenario;
  if (flags.json) {
    emit({ seed, digest, acknowledged, ...(mutant && { mutant: mutant.name }), broken });
    return;
  }
  say(`seed ${seed}: digest ${digest}, ${size(scenario)}`);
  for (const { code, detail } of broken.slice(0, TOLD_MAX)) say(`  ${code}: ${detail}`);
  if (broken.length > TOLD_MAX) say(`  … and ${broken.length - TOLD_MAX} more`);
}

/** The same failure with as little as possible. */
async function tellSmaller(
  verdict: Verdict,
  options: RunOptions,
  flags: SimulateFlags,
): Promise<void> {
  const code = verdict.broken[0]?.code;
  const quiet = { ...options, onLine: undefined };
  const shows = (broken: readonly Broken[]) => broken.some((one) => one.code === code);
  const fails = async (smaller: Scenario) => shows((await judge(smaller, quiet)).broken);
  const { scenario, runs } = await shrink(verdict.scenario, fails, SHRINKING_RUNS_MAX);
  if (flags.json) {
    emit({ seed: scenario.seed, smaller: scenario, runs });
    return;
  }
  say(`  smaller, after ${runs} runs, and still ${code}: ${size(scenario)}`);
  const from = (us: number) => `${((us - scenario.opensAtUs) / 1e6).toFixed(6)} s`;
  say(`    closes at ${from(scenario.closesAtUs)} from the opening`);
  for (const { kind, target, atUs, us, count } of scenario.faults) {
    say(`    ${from(atUs)} ${kind} of ${target}, ${us} µs, ${count} effects`);
  }
  for (const { name, kind, applications, startsAtUs } of scenario.devices) {
    say(`    ${from(startsAtUs)} ${kind} ${name} with ${applications.join(' ')}`);
  }
}

function size({ gates, devices, faults }: Scenario): string {
  const applications = new Set(devices.flatMap((device) => device.applications)).size;
  const many = [
    `${gates.length} gates`,
    `${devices.length} devices`,
    `${applications} applications`,
    `${faults.length} faults`,
  ];
  return many.join(', ');
}

/** Every mutant with the first seed in which its checker sees it, and who else does. */
async function tellMutants(options: RunOptions, flags: SimulateFlags): Promise<void> {
  let unseen = 0;
  for (const mutant of MUTANTS) {
    const verdict = await catchMutant(mutant, { ...options, seedsMax: SEEDS_MAX });
    if (verdict === undefined) unseen += 1;
    const codes = new Set(verdict?.broken.map(({ code }) => code));
    codes.delete(mutant.seenBy);
    const others = [...codes].join(' ');
    const seed = verdict?.scenario.seed;
    const { name, bug, seenBy } = mutant;
    if (flags.json) emit({ mutant: name, bug, seed: seed ?? null, seenBy, others: [...codes] });
    else say(`${name.padEnd(26)} ${(seed ?? 'NOT SEEN').padEnd(9)} ${seenBy.padEnd(25)} ${others}`);
  }
  say(
    unseen === 0
      ? `${MUTANTS.length} mutants, each seen within ${SEEDS_MAX} seeds`
      : `${unseen} of ${MUTANTS.length} mutants NOT SEEN within ${SEEDS_MAX} seeds`,
  );
  if (unseen > 0) process.exitCode = 1;
}
