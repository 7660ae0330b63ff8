/**
 * Greeting: everybody connects before the opening. For each connection TCP, upgrade, `hello` with
 * one passbook of some lines whose signature is checked, and its `welcome`; the time is from the
 * first connection begun to the last welcome. At most 200 are on their way at once.
 */

import { peakResidentMiB } from '#bench/fairness/gate.ts';
import { createPortal } from '#bench/fairness/papers.ts';
import { type Figure, medianAtMost, reported } from '#bench/figures.ts';
import { COUNTS } from '#bench/methods.ts';
import {
  connectionPlans,
  connectionsPossible,
  onStage,
  type ScenarioSizes,
  singleSenders,
} from '#bench/scenarios/load-stage.ts';

export interface GreetingSizes extends ScenarioSizes {
  readonly connections: number;
  /** Lines of each passbook. */
  readonly lines: number;
}

export const METHOD = `Real connections from eight loopback addresses, each with a passbook of its
own: TCP, upgrade, \`hello\`, signature, \`welcome\`, from the first connect to the last welcome,
200 on the way at a time. Generator and gate share the cores, and each needs about half of the
time. ${COUNTS}`;

export const FULL: GreetingSizes = { runs: 5, connections: 20_000, lines: 10 };
export const QUICK: GreetingSizes = { runs: 1, connections: 1_000, lines: 10 };

const SECONDS_MAX = 6;

async function greetOnce({ connections, lines, ...sizes }: GreetingSizes) {
  const portal = createPortal();
  const senders = singleSenders('greeted', connections, lines);
  const plans = connectionPlans(portal, senders).map((plan) => ({ ...plan, applications: [] }));
  const load = { kind: 'closed', inFlight: 1, honoursRetry: false } as const;
  return onStage({ ...sizes, portal, isOpen: false }, async (stage) => {
    const { connecting } = await stage.play(plans, { load });
    const peakMiB = peakResidentMiB(stage.gate.pid);
    return { seconds: (connecting.finishedAtMs - connecting.startedAtMs) / 1_000, peakMiB };
  });
}

/** The figures of the greeting. */
export async function measureGreeting(
  sizes: GreetingSizes,
  say: (text: string) => void,
): Promise<Figure[]> {
  const connections = connectionsPossible(sizes.connections);
  const done: Awaited<ReturnType<typeof greetOnce>>[] = [];
  for (let run = 0; run < sizes.runs; run += 1) {
    done.push(await greetOnce({ ...sizes, connections }));
    say(`${connections} connections greeted in ${done.at(-1)!.seconds.toFixed(2)} s`);
  }
  const name = `greeting: ${connections.toLocaleString('en')} connections`;
  return [
    {
      ...{ scenario: `${name} with hello, s`, target: `≤ ${SECONDS_MAX}`, digits: 2 },
      ...{ ...medianAtMost(SECONDS_MAX), values: done.map(({ seconds }) => seconds) },
    },
    {
      ...{ scenario: `${name}, resident memory of the gate, MiB`, ...reported },
      values: done.map(({ peakMiB }) => peakMiB),
    },
  ];
}
