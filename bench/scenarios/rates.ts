/**
 * Latency at several rates: an open loop at parts of what a closed loop of the same connections
 * sustains in the same minute, and above it. Latency counts from the instant each submission was
 * due, so a pause is charged for everybody who would have come meanwhile.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkRun } from '#bench/check.ts';
import { ACCEPTED } from '#bench/drivers/answers.ts';
import { playLoad } from '#bench/drivers/load.ts';
import { type Acknowledgement, swarmResultOf } from '#bench/drivers/swarm-result.ts';
import { type Curve, type Figure, noneOf, reported } from '#bench/figures.ts';
import { COUNTS } from '#bench/methods.ts';
import type { Outcome, Say } from '#bench/scenario.ts';
import { type LoadedGate, startLoadedGate, unanswered } from '#bench/scenarios/gate-load.ts';
import { layReadyLoad } from '#bench/scenarios/ready-load.ts';
import { type Latencies, latenciesOf, spreadOf } from '#bench/statistics.ts';

export interface RatesSizes {
  readonly runs: number;
  readonly connections: number;
  /** Submissions of the closed loop that finds the capacity. */
  readonly capacity: number;
  /** Of the capacity. */
  readonly parts: readonly number[];
  readonly seconds: number;
}

export const FULL: RatesSizes = {
  ...{ runs: 5, connections: 400, capacity: 80_000, seconds: 2 },
  parts: [0.1, 0.25, 0.5, 0.7, 0.8, 0.9, 1, 1.1],
};
export const QUICK: RatesSizes = {
  ...{ runs: 1, connections: 100, capacity: 10_000, seconds: 0.5, parts: [0.25, 0.5] },
};

export const METHOD = `Open loop over 400 connections on one gate: each run first finds the capacity
by a closed loop of the same connections with 4 in flight, then offers parts of it, 2 s each.
Latency counts from the instant a submission was due. The first fifth of each load is warm-up and
left out. Refusals are final and have no latency. The chart has the medians. ${COUNTS}`;

const SOURCE_ADDRESSES = ['127.0.0.1', '127.0.0.2', '127.0.0.3', '127.0.0.4'];
const WARM_UP_SHARE = 0.2;
const IN_FLIGHT = 4;

interface Level {
  readonly part: number;
  readonly accepted: number;
  readonly took: Latencies;
  readonly refused: number;
}

interface Stage {
  readonly sizes: RatesSizes;
  readonly gate: LoadedGate;
  readonly load: ReturnType<typeof layReadyLoad>;
  readonly told: Acknowledgement[];
  readonly faults: string[];
}

type Loop = Parameters<typeof playLoad>[0]['load'];

/** About `amount` submissions; what the generator saw and which rows count. */
async function play(stage: Stage, loop: Loop, amount: number) {
  const { connections } = stage.sizes;
  const accounts = stage.load.accounts(connections, Math.ceil(amount / connections));
  const target = { host: '127.0.0.1', port: stage.gate.port, path: '/v1/submissions' };
  const plan = { ...target, sourceAddresses: SOURCE_ADDRESSES, refs: false };
  const played = await playLoad({ ...plan, load: loop, connections: accounts });
  const result = swarmResultOf(
    played,
    accounts.flatMap(({ applications }) => applications),
  );
  for (const one of result.acknowledgements) stage.told.push(one);
  const refused = Object.values(result.refusals).reduce((sum, count) => sum + count, 0);
  const wanted = Math.ceil(amount / connections) * connections;
  stage.faults.push(...unanswered(result, wanted - refused));
  return { answers: played.answers, ratePerSecond: result.ratePerSecond, refused };
}

