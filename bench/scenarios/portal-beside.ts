/**
 * What the gate's latency has to bear of a portal that everybody reads and ten thousand pages are
 * open on: turns of an open loop on the gate of a whole system, by turns with nobody on the portal,
 * with the crowd, and with a crowd that reads from a server of its own. The last is the control: it
 * shows what the crowd itself, which in truth sits elsewhere, takes of this machine.
 */
import { join } from 'node:path';
import { latenciesMs } from '#bench/drivers/answer-figures.ts';
import { type Crowd, startCrowd } from '#bench/drivers/crowd.ts';
import { openFilesMax } from '#bench/drivers/descriptors.ts';
import type { ReadingPlan } from '#bench/drivers/list-readers.ts';
import { playLoad } from '#bench/drivers/load.ts';
import { ledgerContent } from '#bench/fairness/gate.ts';
import { type Figure, medianAtMost, noneOf, reported } from '#bench/figures.ts';
import { NotDone } from '#bench/peers/store-server.ts';
import type { Say } from '#bench/scenario.ts';
import { type Played, unansweredOf, untrueOf } from '#bench/scenarios/load-stage.ts';
import {
  onPortalStage,
  type PortalStage,
  pagesPossible,
  type Visitor,
} from '#bench/scenarios/portal-stage.ts';
import { latenciesOf, spreadOf } from '#bench/statistics.ts';
import { clickday } from '#bench/system.ts';

export interface PortalBesideSizes {
  readonly runs: number;
  readonly pages: number;
  readonly turns: number;
  readonly seconds: number;
  /** Submissions a second. */
  readonly perSecond: number;
}

export const FULL: PortalBesideSizes = {
  ...{ runs: 1, pages: 10_000, turns: 18, seconds: 3, perSecond: 500 },
};
/** Too long for `--quick`: ten thousand pages, and short turns say nothing. */
export const QUICK: PortalBesideSizes = { ...FULL, turns: 0 };

export const METHOD = `A whole system, its gate under an open loop of 500 submissions a second, in
turns of three seconds: nobody on the portal; ten thousand pages open and 50 connections that read
the lists of 1,000 accounts as fast as they are answered; and the same 50 readers at the same rate
against a server in their own process. The crowd is a process of its own in the scheduler's idle
class, the portal at the nice the supervisor gives it. Judged is the crowd on the portal against the
crowd by itself: on two cores that gate, senders, portal and crowd share, a crowd alone is felt.
The pages are told of the submissions while they arrive.
The
first turn of each is the warm-up. In the end \`clickday verify\` reads everything.`;

const CONNECTIONS = 50;
/** The disk is still busy with what was laid on it. */
const SETTLE_MS = 15_000;
const READERS = 1_000;
const OPENS_IN_SECONDS = 5;
const ARMS = ['nobody', 'portal', 'control'] as const;

type Arm = (typeof ARMS)[number];

interface Turn {
  readonly arm: Arm;
  readonly p50: number;
  readonly p99: number;
  readonly reads: number;
}

interface Outcome {
  readonly turns: readonly Turn[];
  readonly pages: number;
  readonly told: number;
  readonly faults: number;
}

export async function measurePortalBeside(sizes: PortalBesideSizes, say: Say): Promise<Figure[]> {
  if (sizes.turns === 0) throw new NotDone('not at small scale');
  const accounts = pagesPossible(sizes.pages, openFilesMax());
  const needed = sizes.turns * sizes.seconds * sizes.perSecond;
  const applications = accounts * Math.ceil(needed / accounts);
  const wish = { accounts, applications, roles: 'portal,gate' } as const;
  const outcome = await onPortalStage({ ...wish, opensInSeconds: OPENS_IN_SECONDS }, (stage) =>
    playAll(stage, sizes, say),
  );
  return figuresOf(outcome);
}

