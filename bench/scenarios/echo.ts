/**
 * The gate beside a bare uWebSockets echo, with the same swarm, in turns: what all its promises
 * cost. The echo answers each frame with a constant of the size of `accepted` and stores nothing.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Figure, medianAtLeast, noneOf, reported } from '#bench/figures.ts';
import { CLOSED_LOOP, COUNTS } from '#bench/methods.ts';
import type { Outcome, Say } from '#bench/scenario.ts';
import { ratesOf, ratiosOf } from '#bench/scenarios/ratios.ts';
import { layReadyLoad } from '#bench/scenarios/ready-load.ts';
import { faultsOf, loadName, runTable } from '#bench/scenarios/run-table.ts';
import { type Run, runEcho, runGate, type Shape } from '#bench/scenarios/submissions.ts';

/** `target`: the least ratio of gate to echo. */
interface EchoShape extends Shape {
  readonly target: number;
}

export interface EchoSizes {
  readonly runs: number;
  readonly shapes: readonly EchoShape[];
}

const LARGE = { connections: 2_000, inFlight: 1, target: 0.85 };
const SMALL = { connections: 400, inFlight: 4, target: 0.6 };

export const METHOD = `${CLOSED_LOOP} The bare echo is a uWebSockets server that answers each frame
with a constant of the size of \`accepted\` and stores nothing. A ratio is the gate's rate over the
echo's of the same turn. ${COUNTS} Where the generator is the limit the server can do more than the
row says, so the ratio flatters whoever is not limited by it.`;

export const FULL: EchoSizes = {
  runs: 5,
  shapes: [
    { ...LARGE, applications: 240_000 },
    { ...SMALL, applications: 320_000 },
  ],
};
export const QUICK: EchoSizes = {
  runs: 1,
  shapes: [
    { ...LARGE, applications: 16_000 },
    { ...SMALL, applications: 16_000 },
  ],
};

const ECHO = 'bare echo';
const GATE = 'gate';

function sayRun(run: Run, say: Say) {
  say(`${run.peer}, ${loadName(run)}: ${Math.round(run.result.ratePerSecond)} answers/s`);
  for (const fault of faultsOf(run).slice(0, 5)) say(`  FAULT ${fault}`);
}

/** Both servers in turns under one load; who begins changes from turn to turn. */
async function runShape(shape: Shape, runs: number, say: Say): Promise<Run[]> {
  const directory = mkdtempSync(join(tmpdir(), 'clickday-echo-'));
  const each = Math.floor(shape.applications / shape.connections);
  const accounts = layReadyLoad(join(directory, 'data')).accounts(shape.connections, each);
  const turn = [() => runEcho(shape, accounts), () => runGate(directory, shape, accounts)];
  const done: Run[] = [];
  try {
    for (let at = 0; at < runs; at += 1) {
      for (const run of at % 2 === 0 ? turn : turn.toReversed()) {
        done.push(await run());
        sayRun(done.at(-1)!, say);
      }
    }
    return done;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function figuresOf(shape: EchoShape, runs: readonly Run[]): Figure[] {
  const load = loadName({ shape });
  const gate = ratesOf(runs, GATE);
  const bound = shape.target.toFixed(2);
  const generator = runs.filter(({ peer }) => peer === ECHO).map(({ result }) => result.cpuShare);
  return [
    {
      ...{ scenario: `gate ÷ bare echo, ${load}`, target: `≥ ${bound}`, digits: 2 },
      ...{ ...medianAtLeast(shape.target), values: ratiosOf(gate, ratesOf(runs, ECHO)) },
    },
    {
      ...{ scenario: `gate, ${load}, durable accepted/s`, ...reported, worst: 'lowest' },
      values: gate,
    },
    {
      scenario: `generator's CPU against the echo, ${load}, % of a core`,
      ...{ ...reported, values: generator.map((share) => share * 100) },
    },
    noneOf(
      `lost, doubled, untrue or cut off, ${load}`,
      runs.map((run) => faultsOf(run).length),
    ),
  ];
}

/** The ratios to the echo, and the table of all runs. */
export async function measureEcho(sizes: EchoSizes, say: Say): Promise<Outcome> {
  const figures: Figure[] = [];
  const all: Run[] = [];
  for (const shape of sizes.shapes) {
    const runs = await runShape(shape, sizes.runs, say);
    figures.push(...figuresOf(shape, runs));
    all.push(...runs);
  }
  return { figures, tables: [runTable(all)] };
}
