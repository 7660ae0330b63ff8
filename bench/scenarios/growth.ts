/**
 * What a large ledger costs: the rate with millions of entries over that with thousands, the time
 * from a restart to serving, and resident memory on the way.
 *
 * The large ledger is filled by submissions through the gate, round after round. Then turns of two
 * gates that both have just been started: one on an empty directory, one on the large ledger. Each
 * gets a first load (for the small one these are the entries it is to hold), then the one that
 * counts.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ledgerViolations } from '#bench/check.ts';
import {
  type Curve,
  type Figure,
  medianAtLeast,
  medianAtMost,
  noneOf,
  reported,
} from '#bench/figures.ts';
import { CLOSED_LOOP, COUNTS } from '#bench/methods.ts';
import type { Say } from '#bench/scenario.ts';
import {
  emptyLedger,
  fill,
  GATE,
  type GrowthSizes,
  type Ledger,
  probe,
  type Stage,
} from '#bench/scenarios/growth-stage.ts';
import { ratiosOf } from '#bench/scenarios/ratios.ts';
import { layReadyLoad } from '#bench/scenarios/ready-load.ts';

export const FULL: GrowthSizes = {
  ...{ runs: 5, many: 2_000_000, few: 10_000, round: 200_000, probe: 80_000 },
  ...{ connections: 400, inFlight: 4 },
};
export const QUICK: GrowthSizes = {
  ...{ runs: 1, many: 20_000, few: 2_000, round: 20_000, probe: 6_000 },
  ...{ connections: 100, inFlight: 4 },
};

export const METHOD = `The large ledger is filled by submissions through the gate. Then turns of a
gate on an empty directory and one on the large ledger, both started anew and waited for until the
public log has signed all that is there, which is background work after a start: a first load, which
for the small one makes the entries it is to hold, then the load that counts, 400 connections with
four in flight. ${CLOSED_LOOP} ${COUNTS} Restart to serving is from the command to the line that it
serves. While filling, resident memory is read after every round; the gate was not restarted in
between.`;

type Probe = Awaited<ReturnType<typeof probe>>;

async function probeSmall(stage: Stage): Promise<Probe> {
  const small = emptyLedger(stage, 'small');
  const probed = await probe(stage, small);
  stage.faults.push(...(await ledgerViolations(small.data, GATE)));
  rmSync(small.data, { recursive: true });
  return probed;
}

/** Turns of small and large; who begins changes from turn to turn. */
async function probeBoth(stage: Stage, ledger: Ledger) {
  const small: Probe[] = [];
  const large: Probe[] = [];
  const turn = [
    async () => small.push(await probeSmall(stage)),
    async () => large.push(await probe(stage, ledger)),
  ];
  for (let at = 0; at < stage.sizes.runs; at += 1) {
    for (const run of at % 2 === 0 ? turn : turn.toReversed()) await run();
  }
  return { small, large };
}

const amountOf = (entries: number) => entries.toLocaleString('en');

function figuresOf(
  { sizes, faults }: Stage,
  filled: Awaited<ReturnType<typeof fill>>,
  { small, large }: Awaited<ReturnType<typeof probeBoth>>,
): Figure[] {
  const many = amountOf(sizes.many);
  const few = amountOf(sizes.few);
  const ratesOf = (probes: readonly Probe[]) => probes.map(({ rate }) => rate);
  const curve: Curve = { chart: 'memory', name: 'gate, while filling', points: filled.memory };
  return [
    {
      ...{ scenario: `throughput with ${many} entries ÷ with ${few}`, target: '≥ 0.95' },
      ...{ ...medianAtLeast(0.95), digits: 2, values: ratiosOf(ratesOf(large), ratesOf(small)) },
    },
    {
      ...{ scenario: `restart to serving with ${many} entries, s`, target: '≤ 5', digits: 1 },
      ...{ ...medianAtMost(5), values: large.map(({ startSeconds }) => startSeconds) },
    },
    {
      ...{ scenario: `serving to a checkpoint over ${many} entries, s`, ...reported, digits: 1 },
      values: large.map(({ signedAfter }) => signedAfter),
    },
    {
      ...{ scenario: `accepted/s from ${few} entries on`, ...reported, worst: 'lowest' },
      values: ratesOf(small),
    },
    {
      ...{ scenario: `accepted/s from ${many} entries on`, ...reported, worst: 'lowest' },
      values: ratesOf(large),
    },
    {
      ...{ scenario: 'accepted/s of each round while filling', ...reported, worst: 'lowest' },
      values: filled.rates,
    },
    {
      ...{ scenario: `resident memory at ${many} entries, MiB`, ...reported, curve },
      values: filled.memory.slice(-1).map(([, mebibytes]) => mebibytes),
    },
    {
      ...{ scenario: `resident memory after a restart at ${many} entries, MiB`, ...reported },
      values: large.map(({ startedMiB }) => startedMiB),
    },
    {
      ...{ scenario: "growth: generator's CPU, % of a core", ...reported },
      values: [...small, ...large].map(({ generatorShare }) => generatorShare * 100),
    },
    noneOf('growth: lost, doubled or untrue', [faults.length]),
  ];
}

/** The figures of a ledger that grows. */
export async function measureGrowth(sizes: GrowthSizes, say: Say): Promise<Figure[]> {
  const directory = mkdtempSync(join(tmpdir(), 'clickday-growth-'));
  try {
    const load = layReadyLoad(join(directory, 'papers'));
    const stage: Stage = { directory, sizes, load, say, faults: [] };
    const ledger = emptyLedger(stage, 'large');
    const filled = await fill(stage, ledger);
    const probed = await probeBoth(stage, ledger);
    stage.faults.push(...(await ledgerViolations(ledger.data, GATE)));
    for (const fault of stage.faults.slice(0, 5)) say(`  FAULT ${fault}`);
    return figuresOf(stage, filled, probed);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
