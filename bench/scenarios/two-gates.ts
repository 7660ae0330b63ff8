/**
 * Two gates on one data directory, each a process with a ledger of its own, beside one of them
 * alone. Every gate has a generator of its own, so that no generator is the limit where there are
 * cores for all.
 *
 * Two loads never run for exactly the same time, so the rate is counted from the stamps in the
 * ledgers: all entries within the time in which every load was under way, its first fifth left out.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkRun } from '#bench/check.ts';
import type { Acknowledgement } from '#bench/drivers/swarm.ts';
import { type Figure, medianAtLeast, noneOf, reported } from '#bench/figures.ts';
import { COUNTS } from '#bench/methods.ts';
import type { Say } from '#bench/scenario.ts';
import {
  type LoadedGate,
  type LoadRun,
  loadGate,
  startLoadedGate,
  unanswered,
} from '#bench/scenarios/gate-load.ts';
import { ratiosOf } from '#bench/scenarios/ratios.ts';
import { layReadyLoad, type ReadyLoad } from '#bench/scenarios/ready-load.ts';
import { usFromIso } from '#protocol/time.ts';

export interface TwoGatesSizes {
  readonly runs: number;
  readonly connections: number;
  readonly inFlight: number;
  /** Submissions of one load. */
  readonly applications: number;
}

export const FULL: TwoGatesSizes = {
  ...{ runs: 5, connections: 400, inFlight: 4, applications: 160_000 },
};
export const QUICK: TwoGatesSizes = {
  ...{ runs: 1, connections: 100, inFlight: 4, applications: 12_000 },
};

export const METHOD = `Two gate processes serve one data directory, each with a ledger of its own
(\`start --roles gate --gate-id g2\` beside the first). Closed loop, 400 connections with 4 in
flight a gate, each gate with a generator of its own; in turns with the same load on one gate
while the other rests. The rate is counted from the stamps in the ledgers, within the time in
which every load was under way, the first fifth of each left out. On fewer than four cores gates
and generators take each other's time, and the figure says little of the gates. ${COUNTS}`;

const CORES_FOR_TARGET = 4;
const TARGET = 1.6;
const WARM_UP_SHARE = 0.2;
const BARRIER_MS_MAX = 10_000;

/** Entries a second while every load was under way; `loads` are the stamps of each, in µs. */
export function commonRate(loads: readonly (readonly number[])[]): number {
  const rising = loads.map((stamps) => stamps.toSorted((a, b) => a - b));
  const warm = (stamps: readonly number[]) => stamps[Math.floor(stamps.length * WARM_UP_SHARE)];
  const fromUs = Math.max(...rising.map((stamps) => warm(stamps) ?? Number.NaN));
  const toUs = Math.min(...rising.map((stamps) => stamps.at(-1) ?? Number.NaN));
  const within = rising.flat().filter((stampUs) => stampUs >= fromUs && stampUs < toUs);
  return toUs > fromUs ? within.length / ((toUs - fromUs) / 1e6) : Number.NaN;
}

const stampsOf = ({ result }: LoadRun) =>
  result.acknowledgements.map(({ stamp }) => usFromIso(stamp));

/** A gate with everything it acknowledged so far. */
interface Member {
  readonly gate: LoadedGate;
  readonly acknowledgements: Acknowledgement[];
}

interface Turn {
  readonly rate: number;
  /** Of the generators, and of the busier gate. */
  readonly generatorShare: number;
  readonly serverShare: number;
}

interface Stage {
  readonly sizes: TwoGatesSizes;
  readonly load: ReadyLoad;
  readonly say: Say;
  readonly faults: string[];
}

/** Lets nobody pass before all are there, or somebody is missing for too long. */
export function createBarrier(count: number, waitMs = BARRIER_MS_MAX): () => Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let missing = count;
  return async () => {
    missing -= 1;
    if (missing === 0) resolve();
    const tooLate = setTimeout(resolve, waitMs);
    await promise;
    clearTimeout(tooLate);
  };
}

