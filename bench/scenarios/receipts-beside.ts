/**
 * What the gate's latency has to bear when receipts are made on its machine: turns of an open loop
 * on the gate of a whole system, by turns with its portal at work and with the same portal stopped
 * in its tracks (SIGSTOP). Judged is how much the median of the turns' p99 changes, at two
 * rates that receipts give way to (engine/receipts/peak.ts) and one that they go on under.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { latenciesMs } from '#bench/drivers/answer-figures.ts';
import { playLoad } from '#bench/drivers/load.ts';
import type { ConnectionPlan } from '#bench/drivers/swarm.ts';
import { ledgerContent } from '#bench/fairness/gate.ts';
import { type Figure, medianAtMost, noneOf, reported } from '#bench/figures.ts';
import { NotDone } from '#bench/peers/store-server.ts';
import type { Say } from '#bench/scenario.ts';
import { type Played, unansweredOf, untrueOf } from '#bench/scenarios/load-stage.ts';
import { GATE, layEntries, receiptCounter } from '#bench/scenarios/receipts-stage.ts';
import { latenciesOf, spreadOf } from '#bench/statistics.ts';
import { clickday, type RunningSystem, startSystem } from '#bench/system.ts';

export interface BesideSizes {
  readonly runs: number;
  /** Receipts there are to make: enough for all turns. */
  readonly receipts: number;
  /** Turns at each rate: half of them with the portal at work. */
  readonly turns: number;
  readonly seconds: number;
  /** Submissions a second. */
  readonly rates: readonly number[];
}

export const FULL: BesideSizes = {
  ...{ runs: 1, receipts: 20_000, turns: 10, seconds: 3, rates: [100, 500, 2000] },
};
/** Too long for `--quick`: a system is started, and turns below two seconds say nothing. */
export const QUICK: BesideSizes = { ...FULL, turns: 0 };

export const METHOD = `A whole system on a ledger that is full, with 20,000 receipts to make. Its
gate is under an open loop, in turns of three seconds: while the portal works, and while it is
stopped. At 100 submissions a second its pool goes on making receipts; from 200 on receipts wait
until the peak is over, and what is left is the registrar, which carries each entry on. A new
account of 100 applications connects for each 100 submissions. In the end \`clickday verify\` reads
everything.`;

const LOOK_MS = 20;

interface Turn {
  readonly perSecond: number;
  readonly isBusy: boolean;
  readonly p50: number;
  readonly p99: number;
  readonly made: number;
}

export async function measureBeside(sizes: BesideSizes, say: Say): Promise<Figure[]> {
  if (sizes.turns === 0) throw new NotDone('not at small scale');
  const data = mkdtempSync(join(tmpdir(), 'clickday-beside-'));
  mkdirSync(join(data, 'gates', GATE, 'ledger'), { recursive: true });
  try {
    const submissions = sizes.rates.map((rate) => rate * sizes.turns * sizes.seconds);
    const unsent = submissions.reduce((sum, count) => sum + count, 0);
    const connections = await layEntries(data, sizes.receipts, unsent);
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

interface Stage {
  readonly sizes: BesideSizes;
  readonly data: string;
  readonly system: RunningSystem;
  readonly connections: ConnectionPlan[];
  readonly played: Played[];
}

/** Turns at all rates interleaved, busy and stopped by turns. */
async function playTurns(stage: Stage, say: Say): Promise<Turn[]> {
  const { sizes, data, system } = stage;
  const counter = receiptCounter(data);
  const pid = system.pids.portal ?? system.pid;
  try {
    while (counter.count() === 0) await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    const turns: Turn[] = [];
    for (let turn = 0; turn < sizes.turns; turn += 1) {
      const isBusy = turn % 2 === 0;
      for (const perSecond of sizes.rates) {
        process.kill(pid, isBusy ? 'SIGCONT' : 'SIGSTOP');
        const before = counter.count();
        const { p50, p99 } = await playTurn(stage, perSecond);
        turns.push({ perSecond, isBusy, p50, p99, made: counter.count() - before });
        say(`${perSecond}/s, ${isBusy ? 'busy' : 'idle'}: p99 ${p99.toFixed(1)} ms`);
      }
    }
    return turns;
  } finally {
    process.kill(pid, 'SIGCONT');
    await counter.close();
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
  return latenciesOf(latenciesMs(answers, 'dueAtMs'));
}

async function faultsOf(data: string, played: readonly Played[]): Promise<number> {
  const { entries } = await ledgerContent(join(data, 'gates', GATE, 'ledger'), []);
  const verified = await clickday(['verify', '--data', data]);
  const counts = played.map((one) => untrueOf(one, { entries }) + unansweredOf(one));
  return counts.reduce((sum, count) => sum + count, verified.status === 0 ? 0 : 1);
}

function figuresOf(all: readonly Turn[], faults: number): Figure[] {
  const rates = [...new Set(all.map(({ perSecond }) => perSecond))];
  const figures = rates.flatMap((rate) => rateFigures(rate, all));
  return [...figures, noneOf('gate beside receipts: lost, doubled or unanswered', [faults])];
}

function rateFigures(rate: number, all: readonly Turn[]): Figure[] {
  const of = (isBusy: boolean, name: 'p50' | 'p99' | 'made') =>
    all.filter((turn) => turn.isBusy === isBusy && turn.perSecond === rate).map((t) => t[name]);
  const told = (what: string, values: number[], digits = 2): Figure => ({
    ...{ scenario: `gate beside receipts, ${rate}/s: ${what}`, ...reported, digits, values },
  });
  const change = 100 * (spreadOf(of(true, 'p99')).median / spreadOf(of(false, 'p99')).median - 1);
  return [
    { ...told('change of p99, %', [change], 0), target: '≤ 10', ...medianAtMost(10) },
    told('p50 with the portal at work, ms', of(true, 'p50')),
    told('p50 with it stopped, ms', of(false, 'p50')),
    told('p99 with the portal at work, ms', of(true, 'p99')),
    told('p99 with it stopped, ms', of(false, 'p99')),
    told('receipts made in a turn', of(true, 'made'), 0),
  ];
}