async function playPart(stage: Stage, part: number, capacity: number): Promise<Level> {
  const perSecond = capacity * part;
  const amount = perSecond * stage.sizes.seconds;
  const { answers, ratePerSecond, refused } = await play(
    stage,
    { kind: 'open', perSecond },
    amount,
  );
  const rows = Array.from(answers.outcome.keys()).filter(
    (row) => answers.outcome[row] === ACCEPTED,
  );
  const counted = rows.slice(Math.floor(rows.length * WARM_UP_SHARE));
  const took = latenciesOf(counted.map((row) => answers.atMs[row]! - answers.dueAtMs[row]!));
  return { part, accepted: ratePerSecond, took, refused };
}

/** All rates of one run, the capacity found in the same minute. */
async function playRun(stage: Stage, say: Say): Promise<Level[]> {
  const closed = { kind: 'closed', inFlight: IN_FLIGHT, honoursRetry: true } as const;
  const { ratePerSecond: capacity } = await play(stage, closed, stage.sizes.capacity);
  const levels: Level[] = [];
  for (const part of stage.sizes.parts) {
    levels.push(await playPart(stage, part, capacity));
    const { accepted, took } = levels.at(-1)!;
    say(
      `${part} of ${Math.round(capacity)}/s: ${Math.round(accepted)}/s, p99 ${took.p99.toFixed(1)}`,
    );
  }
  return levels;
}

/** The medians of each part, as points of the curve. */
function curveOf(levels: readonly (readonly Level[])[]): Curve {
  const points = levels.map((level) => {
    const of = (read: (one: Level) => number) => spreadOf(level.map(read)).median;
    return [of(({ accepted }) => accepted), of(({ took }) => took.p99)] as const;
  });
  return { chart: 'latency', name: 'gate, open loop', points };
}

function figuresOf(runs: readonly (readonly Level[])[], faults: readonly string[]): Figure[] {
  const levels = (runs[0] ?? []).map((_, at) => runs.map((run) => run[at]!));
  const highest = runs.map((run) => Math.max(...run.map(({ accepted }) => accepted)));
  return [
    {
      ...{ scenario: 'rates: most accepted/s of all parts', ...reported, worst: 'lowest' },
      ...{ values: highest, curve: curveOf(levels) },
    },
    noneOf('rates: lost, doubled or untrue', [faults.length]),
  ];
}

function tableOf(runs: readonly (readonly Level[])[]) {
  const levels = (runs[0] ?? []).map((_, at) => runs.map((run) => run[at]!));
  const rows = levels.map((level) => {
    const of = (read: (one: Level) => number) => spreadOf(level.map(read)).median;
    const ms = (name: keyof Latencies) => of(({ took }) => took[name]).toFixed(1);
    return [
      ...[`${level[0]!.part} of capacity`, String(level.length)],
      Math.round(of(({ accepted }) => accepted)).toLocaleString('en'),
      ...[ms('p50'), ms('p90'), ms('p99'), ms('p999'), ms('max')],
      String(level.reduce((sum, { refused }) => sum + refused, 0)),
    ];
  });
  const columns = [
    'offered',
    'runs',
    'accepted/s',
    'p50 ms',
    'p90',
    'p99',
    'p99.9',
    'max',
    'refused',
  ];
  return { columns, rows };
}

/** Latencies at parts of the capacity. */
export async function measureRates(sizes: RatesSizes, say: Say): Promise<Outcome> {
  const directory = mkdtempSync(join(tmpdir(), 'clickday-rates-'));
  const load = layReadyLoad(directory);
  const gate = await startLoadedGate(directory);
  const stage: Stage = { sizes, gate, load, told: [], faults: [] };
  const runs: Level[][] = [];
  try {
    for (let run = 0; run < sizes.runs; run += 1) runs.push(await playRun(stage, say));
    await gate.stop();
    stage.faults.push(...(await checkRun(directory, stage.told)));
    for (const fault of stage.faults.slice(0, 5)) say(`  FAULT ${fault}`);
    return { figures: figuresOf(runs, stage.faults), tables: [tableOf(runs)] };
  } finally {
    await gate.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}