/** A load on each of some gates at once, one connection an account. */
async function play(stage: Stage, some: readonly Member[]): Promise<Turn> {
  const { connections, inFlight, applications } = stage.sizes;
  const each = Math.floor(applications / connections);
  const loads = some.map((member) => ({
    member,
    accounts: stage.load.accounts(connections, each),
  }));
  const together = createBarrier(some.length);
  const playing = loads.map(async ({ member, accounts }) => {
    const run = await loadGate(member.gate, { accounts, inFlight }, together);
    stage.faults.push(...unanswered(run.result, each * connections));
    for (const one of run.result.acknowledgements) member.acknowledgements.push(one);
    return run;
  });
  const runs = await Promise.all(playing);
  const rate = commonRate(runs.map(stampsOf));
  stage.say(`${some.map(({ gate }) => gate.id).join(' and ')}: ${Math.round(rate)}/s`);
  const generatorShare = Math.max(...runs.map(({ result }) => result.cpuShare));
  return { rate, generatorShare, serverShare: Math.max(...runs.map((one) => one.serverCpuShare)) };
}

/** The figures of two gates beside one. */
export async function measureTwoGates(sizes: TwoGatesSizes, say: Say): Promise<Figure[]> {
  const directory = mkdtempSync(join(tmpdir(), 'clickday-two-gates-'));
  const data = join(directory, 'data');
  const stage: Stage = { sizes, load: layReadyLoad(data), say, faults: [] };
  const members: Member[] = [];
  const stopAll = () => Promise.all(members.map(({ gate }) => gate.stop()));
  try {
    for (const id of ['g1', 'g2']) {
      members.push({ gate: await startLoadedGate(data, id), acknowledgements: [] });
    }
    const turns = await playTurns(sizes.runs, members, (some) => play(stage, some));
    await stopAll();
    for (const { gate, acknowledgements } of members) {
      stage.faults.push(...(await checkRun(data, acknowledgements, gate.id)));
    }
    for (const fault of stage.faults.slice(0, 5)) say(`  FAULT ${fault}`);
    return figuresOf(turns, stage.faults);
  } finally {
    await stopAll();
    rmSync(directory, { recursive: true, force: true });
  }
}

interface Turns {
  readonly one: Turn[];
  readonly two: Turn[];
}

/** One gate and both in turns; which of the two is alone, and who begins, changes. */
async function playTurns(
  runs: number,
  members: readonly Member[],
  playOn: (some: readonly Member[]) => Promise<Turn>,
): Promise<Turns> {
  const turns: Turns = { one: [], two: [] };
  for (let at = 0; at < runs; at += 1) {
    const alone = members.slice(at % members.length).slice(0, 1);
    const both = async () => turns.two.push(await playOn(members));
    if (at % 2 === 1) await both();
    turns.one.push(await playOn(alone));
    if (at % 2 === 0) await both();
  }
  return turns;
}

function figuresOf({ one, two }: Turns, faults: readonly string[]): Figure[] {
  const cores = availableParallelism();
  const rates = (turns: readonly Turn[]) => turns.map(({ rate }) => rate);
  const shares = (read: (turn: Turn) => number) => two.map((turn) => read(turn) * 100);
  return [
    {
      ...{ scenario: 'two gates ÷ one', target: '≥ 1.6 on 4 cores', digits: 2 },
      ...{ ...medianAtLeast(TARGET), values: ratiosOf(rates(two), rates(one)) },
      ...(cores < CORES_FOR_TARGET && { notBinding: `does not bind on ${cores} cores` }),
    },
    {
      ...{ scenario: 'one gate, accepted/s', ...reported, worst: 'lowest', values: rates(one) },
    },
    {
      ...{ scenario: 'two gates, accepted/s', ...reported, worst: 'lowest', values: rates(two) },
    },
    {
      ...{ scenario: 'two gates: CPU of the busier gate, % of a core', ...reported },
      values: shares(({ serverShare }) => serverShare),
    },
    {
      ...{ scenario: "two gates: generators' CPU, % of a core", ...reported },
      values: shares(({ generatorShare }) => generatorShare),
    },
    noneOf('two gates: lost, doubled or untrue in either ledger', [faults.length]),
  ];
}
