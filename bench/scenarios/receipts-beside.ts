/**
 * What the gate's latency has to bear when receipts are made on its machine: turns of an open loop
 * on the gate of a whole system, in which the workshop of receipts works or is stopped in its
 * tracks (SIGSTOP), and for comparison the portal as well, registrar and all. The workshop is
 * stopped in two equal arms: how far their p99 lie apart is how far this machine moves it by
 * itself. Two rates are such that receipts give way to them (engine/receipts/peak.ts), under the
 * lowest they go on.
 *
 * One turn's p99 is a handful of values, and a busy second moves it by a half; so all latencies of
 * an arm are taken together.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { latenciesMs } from '#bench/drivers/answer-figures.ts';
import { playLoad } from '#bench/drivers/load.ts';
import type { ConnectionPlan } from '#bench/drivers/swarm.ts';
import { ledgerContent } from '#bench/fairness/gate.ts';
import { type Figure, medianAtMost, noneOf, reported } from '#bench/figures.ts';
import { childrenOf } from '#bench/machine.ts';
import { NotDone } from '#bench/peers/store-server.ts';
import type { Say } from '#bench/scenario.ts';
import { type Played, unansweredOf, untrueOf } from '#bench/scenarios/load-stage.ts';
import { GATE, layEntries, receiptCounter } from '#bench/scenarios/receipts-stage.ts';
import { latenciesOf, quantile, spreadOf } from '#bench/statistics.ts';
import { clickday, type RunningSystem, startSystem } from '#bench/system.ts';

interface Rate {
  /** Submissions. */
  readonly perSecond: number;
  /** Of each arm. */
  readonly turns: number;
}

export interface BesideSizes {
  readonly runs: number;
  /** Receipts there are to make: enough for all turns. */
  readonly receipts: number;
  readonly seconds: number;
  readonly rates: readonly Rate[];
}

export const FULL: BesideSizes = {
  ...{ runs: 1, receipts: 50_000, seconds: 4 },
  rates: [
    { perSecond: 100, turns: 20 },
    { perSecond: 500, turns: 6 },
    { perSecond: 2000, turns: 3 },
  ],
};
/** Too long for `--quick`: a system is started, and few turns say nothing. */
export const QUICK: BesideSizes = { ...FULL, rates: [] };

export const METHOD = `A whole system on a ledger that is full, with 50,000 receipts to make. Its
gate is under an open loop, in turns of four seconds: while the workshop of receipts works, twice
while it is stopped, and once while the whole portal is. At 100 submissions a second receipts are
made at the pace that they keep beside gates at work (125 a second); from 200 on they wait until the
peak is over. The portal's registrar carries each entry on meanwhile: what it and everything else of
the portal cost is the difference to the arm without a portal. All latencies of an arm are taken
together, the first turn of each left out. A new account of 100 applications connects for each 100
submissions. In the end \`clickday verify\` reads everything.`;

const LOOK_MS = 20;
const ARMS = ['receipts', 'none', 'none again', 'no portal'] as const;
type Arm = (typeof ARMS)[number];

interface Turn {
  readonly perSecond: number;
  readonly arm: Arm;
  readonly latencies: readonly number[];
  readonly made: number;
}

