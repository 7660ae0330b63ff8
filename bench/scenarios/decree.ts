/**
 * The whole decree of 2010 through one gate: everybody is connected and greeted before the opening
 * and submits from that instant, each connection with at most eight unanswered; who is told to come
 * again does so after `retryAfterMs`. The time is from the opening to the last acknowledgement.
 * Who the senders are stands in decree-senders.ts.
 */

import { refusalsOf } from '#bench/drivers/answer-figures.ts';
import { peakResidentMiB } from '#bench/fairness/gate.ts';
import { createPortal } from '#bench/fairness/papers.ts';
import { atMost, type Figure, medianAtMost, reported } from '#bench/figures.ts';
import { COUNTS } from '#bench/methods.ts';
import { type DecreeShape, decreeSenders } from '#bench/scenarios/decree-senders.ts';
import {
  acceptedOf,
  connectionPlans,
  connectionsPossible,
  IN_FLIGHT_LIMIT,
  noticeMs,
  onStage,
  type ScenarioSizes,
} from '#bench/scenarios/load-stage.ts';
import { acceptedEarly, lastAcknowledgementS } from '#bench/scenarios/opening-load.ts';

export interface DecreeSizes extends DecreeShape, ScenarioSizes {}

export const METHOD = `392,310 applications, half of them of bulk senders with up to four
connections an account, half of single senders; everybody is greeted before the opening and sends
when it comes, with 8 in flight at most, and comes again when told to. Time from the opening to
the last durable acknowledgement. ${COUNTS}`;

export const FULL: DecreeSizes = {
  ...{ runs: 5, applications: 392_310, connections: 20_000 },
};
export const QUICK: DecreeSizes = {
  ...{ runs: 1, applications: 20_000, connections: 1_000, bulkDivisor: 20 },
};

const SECONDS_MAX = 10;
const MIB_MAX = 1_024;

async function playDecree(sizes: DecreeSizes) {
  const connections = connectionsPossible(sizes.connections);
  const portal = createPortal();
  const plans = connectionPlans(portal, decreeSenders({ ...sizes, connections }));
  const load = { kind: 'closed', inFlight: IN_FLIGHT_LIMIT, honoursRetry: true } as const;
  return onStage({ ...sizes, portal, isOpen: false }, async (stage) => {
    let opensAtUs = Number.NaN;
    const startsAtUs = () => {
      opensAtUs = stage.openIn(noticeMs(connections));
      return opensAtUs;
    };
    const result = await stage.play(plans, { load }, { startsAtUs });
    return {
      ...{ connections, retries: result.retries },
      ...{ gateShare: result.gateShare, cpuShare: result.cpuShare },
      early: acceptedEarly(result, opensAtUs),
      peakMiB: peakResidentMiB(stage.gate.pid),
      seconds: lastAcknowledgementS(result, opensAtUs),
      unaccepted: sizes.applications - acceptedOf(result.answers),
      refusals: refusalsOf(result.answers),
    };
  });
}

type Decree = Awaited<ReturnType<typeof playDecree>>;

/** The figures of the decree. */
export async function measureDecree(
  sizes: DecreeSizes,
  say: (text: string) => void,
): Promise<Figure[]> {
  const done: Decree[] = [];
  for (let run = 0; run < sizes.runs; run += 1) {
    const decree = await playDecree(sizes);
    done.push(decree);
    const { seconds, peakMiB, refusals } = decree;
    say(`decree: ${seconds.toFixed(2)} s, ${Math.round(peakMiB)} MiB, ${JSON.stringify(refusals)}`);
  }
  return figuresOf(done, sizes.applications);
}

function figuresOf(done: readonly Decree[], applications: number): Figure[] {
  const connections = done[0]?.connections ?? 0;
  const shape = `${applications.toLocaleString('en')} over ${connections.toLocaleString('en')}`;
  const told = (what: string, read: (decree: Decree) => number, digits = 0): Figure => ({
    ...{ scenario: `decree: ${what}`, ...reported, digits, values: done.map(read) },
  });
  const never = (what: string, read: (decree: Decree) => number): Figure => ({
    ...told(what, read),
    ...{ target: '0', ...atMost(0), isCorrectness: true },
  });
  return [
    {
      ...told(`${shape} connections, s to the last acknowledgement`, ({ seconds }) => seconds, 2),
      ...{ target: `≤ ${SECONDS_MAX}`, ...medianAtMost(SECONDS_MAX) },
    },
    {
      ...told('resident memory of the gate at most, MiB', ({ peakMiB }) => peakMiB),
      ...{ target: `≤ ${MIB_MAX}`, ...atMost(MIB_MAX) },
    },
    told('told to come again', ({ retries }) => retries),
    told('CPU of the gate, % of a core', ({ gateShare }) => gateShare * 100),
    told('CPU of the generator, % of a core', ({ cpuShare }) => cpuShare * 100),
    never('accepted early', ({ early }) => early),
    never('lost, doubled or not accepted', ({ faults, unaccepted }) => faults + unaccepted),
  ];
}
