/**
 * The fairness scenarios one after the other, and their table (`npm run bench -- --fairness`).
 *
 * Exit status 1 when a figure of correctness is missed or a negative control is not caught: then
 * the gate, or its judge, is wrong. A figure of time that is missed is told and nothing more.
 */
import { type ArrivalSizes, measureArrival } from '#bench/fairness/arrival.ts';
import { type BulkSizes, controlBulk, measureBulk } from '#bench/fairness/bulk.ts';
import { controlOpenings, measureOpenings } from '#bench/fairness/openings.ts';
import { measurePoison } from '#bench/fairness/poison.ts';
import { measureSlowReader } from '#bench/fairness/slow-reader.ts';
import { type Figure, fairnessTable, isCorrect } from '#bench/figures.ts';
import { writeSection } from '#bench/results-page.ts';

const SMALL: BulkSizes = {
  rounds: 30,
  singles: 1_000,
  frames: 1_000,
  manyRounds: 5,
  manyBulks: 50,
  manyFrames: 500,
  manySingles: 2_500,
};

/** The size that is published; it takes minutes on two cores. */
const FULL: Partial<BulkSizes> = { manyRounds: 3, manyFrames: 5_000, manySingles: 5_000 };

const ARRIVAL: ArrivalSizes = {
  runs: 30,
  connections: 200,
  each: 25,
  capacity: 20_000,
  capacityRuns: 5,
};

const OPENINGS = { connections: 200, everyMs: 300 };
const POISON = { singles: 200, frames: 1_000 };
const SLOW_READER = { rounds: 5, others: 50, each: 2_000 };

/** The whole suite; `runs` is how many openings and rounds (30 unless said). */
export async function runFairness(options: {
  runs: number;
  full?: boolean;
  /** Only scenarios whose name contains this. */
  only?: string | undefined;
  /** Replaces the section of bench/RESULTS.md; `machine` is its line about the machine. */
  write?: { readonly machine: string } | undefined;
  say: (text: string) => void;
}): Promise<number> {
  const sizes = { ...SMALL, ...(options.full && FULL), rounds: options.runs };
  const arrival = { ...ARRIVAL, runs: options.runs };
  const openings = { ...OPENINGS, openings: 2 * options.runs };
  const poison = { ...POISON, rounds: options.runs };
  const scenarios: [string, () => Promise<Figure[]>][] = [
    ['order of arrival', () => measureArrival(arrival)],
    ['bulk', () => measureBulk(sizes)],
    ['bulk, control', () => controlBulk(sizes, 'without-turns')],
    ['openings', () => measureOpenings(openings)],
    ['openings, control', () => controlOpenings(openings, 'without-drain')],
    ['poisoned items', () => measurePoison(poison)],
    ['slow reader', () => measureSlowReader(SLOW_READER)],
  ];
  const figures: Figure[] = [];
  const only = options.only ?? '';
  for (const [name, measure] of scenarios.filter(([name]) => name.includes(only))) {
    options.say(name);
    figures.push(...(await measure()));
  }
  const table = fairnessTable(figures);
  process.stdout.write(`${table}\n`);
  if (options.write) writeSection('Fairness', sectionOf(table, options.write.machine));
  return isCorrect(figures) ? 0 : 1;
}

function sectionOf(table: string, machine: string): string {
  return `## Fairness

Made by \`npm run bench -- --fairness --write\` on ${new Date().toISOString().slice(0, 10)}.

${machine}

${table}

Real gate processes; senders in one process, so that one monotonic clock times them all. Parked
frames are written while the gate is stopped (SIGSTOP) and lie in its kernel buffers at the instant.
A control takes one rule away and must be caught. F1 to F3 are inversions against the senders'
clock, the advantage of a bulk sender, and the opening. What misses its target misses it in time
only: when the gate pauses for some milliseconds (its collector, the machine), all that arrived
meanwhile is dealt in one pass, and at the opening the draining pass refuses what came in that pause
as too early, to be sent again at once.
`;
}
