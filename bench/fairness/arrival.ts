/**
 * F1, order: submissions on a schedule from many connections of one process; the instant before
 * each write is compared with the numbers the ledger gave. At half of what the gate sustains, and
 * above it, where waiting and turns decide.
 *
 * The schedule is kept by spinning, not by timers. Late sends do no harm: what counts is the
 * instant of the write, not the instant that was planned.
 */

import { submitFrame } from '#bench/drivers/frames.ts';
import { type FairGate, startGate } from '#bench/fairness/gate.ts';
import {
  inboundUnfairness,
  inversionRate,
  largestInversionUs,
  type Place,
} from '#bench/fairness/order.ts';
import { dayAt, type Line } from '#bench/fairness/papers.ts';
import { lostOf, playQueues, withPatience } from '#bench/fairness/queues.ts';
import { type Heard, monotonicUs, openCrowd, type Sender } from '#bench/fairness/sender.ts';
import { atLeast, atMost, type Figure, reported } from '#bench/figures.ts';

export interface ArrivalSizes {
  readonly runs: number;
  readonly connections: number;
  /** Submissions of one connection in one run. */
  readonly each: number;
  /** Submissions of a capacity run. */
  readonly capacity: number;
  readonly capacityRuns: number;
}

const DAY = 'day';
const DELTAS_MS = [0.1, 1, 5, 10, 50] as const;
const HALF = 0.5;
const OVERLOAD = 2;
const CLOSED_LOOP = { connections: 400, window: 4 };
const BULK = { connections: 50, window: 1_000 };

/** Entries a second of a closed loop over `connections`, each with `window` unanswered. */
async function capacityOf(
  gate: FairGate,
  name: string,
  shape: { connections: number; window: number },
  total: number,
) {
  const each = Math.ceil(total / shape.connections);
  const owned = Array.from({ length: shape.connections }, (_, connection) =>
    Array.from({ length: each }, (__, at) => ({
      id: `${name}-${connection}-${at}`,
      clickDay: DAY,
    })),
  );
  const crowd = await openCrowd(gate, name, owned);
  const queues = crowd.map((sender, at) => ({
    sender,
    applications: owned[at]!.map((line) => line.id),
  }));
  const played = await playQueues(queues, { window: shape.window });
  for (const sender of crowd) sender.close();
  return { played, perSecond: played.places.length / (played.elapsedUs / 1e6) };
}

interface Load {
  readonly places: readonly Place[];
  readonly heard: readonly Heard[];
  readonly unanswered: number;
  /** What was really offered, a second. */
  readonly offered: number;
}

/** Sends everything at `perSecond` in all, connection after connection, and awaits the answers. */
async function playSchedule(
  crowd: readonly Sender[],
  applications: readonly (readonly string[])[],
  perSecond: number,
): Promise<Load> {
  const places: Place[] = [];
  const heard: Heard[] = [];
  const sentAtUs = new Map<string, number>();
  const plan = scheduleOf(applications);
  let open = plan.length;
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  crowd.forEach((sender, connection) => {
    sender.onAnswer = (answer) => {
      heard.push(answer);
      if (answer.type === 'accepted') {
        places.push({
          ...{ connection, seq: answer.seq! },
          sentAtUs: sentAtUs.get(answer.application)!,
        });
      }
      open -= 1;
      if (open === 0) finish();
    };
  });
  const startUs = monotonicUs();
  const intervalUs = 1e6 / perSecond;
  for (let next = 0; next < plan.length; ) {
    const due = Math.min(plan.length, Math.floor((monotonicUs() - startUs) / intervalUs));
    for (; next < due; next += 1) {
      const { connection, application, frame } = plan[next]!;
      sentAtUs.set(application, crowd[connection]!.write(frame));
    }
    await new Promise(setImmediate);
  }
  const offered = plan.length / ((monotonicUs() - startUs) / 1e6);
  await withPatience(finished);
  return { places, heard, unanswered: open, offered };
}

/** A stride that is prime to any number of connections here, so that neighbours differ. */
const STRIDE = 7919;

function scheduleOf(applications: readonly (readonly string[])[]) {
  const rounds = applications[0]?.length ?? 0;
  const plan = [];
  for (let round = 0; round < rounds; round += 1) {
    for (let at = 0; at < applications.length; at += 1) {
      const connection = (at * STRIDE + round) % applications.length;
      const application = applications[connection]![round]!;
      plan.push({ connection, application, frame: submitFrame(application) });
    }
  }
  return plan;
}

const BATCH_US = 20_000;

/** The same sends as a server would order them that reads socket by socket every 20 ms. */
function batchedOrder(places: readonly Place[]): Place[] {
  const batch = (place: Place) => Math.floor(place.sentAtUs / BATCH_US);
  return places
    .toSorted((a, b) => batch(a) - batch(b) || a.connection - b.connection || a.seq - b.seq)
    .map((place, at) => ({ ...place, seq: at + 1 }));
}

