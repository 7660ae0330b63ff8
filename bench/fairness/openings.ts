/**
 * F3, openings: one gate process with many click days that open one after the other.
 *
 * Even openings, parked: the gate is stopped shortly before the instant, everybody writes, and it
 * goes on a little before, at or after the instant; what was sent before the opening MUST be
 * refused. Odd openings, hammered: everybody asks again and again across the instant.
 *
 * The senders' instants are told in the machine's official date through their monotonic clock,
 * anchored at the edges of the date's milliseconds, so the gate's own clock judges nothing.
 */

import { dateOffsetMs, untilMs } from '#bench/drivers/date-anchor.ts';
import { submitFrame } from '#bench/drivers/frames.ts';
import { type FairGate, startGate, type Unfairness } from '#bench/fairness/gate.ts';
import { dayAt } from '#bench/fairness/papers.ts';
import { lostOf, withPatience } from '#bench/fairness/queues.ts';
import { type Heard, monotonicUs, openCrowd, type Sender } from '#bench/fairness/sender.ts';
import { atMost, type Figure, reported } from '#bench/figures.ts';
import { usFromIso } from '#protocol/time.ts';

export interface OpeningSizes {
  readonly openings: number;
  readonly connections: number;
  /** Milliseconds between two openings. */
  readonly everyMs: number;
  /** Until the first opening: gate and crowd must be there by then. */
  readonly leadMs: number;
}

/** A frame's way: when it was written (official µs) and what it heard. */
interface Trial {
  readonly sentAtUs: number;
  heard: Heard | undefined;
}

interface Opening {
  readonly kind: 'parked' | 'hammered';
  readonly opensAtUs: number;
  readonly trials: readonly Trial[];
}

const PARKED_BEFORE_US = 15_000;
/** When the gate goes on, relative to the instant. */
const GOES_ON_US = [-1_000, 0, 1_000, 4_000, 20_000] as const;
const HAMMER_US = 30_000;
const FRAMES_A_MS = 8;

/** Official µs minus monotonic µs. */
const anchorUs = () => dateOffsetMs() * 1000;

const until = (officialUs: number, offsetUs: number) => untilMs((officialUs - offsetUs) / 1000);

function createTrials(crowd: readonly Sender[], day: string, offsetUs: number) {
  const trials: Trial[] = [];
  let open = 0;
  let finish: () => void = () => undefined;
  for (const sender of crowd) {
    sender.onAnswer = (heard) => {
      const trial = trials[Number(heard.ref)];
      if (trial === undefined || trial.heard !== undefined) return;
      trial.heard = heard;
      open -= 1;
      if (open === 0) finish();
    };
  }
  return {
    trials,
    submit: (connection: number) => {
      const frame = submitFrame(`${day}-${connection}`, String(trials.length));
      open += 1;
      const trial: Trial = { sentAtUs: monotonicUs() + offsetUs, heard: undefined };
      trials.push(trial);
      crowd[connection]!.write(frame);
    },
    answered: () =>
      withPatience(
        new Promise<void>((resolve) => {
          finish = resolve;
          if (open === 0) resolve();
        }),
      ),
  };
}

interface Stage {
  readonly gate: FairGate;
  readonly crowd: readonly Sender[];
  readonly day: string;
  readonly opensAtUs: number;
}

async function playParked({ gate, crowd, day, opensAtUs }: Stage, goesOnUs: number) {
  const offsetUs = anchorUs();
  const { trials, submit, answered } = createTrials(crowd, day, offsetUs);
  await until(opensAtUs - PARKED_BEFORE_US, offsetUs);
  gate.freeze();
  for (const connection of crowd.keys()) submit(connection);
  while (monotonicUs() + offsetUs < opensAtUs + goesOnUs);
  gate.thaw();
  await answered();
  await until(opensAtUs + 10_000, offsetUs);
  for (const connection of crowd.keys()) submit(connection);
  await answered();
  return trials;
}

async function playHammered({ crowd, day, opensAtUs }: Stage) {
  const offsetUs = anchorUs();
  const { trials, submit, answered } = createTrials(crowd, day, offsetUs);
  const startUs = opensAtUs - HAMMER_US;
  await until(startUs, offsetUs);
  for (let nowUs = startUs; nowUs < opensAtUs + HAMMER_US; nowUs = monotonicUs() + offsetUs) {
    const due = Math.floor(((nowUs - startUs) / 1000) * FRAMES_A_MS);
    while (trials.length < due) submit(trials.length % crowd.length);
    await new Promise(setImmediate);
  }
  await answered();
  return trials;
}

