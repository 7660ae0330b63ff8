/**
 * Simulated networks on which the mini-client's core waits for an opening, each from a seed, and
 * what became of its first frame.
 *
 * A way takes its delay, jitter on top, and for a lost packet the time until TCP sends it again;
 * everything behind it waits (in order). The gate's clock is wrong within what it says of itself,
 * the computer's drifts and may be an hour off, timers fire late. A network states
 * its delay, its jitter and how uneven its two ways are; the client is told none of it.
 */
import { createGateClocks, type GateClocks, type Margin } from '#mini-client/core/index.ts';
import { CLOSES_US, OPENS_US, seeded, stage } from '#test/support/sender-stage.ts';

type Jitter = 'none' | 'even' | 'crowded' | 'bell';

/** What a network is like; microseconds. */
export interface ArrivalNetwork {
  readonly seed: number;
  /** Mean of the two ways without jitter. */
  readonly delayUs: number;
  /** Way there less way back, without jitter. */
  readonly asymmetryUs: number;
  readonly jitter: Jitter;
  readonly jitterUs: number;
  /** Share of packets lost. */
  readonly loss: number;
  /** Of the gate's clock: what it says, and how wrong it is. */
  readonly uncertaintyUs: number;
  readonly gateErrorUs: number;
  readonly driftPpm: number;
}

/** The first frame that arrived. */
export interface Arrival {
  readonly network: ArrivalNetwork;
  /** From the instant at which the gate lets in; negative: early. */
  readonly lateUs: number;
  /** What the client said of it last: at most so long after the gate lets in. */
  readonly statedUs: number;
  /** What the client said of its clock: half the round trip, the gate's uncertainty, drift. */
  readonly uncertaintyUs: number;
  /** Packets of the first frame that were lost on the way. */
  readonly lostCount: number;
  /** The gate refused it as early. */
  readonly isRefused: boolean;
}

export interface ArrivalOptions {
  /** How wrong the computer's clock is. */
  readonly clockErrorUs?: number;
  readonly margin?: Margin;
  /** A deliberate bug: the clocks of gates as the sender gets them. */
  readonly spoilt?: (clocks: GateClocks) => GateClocks;
}

const ASYMMETRY_US_MAX = 50_000;
const DELAY_US_MIN = 1_000;
const RESEND_US_MIN = 200_000;
const TIMER_LATE_US_MAX = 1_000;

/** The network of a seed: delays of 1 to 300 ms, evenly on a logarithmic scale. */
export function arrivalNetwork(seed: number): ArrivalNetwork {
  const dice = seeded(seed * 7_919);
  for (let warm = 0; warm < 8; warm += 1) dice.integer(2);
  const share = () => dice.integer(1_000_001) / 1_000_000;
  const delayUs = Math.round(DELAY_US_MIN * 300 ** share());
  // The quicker way takes half a millisecond at least.
  const asymmetryUsMax = Math.min(ASYMMETRY_US_MAX, 2 * (delayUs - 500));
  const asymmetryUs = Math.round((2 * share() - 1) * asymmetryUsMax);
  const kinds: readonly Jitter[] = ['none', 'even', 'crowded', 'bell'];
  const jitter = kinds[dice.integer(kinds.length)]!;
  const jitterUs = jitter === 'none' ? 0 : Math.round(share() * Math.min(delayUs, 40_000));
  const loss = dice.integer(2) === 0 ? 0 : share() * 0.03;
  const uncertaintyUs = Math.round(100 * 200 ** share());
  const gateErrorUs = Math.round((2 * share() - 1) * uncertaintyUs);
  const driftPpm = Math.round((2 * share() - 1) * 100);
  return {
    ...{ seed, delayUs, asymmetryUs, jitter, jitterUs, loss },
    ...{ uncertaintyUs, gateErrorUs, driftPpm },
  };
}

/** A sample of the jitter, 0 … about `jitterUs`, never less than nothing. */
function sampleUs(kind: Jitter, jitterUs: number, share: () => number): number {
  switch (kind) {
    case 'none':
      return 0;
    case 'even':
      return jitterUs * share();
    case 'crowded':
      // Exponential: a queue that is mostly empty.
      return (-jitterUs / 4) * Math.log(1 - 0.999_999 * share());
    case 'bell':
      return (jitterUs * (share() + share() + share() + share())) / 4;
  }
}

/** Plays one network until the first frame has its answer. The same options, the same run. */
export async function playArrival(
  network: ArrivalNetwork,
  options: ArrivalOptions = {},
): Promise<Arrival> {
  const { seed, delayUs, asymmetryUs, jitter, jitterUs, loss, uncertaintyUs } = network;
  const dice = seeded(seed * 104_729);
  const share = () => dice.integer(1_000_001) / 1_000_000;
  const resendUs = Math.max(RESEND_US_MIN, 3 * delayUs);
  let lostCount = 0;
  const way = (baseUs: number) => () => {
    let us = baseUs + sampleUs(jitter, jitterUs, share);
    for (lostCount = 0; share() < loss; lostCount += 1) us += resendUs * 2 ** lostCount;
    return Math.round(us);
  };
  const { gate, events, world, create } = stage({
    thereUs: way(delayUs + asymmetryUs / 2),
    backUs: way(delayUs - asymmetryUs / 2),
    ...{ seed, offsetUs: options.clockErrorUs ?? 0, driftPpm: network.driftPpm },
    lateUs: () => share() * TIMER_LATE_US_MAX,
    applications: ['app-1'],
    gate: { uncertaintyUs, nowUs: () => world.nowUs() + network.gateErrorUs },
  });
  const clocks = createGateClocks();
  let isOver = false;
  let lostOfFirst = 0;
  const sender = create({
    gateClocks: options.spoilt?.(clocks) ?? clocks,
    options: options.margin === undefined ? {} : { margin: options.margin },
    onEvent: (event) => {
      events.push(event);
      if (event.event === 'sent' && !isOver) lostOfFirst = lostCount;
      if (event.event === 'waiting' || event.event === 'accepted') isOver = true;
    },
  });
  sender.start();
  await world.run(CLOSES_US, () => isOver);
  sender.stop();
  const stated = events.findLast((event) => event.event === 'clock');
  const first = gate.arrivals[0];
  if (stated?.event !== 'clock' || first === undefined) throw new Error('nothing was sent');
  return {
    ...{ network, lateUs: first.atUs - (OPENS_US + uncertaintyUs), lostCount: lostOfFirst },
    ...{ statedUs: stated.arrivesWithinUs, uncertaintyUs: stated.uncertaintyUs },
    isRefused: events.some(({ event }) => event === 'waiting'),
  };
}