function targetOf(deltaMs: number): Partial<Figure> {
  if (deltaMs >= 10) return { target: '0 %', ...atMost(0) };
  return deltaMs === 1 ? { target: '≤ 0.1 %', ...atMost(0.1) } : {};
}

function inversionFigures(name: string, loads: readonly Load[], isJudged: boolean): Figure[] {
  const rates = DELTAS_MS.map(
    (deltaMs): Figure => ({
      ...reported,
      ...(isJudged && targetOf(deltaMs)),
      scenario: `F1 ${name}: pairs ≥ ${deltaMs} ms apart that were inverted, %`,
      values: loads.map(({ places }) => inversionRate(places, deltaMs * 1000) * 100),
      digits: 4,
    }),
  );
  const largest: Figure = {
    ...reported,
    ...(isJudged && { target: '≤ 10 ms', ...atMost(10) }),
    scenario: `F1 ${name}: largest inversion, ms`,
    values: loads.map(({ places }) => largestInversionUs(places) / 1000),
    digits: 2,
  };
  return [...rates, largest];
}

/** The figures of F1, and what bulk senders reach alone. */
export async function measureArrival(sizes: ArrivalSizes): Promise<Figure[]> {
  const gate = await startGate([dayAt(DAY, Date.now() * 1000 - 60_000_000)]);
  const heard: Heard[] = [];
  let unanswered = 0;
  const keep = <T extends Pick<Load, 'heard' | 'unanswered'>>(load: T): T => {
    for (const one of load.heard) heard.push(one);
    unanswered += load.unanswered;
    return load;
  };
  const capacities: number[] = [];
  const bulkShares: number[] = [];
  for (let run = -1; run < sizes.capacityRuns; run += 1) {
    const closed = await capacityOf(gate, `cap${run}`, CLOSED_LOOP, sizes.capacity);
    const bulk = await capacityOf(gate, `bulk${run}`, BULK, sizes.capacity);
    keep(closed.played);
    keep(bulk.played);
    if (run < 0) continue;
    capacities.push(closed.perSecond);
    bulkShares.push(bulk.perSecond / closed.perSecond);
  }
  const capacity = capacities.toSorted((a, b) => a - b)[Math.floor(capacities.length / 2)]!;

  const name = (kind: string, run: number, connection: number, at: number) =>
    `${kind}${run}-${connection}-${at}`;
  const kinds = ['half', 'over'] as const;
  const owned = Array.from({ length: sizes.connections }, (_, connection): Line[] =>
    kinds.flatMap((kind) =>
      Array.from({ length: sizes.runs * sizes.each }, (__, index) => ({
        id: name(kind, Math.floor(index / sizes.each), connection, index % sizes.each),
        clickDay: DAY,
      })),
    ),
  );
  const crowd = await openCrowd(gate, 'order', owned);
  const loads = { half: [] as Load[], over: [] as Load[] };
  for (let run = 0; run < sizes.runs; run += 1) {
    for (const kind of kinds) {
      const applications = crowd.map((_, connection) =>
        Array.from({ length: sizes.each }, (__, at) => name(kind, run, connection, at)),
      );
      const rate = capacity * (kind === 'half' ? HALF : OVERLOAD);
      loads[kind].push(keep(await playSchedule(crowd, applications, rate)));
    }
  }
  for (const sender of crowd) sender.close();
  const content = await gate.end();
  const offered = (kind: (typeof kinds)[number]): Figure => ({
    ...reported,
    scenario: `F1 offered, ${kind === 'half' ? 'half load' : 'overload'}, /s`,
    values: loads[kind].map((load) => load.offered),
  });
  return [
    {
      ...{ scenario: 'capacity, 400 connections × 4 in flight, /s', ...reported },
      ...{ worst: 'lowest', values: capacities },
    },
    {
      ...{ scenario: 'F2 50 bulk senders alone ÷ capacity', target: '≥ 0.80', ...atLeast(0.8) },
      ...{ values: bulkShares, digits: 2 },
    },
    offered('half'),
    ...inversionFigures('half load', loads.half, true),
    offered('over'),
    ...inversionFigures('overload', loads.over, false),
    {
      ...{ scenario: 'F1 share stamped earlier than the entry before', target: '0' },
      ...{ ...atMost(0), isCorrectness: true, values: [inboundUnfairness(content.entries)] },
    },
    {
      ...{ scenario: 'F1 lost, doubled or unanswered', target: '0', ...atMost(0) },
      ...{ isCorrectness: true, values: [lostOf(heard, content) + unanswered] },
    },
    {
      scenario: 'control, read socket by socket every 20 ms: pairs ≥ 1 ms inverted, %',
      ...{ target: '≤ 0.1 %', ...atMost(0.1), isControl: true, digits: 4 },
      values: loads.half.map(({ places }) => inversionRate(batchedOrder(places), 1000) * 100),
    },
  ];
}