async function playOpenings(sizes: OpeningSizes, unfair?: Unfairness) {
  const firstUs = (Date.now() + sizes.leadMs) * 1000;
  const days = Array.from({ length: sizes.openings }, (_, at) =>
    dayAt(`d${at}`, firstUs + at * sizes.everyMs * 1000),
  );
  const gate = await startGate(days, unfair ? { unfair } : {});
  const owned = Array.from({ length: sizes.connections }, (_, connection) =>
    days.map(({ id }) => ({ id: `${id}-${connection}`, clickDay: id })),
  );
  const crowd = await openCrowd(gate, 'waiting', owned);
  const openings: Opening[] = [];
  for (const [at, { id, opensAt }] of days.entries()) {
    const stage = { gate, crowd, day: id, opensAtUs: usFromIso(opensAt) };
    const kind = at % 2 === 0 || unfair ? 'parked' : 'hammered';
    const goesOnUs = unfair ? 1_000 : GOES_ON_US[(at / 2) % GOES_ON_US.length]!;
    const trials =
      kind === 'parked' ? await playParked(stage, goesOnUs) : await playHammered(stage);
    openings.push({ kind, opensAtUs: stage.opensAtUs, trials });
  }
  for (const sender of crowd) sender.close();
  return { openings, content: await gate.end() };
}

/** Frames written before the opening for certain and accepted all the same. */
function earlyOf({ trials, opensAtUs }: Opening): number {
  return trials.filter(({ sentAtUs, heard }) => {
    if (heard?.type !== 'accepted' || heard.duplicate === true) return false;
    return sentAtUs < opensAtUs - (heard.uncertaintyUs ?? 0);
  }).length;
}

function uncertaintyUsOf({ trials }: Opening): number {
  return Math.max(...trials.map(({ heard }) => heard?.uncertaintyUs ?? 0));
}

function refusedOnTime(opening: Opening): Trial[] {
  const certainUs = opening.opensAtUs + 2 * uncertaintyUsOf(opening);
  return opening.trials.filter(
    ({ sentAtUs, heard }) => heard?.code === 'TOO_EARLY' && sentAtUs > certainUs,
  );
}

/** Official µs of the first stamp after the instant. */
function firstAdmissionUs({ trials, opensAtUs }: Opening): number {
  const stamps = trials.flatMap(({ heard }) => (heard?.stamp ? [usFromIso(heard.stamp)] : []));
  return Math.min(...stamps) - opensAtUs;
}

const NEAR_US = 10_000;

/** The longest time around the instant in which the senders themselves wrote nothing, ms. */
function sendersPauseMs({ trials, opensAtUs }: Opening): number {
  const near = trials.filter(({ sentAtUs }) => Math.abs(sentAtUs - opensAtUs) < NEAR_US);
  const pauses = near.slice(1).map((trial, at) => trial.sentAtUs - near[at]!.sentAtUs);
  return Math.max(0, ...pauses) / 1000;
}

/** The figures of F3. */
export async function measureOpenings(sizes: OpeningSizes): Promise<Figure[]> {
  const { openings, content } = await playOpenings(sizes);
  const hammered = openings.filter(({ kind }) => kind === 'hammered');
  const parked = openings.filter(({ kind }) => kind === 'parked');
  const trials = openings.flatMap((opening) => opening.trials);
  const heard = trials.flatMap((trial) => trial.heard ?? []);
  const lost = lostOf(heard, content) + trials.length - heard.length;
  const parkedEarly = (opening: Opening) =>
    opening.trials.filter(({ sentAtUs }) => sentAtUs < opening.opensAtUs).length;
  return [
    {
      ...{ scenario: 'F3 frames parked in kernel buffers, an opening', ...reported },
      values: parked.map(parkedEarly),
    },
    {
      ...{ scenario: 'F3 accepted early, parked frames', target: '0', ...atMost(0) },
      ...{ isCorrectness: true, values: parked.map(earlyOf) },
    },
    {
      ...{ scenario: 'F3 accepted early, hammered', target: '0', ...atMost(0) },
      ...{ isCorrectness: true, values: hammered.map(earlyOf) },
    },
    {
      ...{ scenario: 'F3 uncertainty of the clock, ms', ...reported, digits: 2 },
      values: openings.map((opening) => uncertaintyUsOf(opening) / 1000),
    },
    {
      ...{ scenario: 'F3 first admission after the instant − 2 × uncertainty, ms', digits: 2 },
      ...{ target: '≤ 2', ...atMost(2) },
      values: hammered.map((one) => (firstAdmissionUs(one) - 2 * uncertaintyUsOf(one)) / 1000),
    },
    {
      ...{ scenario: 'F3 longest pause of the senders within 10 ms of the instant, ms' },
      ...{ ...reported, digits: 2, values: hammered.map(sendersPauseMs) },
    },
    {
      ...{ scenario: 'F3 refused although on time, hammered', target: '0', ...atMost(0) },
      values: hammered.map((one) => refusedOnTime(one).length),
    },
    {
      ...{ scenario: 'F3 lost, doubled or unanswered', target: '0', ...atMost(0) },
      ...{ isCorrectness: true, values: [lost] },
    },
  ];
}

/** The same over a gate whose door goes by the time of reading. */
export async function controlOpenings(sizes: OpeningSizes, unfair: Unfairness): Promise<Figure[]> {
  const { openings } = await playOpenings({ ...sizes, openings: 3 }, unfair);
  return [
    {
      ...{ scenario: 'control, door by time of reading: accepted early', target: '0' },
      ...{ ...atMost(0), isControl: true, values: openings.map(earlyOf) },
    },
  ];
}
