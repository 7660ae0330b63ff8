/**
 * The scenarios of fairness (F1 to F3, head of line, slow reader) for the registry, each with its
 * negative control where it has one.
 *
 * A figure of correctness that is missed, or a control that is not caught, means that the gate or
 * its judge is wrong. A figure of time that is missed is told and nothing more.
 */
import { type ArrivalSizes, measureArrival } from '#bench/fairness/arrival.ts';
import { type BulkSizes, controlBulk, measureBulk } from '#bench/fairness/bulk.ts';
import { controlOpenings, measureOpenings, type OpeningSizes } from '#bench/fairness/openings.ts';
import { measurePoison, type PoisonSizes } from '#bench/fairness/poison.ts';
import { measureSlowReader, type SlowReaderSizes } from '#bench/fairness/slow-reader.ts';
import { ONE_CLOCK } from '#bench/methods.ts';
import type { Scenario } from '#bench/scenario.ts';

/** Openings and rounds of each scenario, unless said otherwise. */
const RUNS = 30;
const RUNS_QUICK = 3;

const ARRIVAL: Omit<ArrivalSizes, 'runs'> = {
  ...{ connections: 200, each: 25, capacity: 20_000, capacityRuns: 5 },
};
const ARRIVAL_QUICK = { ...ARRIVAL, capacity: 10_000, capacityRuns: 1 };

const BULK: Omit<BulkSizes, 'rounds'> = {
  ...{ singles: 1_000, frames: 1_000 },
  ...{ manyRounds: 3, manyBulks: 50, manyFrames: 5_000, manySingles: 5_000 },
};
const BULK_QUICK = {
  ...BULK,
  ...{ singles: 400, frames: 400, manyRounds: 1, manyFrames: 300, manySingles: 500 },
};

const OPENINGS: Omit<OpeningSizes, 'openings'> = {
  ...{ connections: 200, everyMs: 300, leadMs: 6_000 },
};
const OPENINGS_QUICK = { ...OPENINGS, leadMs: 3_000 };
const POISON: Omit<PoisonSizes, 'rounds'> = { singles: 200, frames: 1_000 };
const SLOW_READER: SlowReaderSizes = { rounds: 5, others: 50, each: 2_000 };
const SLOW_READER_QUICK: SlowReaderSizes = { rounds: 1, others: 50, each: 1_000 };

export const FAIRNESS: readonly Scenario[] = [
  {
    name: 'order',
    group: 'fairness',
    title: 'F1, order of arrival',
    method: `${ONE_CLOCK} Submissions on a schedule from 200 connections; the instant before each
write is compared with the numbers the ledger gave. What misses its target misses it in time only:
when the gate pauses for some milliseconds (its collector, the machine), all that arrived
meanwhile is dealt in one pass. The control is the same sends as a server would order them that
reads socket by socket.`,
    measure: async ({ isQuick, runs = isQuick ? RUNS_QUICK : RUNS }) => ({
      figures: await measureArrival({ ...(isQuick ? ARRIVAL_QUICK : ARRIVAL), runs }),
    }),
  },
  {
    name: 'bulk',
    group: 'fairness',
    title: 'F2, bulk senders',
    method: `${ONE_CLOCK} Everything is queued while the gate stands still (SIGSTOP), the bulk
first. Turns give every connection one place a round. The control serves in order of arrival and
must be caught.`,
    measure: async ({ isQuick, runs: rounds = isQuick ? RUNS_QUICK : RUNS }) => {
      const sizes = { ...(isQuick ? BULK_QUICK : BULK), rounds };
      const figures = await measureBulk(sizes);
      return { figures: [...figures, ...(await controlBulk(sizes, 'without-turns'))] };
    },
  },
  {
    name: 'openings',
    group: 'fairness',
    title: 'F3, the opening',
    method: `${ONE_CLOCK} Parked frames are written while the gate is stopped (SIGSTOP) and lie in
its kernel buffers at the instant; hammered openings are asked again and again across it. At the
opening the draining pass refuses what came in a pause as too early, to be sent again at once. The
control goes by the time of reading and must be caught.`,
    measure: async ({ isQuick, runs = isQuick ? RUNS_QUICK : RUNS }) => {
      const sizes = { ...(isQuick ? OPENINGS_QUICK : OPENINGS), openings: 2 * runs };
      const figures = await measureOpenings(sizes);
      return { figures: [...figures, ...(await controlOpenings(sizes, 'without-drain'))] };
    },
  },
  {
    name: 'poison',
    group: 'fairness',
    title: 'Poisoned items',
    method: `${ONE_CLOCK} Unknown, stored and pending items among the thousand of a bulk sender
take no place and hold nobody up.`,
    measure: async ({ isQuick, runs: rounds = isQuick ? RUNS_QUICK : RUNS }) => ({
      figures: await measurePoison({ ...POISON, rounds }),
    }),
  },
  {
    name: 'slow-reader',
    group: 'fairness',
    title: 'A client that does not read',
    method: `${ONE_CLOCK} One client floods and never reads, beside others who submit; next to it
the same flood by one who reads.`,
    measure: async ({ isQuick, runs }) => {
      const sizes = isQuick ? SLOW_READER_QUICK : SLOW_READER;
      return { figures: await measureSlowReader({ ...sizes, ...(runs && { rounds: runs }) }) };
    },
  },
];
