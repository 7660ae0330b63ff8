/**
 * What the gate's latency has to bear when receipts are made on its machine: turns of an open loop
 * on a gate, by turns with a portal that makes receipts and with the same portal stopped in its
 * tracks (SIGSTOP). Judged is how much the median of the turns' p99 changes.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { latenciesMs } from '#bench/drivers/answer-figures.ts';
import { createPortal } from '#bench/fairness/papers.ts';
import { type Figure, medianAtMost, noneOf, reported } from '#bench/figures.ts';
import { NotDone } from '#bench/peers/store-server.ts';
import type { Say } from '#bench/scenario.ts';
import { connectionPlans, onStage, singleSenders } from '#bench/scenarios/load-stage.ts';
import { GATE, layEntries, receiptCounter } from '#bench/scenarios/receipts-stage.ts';
import { latenciesOf, spreadOf } from '#bench/statistics.ts';
import { startSystem } from '#bench/system.ts';

export interface BesideSizes {
  readonly runs: number;
  /** Receipts there are to make: enough for all turns. */
  readonly receipts: number;
  readonly turns: number;
  readonly seconds: number;
  /** Submissions a second. */
  readonly offered: number;
}

export const FULL: BesideSizes = { runs: 1, receipts: 20_000, turns: 8, seconds: 2, offered: 2000 };
/** Too long for `--quick`: two systems are started, and turns below two seconds say nothing. */
export const QUICK: BesideSizes = { ...FULL, turns: 0 };

export const METHOD = `A gate under an open loop of 2,000 submissions a second over 100 connections,
in turns of two seconds: while a portal beside it makes receipts with its pool, and while that
portal is stopped. Both are processes of their own on one disk, as in production.`;

const CONNECTIONS = 100;
const LOOK_MS = 20;

interface Turn {
  readonly isBusy: boolean;
  readonly p50: number;
  readonly p99: number;
  readonly made: number;
}

export async function measureBeside(sizes: BesideSizes, say: Say): Promise<Figure[]> {
  if (sizes.turns === 0) throw new NotDone('not at small scale');
  const data = mkdtempSync(join(tmpdir(), 'clickday-beside-'));
  mkdirSync(join(data, 'gates', GATE, 'ledger'), { recursive: true });
  await layEntries(data, sizes.receipts);
  try {
    const portal = createPortal();
    const { turns, faults } = await onStage({ portal, isOpen: true }, async (stage) => {
      const addresses = ['--portal', '127.0.0.1:0', '--gate', '127.0.0.1:0'];
      const words = ['--data', data, '--roles', 'portal,gate', ...addresses];
      const system = await startSystem([...words, '--log-level', 'warn'], {
        CLICKDAY_NTP_SERVERS: '',
      });
      const counter = receiptCounter(data);
      const pid = system.pids.portal ?? system.pid;
      try {
        while (counter.count() === 0) await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
        const played: Turn[] = [];
        for (let turn = 0; turn < sizes.turns; turn += 1) {
          const isBusy = turn % 2 === 0;
          process.kill(pid, isBusy ? 'SIGCONT' : 'SIGSTOP');
          const before = counter.count();
          const each = Math.ceil((sizes.offered * sizes.seconds) / CONNECTIONS);
          const senders = singleSenders(`t${turn}`, CONNECTIONS, each);
          const load = { kind: 'open', perSecond: sizes.offered } as const;
          const { answers } = await stage.play(connectionPlans(stage.portal, senders), { load });
          const { p50, p99 } = latenciesOf(latenciesMs(answers, 'dueAtMs'));
          played.push({ isBusy, p50, p99, made: counter.count() - before });
          say(`${isBusy ? 'busy' : 'idle'}: p99 ${p99.toFixed(1)} ms`);
        }
        return { turns: played };
      } finally {
        process.kill(pid, 'SIGCONT');
        await counter.close();
        await system.stop();
      }
    });
    return figuresOf(turns, faults);
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}

function figuresOf(turns: readonly Turn[], faults: number): Figure[] {
  const of = (isBusy: boolean, name: 'p50' | 'p99' | 'made') =>
    turns.filter((turn) => turn.isBusy === isBusy).map((turn) => turn[name]);
  const told = (what: string, values: number[], digits = 2): Figure => ({
    ...{ scenario: `gate beside receipts: ${what}`, ...reported, digits, values },
  });
  const change = 100 * (spreadOf(of(true, 'p99')).median / spreadOf(of(false, 'p99')).median - 1);
  return [
    { ...told('change of p99, %', [change], 0), target: '≤ 10', ...medianAtMost(10) },
    told('p50 with the pool busy, ms', of(true, 'p50')),
    told('p50 with it stopped, ms', of(false, 'p50')),
    told('p99 with the pool busy, ms', of(true, 'p99')),
    told('p99 with it stopped, ms', of(false, 'p99')),
    told('receipts made in a turn', of(true, 'made'), 0),
    noneOf('gate beside receipts: lost, doubled or unanswered', [faults]),
  ];
}
