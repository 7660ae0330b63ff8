/**
 * Throughput against latency: the gate, and a bare echo beside it, under closed loops of more and
 * more connections, one submission in flight each. Each level is one point of the curve.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkRun } from '#bench/check.ts';
import type { Acknowledgement } from '#bench/drivers/swarm.ts';
import { type Curve, type Figure, noneOf, reported } from '#bench/figures.ts';
import { CLOSED_LOOP, COUNTS } from '#bench/methods.ts';
import type { Outcome, Say } from '#bench/scenario.ts';
import { loadGate, startLoadedGate, unanswered } from '#bench/scenarios/gate-load.ts';
import { layReadyLoad } from '#bench/scenarios/ready-load.ts';
import { runTable, type TableRun } from '#bench/scenarios/run-table.ts';
import { runEcho, type Shape } from '#bench/scenarios/submissions.ts';
import { latenciesOf, spreadOf } from '#bench/statistics.ts';

export interface LoadCurveSizes {
  readonly runs: number;
  readonly levels: readonly number[];
  /** Submissions of a level: about as many as take the same time. */
  readonly applications: (connections: number) => number;
}

export const FULL: LoadCurveSizes = {
  ...{ runs: 5, levels: [10, 50, 200, 600, 2_000] },
  applications: (connections) => Math.min(40_000, 300 * connections + 8_000),
};
export const QUICK: LoadCurveSizes = {
  ...{ runs: 1, levels: [50] },
  applications: (connections) => 20 * connections,
};

export const METHOD = `${CLOSED_LOOP} One gate serves all levels, from few connections to many, one
in flight each; the echo is started anew for every level. The chart has the median of each level.
${COUNTS}`;

const GATE = 'gate';
const ECHO = 'bare echo';

/** The medians of a server's levels, as points of the curve. */
export function curveOf(name: string, runs: readonly TableRun[]): Curve {
  const mine = runs.filter(({ peer }) => peer === name);
  const levels = [...Map.groupBy(mine, ({ shape }) => shape.connections).values()];
  const points = levels.map((level) => {
    const of = (read: (run: TableRun) => number) => spreadOf(level.map(read)).median;
    const p99 = of(({ result }) => latenciesOf(result.latenciesMs).p99);
    return [of(({ result }) => result.ratePerSecond), p99] as const;
  });
  return { chart: 'latency', name: `${name}, closed loop, 1 in flight`, points };
}

/** The highest rate of each run over all levels. */
function highest(runs: readonly TableRun[], name: string): number[] {
  const levels = Map.groupBy(
    runs.filter(({ peer }) => peer === name),
    ({ shape }) => shape.connections,
  );
  const rates = [...levels.values()].map((level) => level.map((run) => run.result.ratePerSecond));
  return (rates[0] ?? []).map((_, run) => Math.max(...rates.map((level) => level[run] ?? 0)));
}

function figuresOf(runs: readonly TableRun[], faults: readonly string[]): Figure[] {
  const most = [GATE, ECHO].map(
    (name): Figure => ({
      ...{ scenario: `${name}: most answers/s of all levels`, ...reported, worst: 'lowest' },
      ...{ values: highest(runs, name), curve: curveOf(name, runs) },
    }),
  );
  return [...most, noneOf('load curve: lost, doubled or untrue', [faults.length])];
}

/** The curve of gate and echo. */
export async function measureLoadCurve(sizes: LoadCurveSizes, say: Say): Promise<Outcome> {
  const directory = mkdtempSync(join(tmpdir(), 'clickday-load-curve-'));
  const load = layReadyLoad(directory);
  const gate = await startLoadedGate(directory);
  const told: Acknowledgement[] = [];
  const faults: string[] = [];
  const playGate = async (shape: Shape): Promise<TableRun> => {
    const each = Math.ceil(shape.applications / shape.connections);
    const accounts = load.accounts(shape.connections, each);
    const { result, serverCpuShare } = await loadGate(gate, { accounts, inFlight: shape.inFlight });
    faults.push(...unanswered(result, each * shape.connections));
    for (const one of result.acknowledgements) told.push(one);
    return { peer: GATE, shape, result, serverCpuShare, violations: [] };
  };
  try {
    const runs = await playLevels(sizes, { say, play: [playGate, playEcho] });
    await gate.stop();
    faults.push(...(await checkRun(directory, told)));
    return { figures: figuresOf(runs, faults), tables: [runTable(runs)] };
  } finally {
    await gate.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

function playEcho(shape: Shape): Promise<TableRun> {
  const each = Math.ceil(shape.applications / shape.connections);
  const application = '0'.repeat(26);
  const account = { account: '', email: '', password: '', passbooks: [] };
  const accounts = Array.from({ length: shape.connections }, () => ({
    ...account,
    applications: Array.from({ length: each }, () => application),
  }));
  return runEcho(shape, accounts);
}

async function playLevels(
  sizes: LoadCurveSizes,
  { say, play }: { say: Say; play: readonly ((shape: Shape) => Promise<TableRun>)[] },
): Promise<TableRun[]> {
  const done: TableRun[] = [];
  for (let run = 0; run < sizes.runs; run += 1) {
    for (const connections of sizes.levels) {
      const shape = { connections, inFlight: 1, applications: sizes.applications(connections) };
      for (const playOne of play) {
        const ran = await playOne(shape);
        done.push(ran);
        const { peer, result } = ran;
        const { p99 } = latenciesOf(result.latenciesMs);
        say(`${peer}, ${connections}: ${Math.round(result.ratePerSecond)}/s, ${p99.toFixed(1)} ms`);
      }
    }
  }
  return done;
}
