/**
 * Overload: ten times the capacity is offered (open loop, few connections, each with thousands
 * of frames waiting). The capacity is that of the same connections when everybody keeps to the
 * limit of eight in flight.
 *
 * The gate cannot answer ten times what it can answer, not even with refusals: what it does not
 * read waits in the kernel and with the sender. So latency is told twice: from the instant a
 * submission was due, as for every open loop, and from the instant it was written.
 */

import {
  isAcknowledged,
  latenciesMs,
  offeredPerSecond,
  ratePerSecond,
  refusalsOf,
} from '#bench/drivers/answer-figures.ts';
import type { Answers } from '#bench/drivers/answers.ts';
import { forgetPeak, peakResidentMiB, residentMiB } from '#bench/fairness/gate.ts';
import { createPortal } from '#bench/fairness/papers.ts';
import { atMost, type Figure, medianAtMost, reported } from '#bench/figures.ts';
import { COUNTS } from '#bench/methods.ts';
import { playCapacity } from '#bench/scenarios/capacity.ts';
import {
  connectionPlans,
  IN_FLIGHT_LIMIT,
  onStage,
  type ScenarioSizes,
  singleSenders,
} from '#bench/scenarios/load-stage.ts';
import { latenciesOf } from '#bench/statistics.ts';

export interface OverloadSizes extends ScenarioSizes {
  readonly connections: number;
  /** Submissions of the closed loop that finds the capacity. */
  readonly capacity: number;
  /** How long ten times the capacity is offered. */
  readonly seconds: number;
}

export const METHOD = `Ten times the capacity of 200 connections is offered for a second, so that
each has far more frames waiting than it may: 1,024, or its share of 65,536. The capacity is that
of the same connections when everybody keeps to 8 in flight. On two cores the generator takes one,
and reading and refusing nine frames for each that is admitted takes most of the other; frames
that are not yet read wait in kernel buffers, and their time counts. ${COUNTS}`;

export const FULL: OverloadSizes = { runs: 5, connections: 200, capacity: 60_000, seconds: 1 };
export const QUICK: OverloadSizes = { runs: 1, connections: 20, capacity: 12_000, seconds: 0.15 };

const FACTOR = 10;
/** What a connection may have presented (protocol §3). */
const APPLICATIONS_MAX = 10_000;
const P99_FACTOR_MAX = 2;
const ALLOWED = ['OVERLOADED', 'RATE_LIMITED'];

/** Refusals of another reason than load, or without a word on when to come again. */
export function unexplainedOf(answers: Answers): number {
  let unexplained = 0;
  for (let row = 0; row < answers.count; row += 1) {
    if (isAcknowledged(answers, row)) continue;
    const code = answers.outcomes[answers.outcome[row]!]!;
    if (!ALLOWED.includes(code) || !(answers.retryAfterMs[row]! > 0)) unexplained += 1;
  }
  return unexplained;
}

function playOverload({ connections, ...sizes }: OverloadSizes) {
  const closed = { connections, inFlight: IN_FLIGHT_LIMIT };
  return onStage({ ...sizes, portal: createPortal(), isOpen: true }, async (stage) => {
    const { pid } = stage.gate;
    const atCapacity = (name: string, applications: number) =>
      playCapacity(stage, { name, applications, ...closed });
    await atCapacity('warm', sizes.capacity / 4);
    const kept = await atCapacity('kept', sizes.capacity);
    const planned = kept.perSecond * FACTOR;
    const each = Math.min(APPLICATIONS_MAX, Math.ceil((planned * sizes.seconds) / connections));
    const plans = connectionPlans(stage.portal, singleSenders('over', connections, each));
    let beforeMiB = Number.NaN;
    const connected = () => {
      forgetPeak(pid);
      beforeMiB = residentMiB(pid);
    };
    const load = { kind: 'open', perSecond: planned } as const;
    const { answers, failures, gateShare, cpuShare } = await stage.play(
      plans,
      { load },
      { connected },
    );
    return {
      ...{ planned, offered: offeredPerSecond(answers), refusals: refusalsOf(answers) },
      grownMiB: peakResidentMiB(pid) - beforeMiB,
      ...{ gateShare, cpuShare },
      ...{ accepted: ratePerSecond(answers), unexplained: unexplainedOf(answers) },
      cut: failures.filter((reason) => !reason.startsWith('closed with')).length,
      p99: {
        kept: latenciesOf(latenciesMs(kept.answers, 'sentAtMs')).p99,
        due: latenciesOf(latenciesMs(answers, 'dueAtMs')).p99,
        written: latenciesOf(latenciesMs(answers, 'sentAtMs')).p99,
      },
    };
  });
}

type Overload = Awaited<ReturnType<typeof playOverload>>;

/** The figures of overload. */
export async function measureOverload(
  sizes: OverloadSizes,
  say: (text: string) => void,
): Promise<Figure[]> {
  const done: Overload[] = [];
  for (let run = 0; run < sizes.runs; run += 1) {
    const over = await playOverload(sizes);
    done.push(over);
    say(`overload, ${Math.round(over.offered)}/s: ${JSON.stringify(over.refusals)}`);
  }
  return figuresOf(done);
}

function figuresOf(done: readonly Overload[]): Figure[] {
  const told = (what: string, read: (over: Overload) => number, digits = 0): Figure => ({
    ...{ scenario: `overload: ${what}`, ...reported, digits, values: done.map(read) },
  });
  const never = (what: string, read: (over: Overload) => number): Figure => ({
    ...told(what, read),
    ...{ target: '0', ...atMost(0), isCorrectness: true },
  });
  const refused = (code: string) => (over: Overload) => over.refusals[code] ?? 0;
  return [
    told('to be offered, ten times the capacity, /s', ({ planned }) => planned),
    told('offered, /s', ({ offered }) => offered),
    told('accepted meanwhile, /s', ({ accepted }) => accepted),
    {
      ...told('admitted p99 ÷ p99 at capacity', ({ p99 }) => p99.due / p99.kept, 1),
      ...{ target: `≤ ${P99_FACTOR_MAX}`, ...medianAtMost(P99_FACTOR_MAX) },
    },
    told('the same, from the write', ({ p99 }) => p99.written / p99.kept, 1),
    told('p99 at capacity, ms', ({ p99 }) => p99.kept, 1),
    told('admitted p99, ms', ({ p99 }) => p99.due, 1),
    ...ALLOWED.map((code) => told(`refused as ${code}`, refused(code))),
    told('growth of the gate, MiB', ({ grownMiB }) => grownMiB, 1),
    told('CPU of the gate, % of a core', ({ gateShare }) => gateShare * 100),
    told('CPU of the generator, % of a core', ({ cpuShare }) => cpuShare * 100),
    never('refused otherwise or without retryAfterMs', ({ unexplained }) => unexplained),
    never('connections cut without a close code', ({ cut }) => cut),
    never('lost, doubled or unanswered', ({ faults }) => faults),
  ];
}
