/**
 * Hammer: everybody is connected before the opening and submits the same application again and
 * again across the instant. Once as an open loop at half of the capacity, begun so early that the
 * instant lies in its middle; and once with the gate saturated, everybody submitting as soon as an
 * answer is there, whatever `retryAfterMs` says. Each submission has its own `ref`, so that every
 * answer is known to belong to one write.
 *
 * The first stamp is measured from the instant at which the gate may let in anybody at all: the
 * opening plus the uncertainty of its clock.
 */

import { createPortal } from '#bench/fairness/papers.ts';
import { atMost, type Figure, medianAtMost, reported } from '#bench/figures.ts';
import { COUNTS } from '#bench/methods.ts';
import { playCapacity } from '#bench/scenarios/capacity.ts';
import {
  applicationId,
  connectionPlans,
  connectionsPossible,
  type Load,
  noticeMs,
  onStage,
  type ScenarioSizes,
  type Sender,
} from '#bench/scenarios/load-stage.ts';
import { acceptedEarly, firstAdmissionMs, refusedOnTime } from '#bench/scenarios/opening-load.ts';

export interface HammerSizes extends ScenarioSizes {
  readonly connections: number;
  /** How often each connection submits, in the open loop and to the saturated gate. */
  readonly rounds: number;
  readonly saturatedRounds: number;
  /** Submissions of the closed loop that finds the capacity; or the capacity is taken as given. */
  readonly capacity: number | { readonly perSecond: number };
}

export const METHOD = `Everybody is connected and submits one application again and again across
the instant. Open loop at half of what single frames sustain, and once with the gate saturated:
everybody asks again as soon as he is refused, whatever \`retryAfterMs\` says. The first stamp is
measured from the opening plus the uncertainty of the clock, the first instant at which anybody
may be let in. In the saturated case some 20,000 frames lie before the gate at the instant, and
each is read before the first that was sent in time. ${COUNTS}`;

export const FULL: HammerSizes = {
  ...{ runs: 5, connections: 20_000, rounds: 4, saturatedRounds: 16 },
  capacity: 60_000,
};
export const QUICK: HammerSizes = {
  ...{ runs: 1, connections: 200, rounds: 20, saturatedRounds: 100 },
  capacity: { perSecond: 10_000 },
};

const MS_MAX = 2;
const HALF = 0.5;
/** A refusal costs a fraction of an acceptance: who is not let in asks so much more often. */
const REFUSALS_FACTOR = 4;
/** Everybody hammers with one frame at a time: so is the capacity counted. */
const SINGLES = { connections: 2_000, inFlight: 1 };

async function capacityOf({ capacity, ...sizes }: HammerSizes): Promise<number> {
  if (typeof capacity === 'object') return capacity.perSecond;
  const options = { ...sizes, portal: createPortal(), isOpen: true };
  const { perSecond } = await onStage(options, (stage) =>
    playCapacity(stage, { name: 'all', applications: capacity, ...SINGLES }),
  );
  return perSecond;
}

/** Plays one load so that at `perSecond` half of it is before the opening. */
async function playAcross(
  { rounds, ...sizes }: HammerSizes,
  perSecond: number,
  load: Load['load'],
) {
  const connections = connectionsPossible(sizes.connections);
  const portal = createPortal();
  const plans = connectionPlans(portal, hammerers(connections, rounds));
  const beforeMs = ((connections * rounds) / perSecond) * HALF * 1_000;
  return onStage({ ...sizes, portal, isOpen: false }, async (stage) => {
    let opensAtUs = Number.NaN;
    const startsAtUs = () => {
      opensAtUs = stage.openIn(noticeMs(connections) + beforeMs);
      return opensAtUs - beforeMs * 1_000;
    };
    const result = await stage.play(plans, { load, refs: true }, { startsAtUs });
    return {
      connections,
      firstMs: firstAdmissionMs(result, opensAtUs),
      early: acceptedEarly(result, opensAtUs),
      refusedOnTime: refusedOnTime(result, opensAtUs),
    };
  });
}

/** Each with one application, again and again. */
function hammerers(connections: number, rounds: number): Sender[] {
  return Array.from({ length: connections }, (_, sender) => ({
    account: `hammer-${sender}`,
    applications: Array.from({ length: rounds }, () => applicationId(String(sender))),
  }));
}

type Across = Awaited<ReturnType<typeof playAcross>>;

/** The figures of the hammer. */
export async function measureHammer(
  sizes: HammerSizes,
  say: (text: string) => void,
): Promise<Figure[]> {
  const capacity = await capacityOf(sizes);
  const rate = capacity * HALF;
  const half: Across[] = [];
  const saturated: Across[] = [];
  for (let run = 0; run < sizes.runs; run += 1) {
    half.push(await playAcross(sizes, rate, { kind: 'open', perSecond: rate }));
    const again = { kind: 'closed', inFlight: 1, honoursRetry: false } as const;
    const oftener = { ...sizes, rounds: sizes.saturatedRounds };
    saturated.push(await playAcross(oftener, capacity * REFUSALS_FACTOR, again));
    const [first, other] = [half.at(-1)!.firstMs, saturated.at(-1)!.firstMs];
    say(`hammer: first stamp after ${first.toFixed(2)} ms, saturated ${other.toFixed(2)} ms`);
  }
  const all = [...half, ...saturated];
  return [
    ...figuresOf(`hammer at ${Math.round(rate)}/s`, half, medianAtMost(MS_MAX)),
    ...figuresOf('hammer, saturated', saturated),
    never('hammer: accepted early', all, ({ early }) => early),
    never('hammer: lost, doubled or unanswered', all, ({ faults }) => faults),
  ];
}

function figuresOf(
  name: string,
  done: readonly Across[],
  bound?: Pick<Figure, 'worst' | 'meets'>,
): Figure[] {
  const connections = (done[0]?.connections ?? 0).toLocaleString('en');
  return [
    {
      ...{ scenario: `${name}, ${connections} connections: first stamp, ms`, ...reported },
      ...(bound && { ...bound, target: `≤ ${MS_MAX}` }),
      ...{ digits: 2, values: done.map(({ firstMs }) => firstMs) },
    },
    {
      ...{ scenario: `${name}: refused although on time`, ...reported },
      values: done.map((across) => across.refusedOnTime),
    },
  ];
}

function never(
  scenario: string,
  done: readonly Across[],
  read: (across: Across) => number,
): Figure {
  const target = { target: '0', ...atMost(0), isCorrectness: true };
  return { scenario, ...target, values: done.map(read) };
}