export async function measureBeside(sizes: BesideSizes, say: Say): Promise<Figure[]> {
  if (sizes.rates.length === 0) throw new NotDone('not at small scale');
  const data = mkdtempSync(join(tmpdir(), 'clickday-beside-'));
  mkdirSync(join(data, 'gates', GATE, 'ledger'), { recursive: true });
  try {
    const connections = await layEntries(data, sizes.receipts, submissionsOf(sizes));
    const addresses = ['--portal', '127.0.0.1:0', '--gate', '127.0.0.1:0'];
    const words = ['--data', data, '--roles', 'portal,gate', ...addresses, '--log-level', 'warn'];
    const system = await startSystem(words, { CLICKDAY_NTP_SERVERS: '' });
    const played: Played[] = [];
    const turns = await playTurns({ sizes, data, system, connections, played }, say).finally(() =>
      system.stop(),
    );
    return figuresOf(turns, await faultsOf(data, played));
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}

function submissionsOf({ rates, seconds }: BesideSizes): number {
  const each = rates.map(({ perSecond, turns }) => perSecond * seconds * turns * ARMS.length);
  return each.reduce((sum, count) => sum + count, 0);
}

interface Stage {
  readonly sizes: BesideSizes;
  readonly data: string;
  readonly system: RunningSystem;
  readonly connections: ConnectionPlan[];
  readonly played: Played[];
}

/** Turns at all rates interleaved, the arms one after the other. */
async function playTurns(stage: Stage, say: Say): Promise<Turn[]> {
  const { sizes, data, system } = stage;
  const counter = receiptCounter(data);
  const portal = system.pids.portal ?? system.pid;
  const most = Math.max(...sizes.rates.map(({ turns }) => turns));
  try {
    while (counter.count() === 0) await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    const turns: Turn[] = [];
    for (let turn = 0; turn < most; turn += 1) {
      for (const { perSecond } of sizes.rates.filter((rate) => turn < rate.turns)) {
        for (const arm of ARMS) {
          arrange(portal, arm);
          const before = counter.count();
          const latencies = await playTurn(stage, perSecond);
          const made = counter.count() - before;
          if (turn > 0) turns.push({ perSecond, arm, latencies, made });
          say(`${perSecond}/s, ${arm}: p99 ${latenciesOf(latencies).p99.toFixed(1)} ms`);
        }
      }
    }
    return turns;
  } finally {
    arrange(portal, 'receipts');
    await counter.close();
  }
}

/** Lets the portal and its workshop of receipts work, or stops who does not in this arm. */
function arrange(portal: number, arm: Arm): void {
  const workshop = childrenOf(portal);
  const all = [portal, ...workshop];
  const stands = { receipts: [], none: workshop, 'none again': workshop, 'no portal': all };
  const stopped: readonly number[] = stands[arm];
  for (const pid of all) {
    process.kill(pid, stopped.includes(pid) ? 'SIGSTOP' : 'SIGCONT');
  }
}

async function playTurn({ sizes, system, connections, played }: Stage, perSecond: number) {
  let wanted = perSecond * sizes.seconds;
  const own: ConnectionPlan[] = [];
  while (wanted > 0) {
    const next = connections.shift()!;
    own.push(next);
    wanted -= next.applications.length;
  }
  const target = { host: '127.0.0.1', port: Number(new URL(system.gate!).port) };
  const { answers } = await playLoad({
    ...{ ...target, path: '/v1/submissions', sourceAddresses: ['127.0.0.1'], refs: false },
    ...{ connections: own, load: { kind: 'open', perSecond } },
  });
  played.push({ answers, applications: own.flatMap(({ applications }) => applications) });
  return latenciesMs(answers, 'dueAtMs');
}

async function faultsOf(data: string, played: readonly Played[]): Promise<number> {
  const { entries } = await ledgerContent(join(data, 'gates', GATE, 'ledger'), []);
  const verified = await clickday(['verify', '--data', data]);
  const counts = played.map((one) => untrueOf(one, { entries }) + unansweredOf(one));
  return counts.reduce((sum, count) => sum + count, verified.status === 0 ? 0 : 1);
}

function figuresOf(all: readonly Turn[], faults: number): Figure[] {
  const rates = [...new Set(all.map(({ perSecond }) => perSecond))];
  const figures = rates.flatMap((rate) => {
    const turns = all.filter(({ perSecond }) => perSecond === rate);
    return rateFigures(rate, turns);
  });
  return [...figures, noneOf('gate beside receipts: lost, doubled or unanswered', [faults])];
}

/** In per cent: by how much `other` lies above `one`. */
const above = (one: number, other: number) => 100 * (other / one - 1);

function rateFigures(rate: number, turns: readonly Turn[]): Figure[] {
  const told = (what: string, values: readonly number[], digits = 2): Figure => ({
    ...{ scenario: `gate beside receipts, ${rate}/s: ${what}`, ...reported, digits, values },
  });
  const of = (...arms: Arm[]) => turns.filter(({ arm }) => arms.includes(arm));
  const all = (some: readonly Turn[]) => some.flatMap(({ latencies }) => latencies);
  const at = (values: readonly number[], q: number) =>
    quantile(
      [...values].sort((one, other) => one - other),
      q,
    );
  const [busy, idle] = [all(of('receipts')), all(of('none', 'none again'))];
  const apart = above(at(all(of('none')), 0.99), at(all(of('none again')), 0.99));
  const median = (some: readonly Turn[]) =>
    spreadOf(some.map(({ latencies }) => latenciesOf(latencies).p99)).median;
  const medians = above(median(of('none', 'none again')), median(of('receipts')));
  const alone = all(of('no portal'));
  return [
    {
      ...told('change of p99, %', [above(at(idle, 0.99), at(busy, 0.99))], 0),
      ...{ target: '≤ 10', ...medianAtMost(10) },
    },
    told('p99 of the two equal arms lie apart, %', [Math.abs(apart)], 0),
    told('change of the median of the turns’ p99, %', [medians], 0),
    told('change of p95, %', [above(at(idle, 0.95), at(busy, 0.95))], 0),
    told('change of p99 against no portal at all, %', [above(at(alone, 0.99), at(busy, 0.99))], 0),
    told('p50 with receipts, ms', [at(busy, 0.5)]),
    told('p50 without, ms', [at(idle, 0.5)]),
    told('p50 without the portal, ms', [at(alone, 0.5)]),
    told('p99 with receipts, ms', [at(busy, 0.99)]),
    told('p99 without, ms', [at(idle, 0.99)]),
    told('p99 without the portal, ms', [at(alone, 0.99)]),
    told(
      'receipts made in a turn',
      of('receipts').map(({ made }) => made),
      0,
    ),
  ];
}
