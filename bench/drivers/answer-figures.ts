/**
 * Figures of a table of answers. Rate and latencies leave out the first fifth of the
 * acknowledgements, the warm-up; counts are of all.
 */
import { ACCEPTED, type Answers, DUPLICATE } from '#bench/drivers/answers.ts';

const WARM_UP_SHARE = 0.2;

/** Whether a row is an acknowledgement, the first one or a repeated one. */
export function isAcknowledged(answers: Answers, row: number): boolean {
  return answers.outcome[row] === ACCEPTED || answers.outcome[row] === DUPLICATE;
}

/** The rows that are acknowledgements, in the order they came. */
export function acknowledgedRows(answers: Answers): number[] {
  const rows = [];
  for (let row = 0; row < answers.count; row += 1) if (isAcknowledged(answers, row)) rows.push(row);
  return rows;
}

/** The same after the warm-up. */
function countedRows(answers: Answers): number[] {
  const rows = acknowledgedRows(answers);
  return rows.slice(Math.floor(rows.length * WARM_UP_SHARE));
}

/** Acknowledgements a second after the warm-up; 0 of fewer than two. */
export function ratePerSecond(answers: Answers): number {
  const rows = countedRows(answers);
  if (rows.length < 2) return 0;
  const spanMs = answers.atMs[rows.at(-1)!]! - answers.atMs[rows[0]!]!;
  return (rows.length - 1) / (spanMs / 1_000);
}

/**
 * How long acknowledgements took after the warm-up, ms: from the instant each submission was due,
 * or from the one at which it was written.
 */
export function latenciesMs(answers: Answers, from: 'dueAtMs' | 'sentAtMs'): number[] {
  return countedRows(answers).map((row) => answers.atMs[row]! - answers[from][row]!);
}

/** How late the generator wrote, ms: a row an answer. */
export function latenessMs(answers: Answers): number[] {
  return Array.from(answers.sentAtMs, (sentAtMs, row) => sentAtMs - answers.dueAtMs[row]!);
}

/** What was really offered, a second: from the first write to the last; 0 of fewer than two. */
export function offeredPerSecond(answers: Answers): number {
  const sentAtMs = answers.sentAtMs.toSorted();
  const spanMs = (sentAtMs.at(-1) ?? 0) - (sentAtMs[0] ?? 0);
  return spanMs > 0 ? (answers.count - 1) / (spanMs / 1_000) : 0;
}

/** How many refusals of each code came. */
export function refusalsOf(answers: Answers): Record<string, number> {
  const counts: Record<string, number> = {};
  for (let row = 0; row < answers.count; row += 1) {
    if (isAcknowledged(answers, row)) continue;
    const code = answers.outcomes[answers.outcome[row]!]!;
    counts[code] = (counts[code] ?? 0) + 1;
  }
  return counts;
}

/** How many refusals came in all. */
export function refusedCount(answers: Answers): number {
  return answers.count - acknowledgedRows(answers).length;
}
