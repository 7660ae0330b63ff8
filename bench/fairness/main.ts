/**
 * The fairness scenarios one after the other, and their table (`npm run bench -- --fairness`).
 *
 * Exit status 1 when a figure of correctness is missed or a negative control is not caught: then
 * the gate, or its judge, is wrong. A figure of time that is missed is told and nothing more.
 */
import { type ArrivalSizes, measureArrival } from '#bench/fairness/arrival.ts';
import { type BulkSizes, controlBulk, measureBulk } from '#bench/fairness/bulk.ts';
import { type Figure, fairnessTable, isCorrect } from '#bench/fairness/figures.ts';

const SMALL: BulkSizes = {
  rounds: 30,
  singles: 1_000,
  frames: 1_000,
  manyRounds: 5,
  manyBulks: 50,
  manyFrames: 500,
  manySingles: 2_500,
};

const ARRIVAL: ArrivalSizes = {
  runs: 30,
  connections: 200,
  each: 25,
  capacity: 20_000,
  capacityRuns: 5,
};

/** The whole suite; `runs` is how many openings and rounds (30 unless said). */
export async function runFairness(options: {
  runs: number;
  /** Only scenarios whose name contains this. */
  only?: string | undefined;
  say: (text: string) => void;
}): Promise<number> {
  const sizes = { ...SMALL, rounds: options.runs };
  const arrival = { ...ARRIVAL, runs: options.runs };
  const scenarios: [string, () => Promise<Figure[]>][] = [
    ['order of arrival', () => measureArrival(arrival)],
    ['bulk', () => measureBulk(sizes)],
    ['bulk, control', () => controlBulk(sizes, 'without-turns')],
  ];
  const figures: Figure[] = [];
  const only = options.only ?? '';
  for (const [name, measure] of scenarios.filter(([name]) => name.includes(only))) {
    options.say(name);
    figures.push(...(await measure()));
  }
  process.stdout.write(`${fairnessTable(figures)}\n`);
  return isCorrect(figures) ? 0 : 1;
}