async function playAll(stage: PortalStage, sizes: PortalBesideSizes, say: Say): Promise<Outcome> {
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  const crowd = startCrowd();
  const played: Played[] = [];
  const left = [...stage.visitors];
  const turns: Turn[] = [];
  let [pages, told, wrong, perSecond] = [0, 0, 0, 1];
  try {
    for (let turn = 0; turn < sizes.turns; turn += 1) {
      const arm = ARMS[turn % ARMS.length]!;
      const sessions = stage.visitors.map(({ session }) => session);
      if (arm === 'portal') pages = await crowd.open(stage.url, sessions);
      const reading = readingOf(crowd, { arm, perSecond, plan: planOf(stage, sizes.seconds) });
      const { p50, p99 } = await playTurn(stage, { sizes, left, played });
      const read = await reading;
      if (arm === 'portal') told += await crowd.close();
      if (arm === 'portal') perSecond = read?.perSecond ?? perSecond;
      wrong += read?.faults ?? 0;
      if (turn >= ARMS.length) turns.push({ arm, p50, p99, reads: read?.perSecond ?? 0 });
      say(`${arm}: p99 ${p99.toFixed(1)} ms, ${Math.round(read?.perSecond ?? 0)} reads/s`);
    }
  } finally {
    crowd.end();
  }
  const faults = wrong + (await faultsOf(stage.data, played));
  return { turns, pages, told, faults };
}

interface Wish {
  readonly arm: Arm;
  readonly plan: ReadingPlan;
  /** What the portal answered in its last turn: the control reads as much and no more. */
  readonly perSecond: number;
}

/** The crowd begins with the turn and goes on until after its end. */
function readingOf(crowd: Crowd, { arm, plan, perSecond }: Wish) {
  if (arm === 'nobody') return Promise.resolve(undefined);
  return arm === 'portal' ? crowd.read(plan) : crowd.pretend({ ...plan, perSecond });
}

const AROUND_SECONDS = 1;

function planOf({ url, visitors }: PortalStage, seconds: number): ReadingPlan {
  const readers = visitors.slice(-READERS).map(({ session, applications: [application] }) => ({
    ...{ session, application: application! },
  }));
  return { url, readers, connections: CONNECTIONS, seconds: seconds + AROUND_SECONDS };
}

interface Playing {
  readonly sizes: PortalBesideSizes;
  readonly left: Visitor[];
  readonly played: Played[];
}

async function playTurn(stage: PortalStage, { sizes, left, played }: Playing) {
  const { perSecond, seconds } = sizes;
  const own: Visitor[] = [];
  for (let wanted = perSecond * seconds; wanted > 0; ) {
    const next = left.shift()!;
    own.push(next);
    wanted -= next.applications.length;
  }
  const target = { host: '127.0.0.1', port: Number(new URL(stage.system.gate!).port) };
  const { answers } = await playLoad({
    ...{ ...target, path: '/v1/submissions', sourceAddresses: ['127.0.0.1'], refs: false },
    ...{ connections: own, load: { kind: 'open', perSecond } },
  });
  played.push({ answers, applications: own.flatMap(({ applications }) => applications) });
  return latenciesOf(latenciesMs(answers, 'dueAtMs'));
}

async function faultsOf(data: string, played: readonly Played[]): Promise<number> {
  const { entries } = await ledgerContent(join(data, 'gates', 'g1', 'ledger'), []);
  const verified = await clickday(['verify', '--data', data]);
  const counts = played.map((one) => untrueOf(one, { entries }) + unansweredOf(one));
  return counts.reduce((sum, count) => sum + count, verified.status === 0 ? 0 : 1);
}

function figuresOf({ turns, pages, told, faults }: Outcome): Figure[] {
  const of = (arm: Arm, name: 'p50' | 'p99' | 'reads') =>
    turns.filter((turn) => turn.arm === arm).map((turn) => turn[name]);
  const figure = (what: string, values: number[], digits = 2): Figure => ({
    ...{ scenario: `gate beside the portal: ${what}`, ...reported, digits, values },
  });
  const changeTo = (arm: Arm) =>
    100 * (spreadOf(of('portal', 'p99')).median / spreadOf(of(arm, 'p99')).median - 1);
  const judged = figure('change of p99 against the control, %', [changeTo('control')], 0);
  return [
    { ...judged, target: '≤ 10', ...medianAtMost(10) },
    figure('change of p99 against nobody, %', [changeTo('nobody')], 0),
    ...ARMS.flatMap((arm) => [
      figure(`p50, ${arm}, ms`, of(arm, 'p50')),
      figure(`p99, ${arm}, ms`, of(arm, 'p99')),
    ]),
    { ...figure('reads a second on the portal', of('portal', 'reads'), 0), worst: 'lowest' },
    figure('pages open', [pages], 0),
    figure('pages told of a submission', [told], 0),
    noneOf('gate beside the portal: lost, doubled, unanswered or read wrong', [faults]),
  ];
}
