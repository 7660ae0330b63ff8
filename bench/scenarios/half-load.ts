/**
 * Half load: how long an acknowledgement takes when the gate has room. First the capacity of this
 * minute (closed loop, one in flight: an open loop's frames come one by one too), then an open loop
 * at half of it over as many connections; latency counts from the instant each submission was due.
 * It is told in durable writes of this disk, whose median is taken before and after: a commit
 * cannot be faster than one.
 */

import { latenciesMs, latenessMs, refusedCount } from '#bench/drivers/answer-figures.ts';
import { createPortal } from '#bench/fairness/papers.ts';
import { atMost, type Figure, medianAtMost, reported } from '#bench/figures.ts';
import { durableWriteMs } from '#bench/machine.ts';
import { COUNTS } from '#bench/methods.ts';
import { CONNECTIONS, playCapacity } from '#bench/scenarios/capacity.ts';
import {
  connectionPlans,
  onStage,
  type ScenarioSizes,
  singleSenders,
} from '#bench/scenarios/load-stage.ts';
import { latenciesOf } from '#bench/statistics.ts';

export interface HalfLoadSizes extends ScenarioSizes {
  /** Submissions of the closed loop that finds the capacity. */
  readonly capacity: number;
  /** How long the open loop lasts. */
  readonly seconds: number;
}

export const METHOD = `Open loop over 400 connections at half of what a closed loop over them
sustained just before, with one frame in flight, which is the warm-up too: arrivals on a schedule,
latency from the instant a submission was due. Told in durable writes (4 KiB appended, fdatasync) of
the same minute. One submission waits on average for half a commit and then takes part in one, which
is two syncs of the disk. ${COUNTS}`;

export const FULL: HalfLoadSizes = { runs: 5, capacity: 200_000, seconds: 8 };
export const QUICK: HalfLoadSizes = { runs: 1, capacity: 12_000, seconds: 1 };

const HALF = 0.5;

function playHalf(sizes: HalfLoadSizes) {
  return onStage({ ...sizes, portal: createPortal(), isOpen: true }, async (stage) => {
    const { perSecond } = await playCapacity(stage, {
      ...{ name: 'all', applications: sizes.capacity, inFlight: 1 },
    });
    const offered = perSecond * HALF;
    const each = Math.ceil((offered * sizes.seconds) / CONNECTIONS);
    const plans = connectionPlans(stage.portal, singleSenders('half', CONNECTIONS, each));
    const diskBeforeMs = durableWriteMs(stage.gate.data).median;
    const load = { kind: 'open', perSecond: offered } as const;
    const { answers, ...shares } = await stage.play(plans, { load });
    const diskAfterMs = durableWriteMs(stage.gate.data).median;
    return {
      ...{ ...shares, offered, refused: refusedCount(answers) },
      took: latenciesOf(latenciesMs(answers, 'dueAtMs')),
      lateMs: latenciesOf(latenessMs(answers)).p99,
      diskMs: (diskBeforeMs + diskAfterMs) / 2,
    };
  });
}

type HalfLoad = Awaited<ReturnType<typeof playHalf>>;

/** The figures of half load. */
export async function measureHalfLoad(
  sizes: HalfLoadSizes,
  say: (text: string) => void,
): Promise<Figure[]> {
  const done: HalfLoad[] = [];
  for (let run = 0; run < sizes.runs; run += 1) {
    const half = await playHalf(sizes);
    done.push(half);
    say(`half load, ${Math.round(half.offered)}/s: p99 ${half.took.p99.toFixed(1)} ms`);
  }
  return figuresOf(done);
}

function figuresOf(done: readonly HalfLoad[]): Figure[] {
  const told = (what: string, read: (half: HalfLoad) => number, digits = 2): Figure => ({
    ...{ scenario: `half load: ${what}`, ...reported, digits, values: done.map(read) },
  });
  const judged = (name: 'p50' | 'p99', bound: number): Figure => ({
    ...told(`${name} ÷ median durable write`, ({ took, diskMs }) => took[name] / diskMs, 1),
    ...{ target: `≤ ${bound}`, ...medianAtMost(bound) },
  });
  return [
    told('offered, /s', ({ offered }) => offered, 0),
    judged('p50', 6),
    judged('p99', 25),
    told('p50, ms', ({ took }) => took.p50),
    told('p90, ms', ({ took }) => took.p90),
    told('p99, ms', ({ took }) => took.p99),
    told('p99.9, ms', ({ took }) => took.p999),
    told('slowest, ms', ({ took }) => took.max),
    told('median durable write, ms', ({ diskMs }) => diskMs),
    told('CPU of the gate, % of a core', ({ gateShare }) => gateShare * 100, 0),
    told('CPU of the generator, % of a core', ({ cpuShare }) => cpuShare * 100, 0),
    told('generator late, p99, ms', ({ lateMs }) => lateMs),
    told('refused', ({ refused }) => refused, 0),
    {
      ...told('lost, doubled or unanswered', ({ faults }) => faults, 0),
      ...{ target: '0', ...atMost(0), isCorrectness: true },
    },
  ];
}
