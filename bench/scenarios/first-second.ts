/**
 * The first second after an opening: connections that have said hello wait, and at the instant all
 * of them submit, one in flight each. What counts is when the ledger says they were admitted.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkRun } from '#bench/check.ts';
import { type Curve, type Figure, noneOf, reported } from '#bench/figures.ts';
import { COUNTS } from '#bench/methods.ts';
import type { Say } from '#bench/scenario.ts';
import { loadGate, startLoadedGate, unanswered } from '#bench/scenarios/gate-load.ts';
import { layReadyLoad } from '#bench/scenarios/ready-load.ts';
import { quantile } from '#bench/statistics.ts';
import { usFromIso } from '#protocol/time.ts';

export interface FirstSecondSizes {
  readonly runs: number;
  readonly connections: number;
  /** Submissions of one connection. */
  readonly each: number;
  /** From the papers to the opening: every connection must be greeted by then. */
  readonly leadMs: number;
}

export const FULL: FirstSecondSizes = { runs: 5, connections: 2_000, each: 60, leadMs: 8_000 };
export const QUICK: FirstSecondSizes = { runs: 1, connections: 200, each: 40, leadMs: 4_000 };

export const METHOD = `Connections that have said hello wait for the opening and submit as soon as
the generator's clock, which is the gate's, says the instant; one in flight each, closed loop. The
gate's stated uncertainty is 1 ms and it opens that much later. Stamps are read from the
acknowledgements and found in the ledger. No warm-up is left out: the gate has admitted nothing
before. ${COUNTS}`;

const SECOND_US = 1_000_000;
const STEP_MS = 10;

/** Waits without giving way: nothing else has to happen here. */
function sleepUntil(officialMs: number): void {
  const cell = new Int32Array(new SharedArrayBuffer(4));
  const restMs = officialMs - Date.now();
  if (restMs < 0) throw new Error('not everybody was greeted before the opening');
  Atomics.wait(cell, 0, 0, restMs);
}

interface Opening {
  /** Microseconds from the instant to each stamp, rising. */
  readonly sinceUs: readonly number[];
  readonly faults: readonly string[];
  readonly generatorShare: number;
}

async function playOpening({ connections, each, leadMs }: FirstSecondSizes): Promise<Opening> {
  const data = mkdtempSync(join(tmpdir(), 'clickday-first-second-'));
  const opensAtMs = Date.now() + leadMs;
  const load = layReadyLoad(data, opensAtMs * 1_000);
  const accounts = load.accounts(connections, each);
  try {
    const gate = await startLoadedGate(data);
    const wait = () => sleepUntil(opensAtMs);
    const { result } = await loadGate(gate, { accounts, inFlight: 1 }, wait).finally(gate.stop);
    const { acknowledgements } = result;
    const stamps = acknowledgements.map(({ stamp }) => usFromIso(stamp) - opensAtMs * 1_000);
    const told = unanswered(result, connections * each);
    const faults = [...told, ...(await checkRun(data, acknowledgements))];
    const generatorShare = result.cpuShare;
    return { sinceUs: stamps.sort((a, b) => a - b), faults, generatorShare };
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}

/** How many stamps lie within each step of the first second, from its beginning. */
export function cumulative(sinceUs: readonly number[]): [number, number][] {
  const steps = SECOND_US / 1_000 / STEP_MS;
  return Array.from({ length: steps + 1 }, (_, step) => [
    step * STEP_MS,
    sinceUs.filter((us) => us <= step * STEP_MS * 1_000).length,
  ]);
}

/** The figures of openings; the curve is that of the run in the middle. */
export async function measureFirstSecond(sizes: FirstSecondSizes, say: Say): Promise<Figure[]> {
  const openings: Opening[] = [];
  for (let run = 0; run < sizes.runs; run += 1) {
    openings.push(await playOpening(sizes));
    const { sinceUs, faults } = openings.at(-1)!;
    say(`first after ${(sinceUs[0]! / 1_000).toFixed(1)} ms, ${inFirst(openings.at(-1)!)} in 1 s`);
    for (const fault of faults.slice(0, 5)) say(`  FAULT ${fault}`);
  }
  const [middle] = openings
    .toSorted((a, b) => inFirst(a) - inFirst(b))
    .slice(Math.floor((openings.length - 1) / 2));
  const name = `gate, ${sizes.connections.toLocaleString('en')} connections × 1 in flight`;
  const curve: Curve = { chart: 'opening', name, points: cumulative(middle!.sinceUs) };
  return figuresOf(openings, sizes, curve);
}

const inFirst = ({ sinceUs }: Opening) => sinceUs.filter((us) => us <= SECOND_US).length;

function figuresOf(openings: readonly Opening[], sizes: FirstSecondSizes, curve: Curve): Figure[] {
  const who = `${sizes.connections.toLocaleString('en')} waiting connections`;
  return [
    {
      ...{ scenario: `${who}: admitted in the first second`, ...reported, worst: 'lowest' },
      ...{ values: openings.map(inFirst), curve },
    },
    {
      ...{ scenario: `${who}: first admission after the instant, ms`, ...reported, digits: 2 },
      values: openings.map(({ sinceUs }) => sinceUs[0]! / 1_000),
    },
    {
      ...{ scenario: `${who}: every connection once, median ms after the instant`, ...reported },
      ...{ digits: 1, values: openings.map(({ sinceUs }) => firstRoundMs(sinceUs, sizes)) },
    },
    {
      ...{ scenario: `${who}: generator's CPU, % of a core`, ...reported },
      values: openings.map(({ generatorShare }) => generatorShare * 100),
    },
    noneOf(
      `${who}: accepted early`,
      openings.map(({ sinceUs }) => sinceUs.filter((us) => us < 0).length),
    ),
    noneOf(
      `${who}: lost, doubled or untrue`,
      openings.map(({ faults }) => faults.length),
    ),
  ];
}

/** When half of as many submissions were in as there are connections. */
function firstRoundMs(sinceUs: readonly number[], { connections }: FirstSecondSizes): number {
  return quantile(sinceUs.slice(0, connections), 0.5) / 1_000;
}
