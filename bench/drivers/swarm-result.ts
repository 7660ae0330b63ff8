/**
 * What a closed loop came to, in the words that all load generators share: acknowledgements,
 * refusals by code, rate and latencies.
 *
 * Rate and latencies leave out the first fifth of the acknowledgements, the warm-up; everything
 * else is of the whole run.
 */
import { ACCEPTED, type Answers, DUPLICATE, NO_SUBMISSION } from '#bench/drivers/answers.ts';
import type { LoadResult } from '#bench/drivers/load.ts';
import { isoFromUs } from '#protocol/time.ts';

/** An answer that was an acknowledgement. */
export interface Acknowledgement {
  readonly application: string;
  readonly seq: number;
  readonly stamp: string;
}

export interface SwarmResult {
  readonly acknowledgements: readonly Acknowledgement[];
  readonly refusals: Readonly<Record<string, number>>;
  readonly ratePerSecond: number;
  /** From the write of the frame to its answer. */
  readonly latenciesMs: readonly number[];
  readonly elapsedMs: number;
  /** CPU time of the generator over elapsed time; 1 is one whole core. */
  readonly cpuShare: number;
  readonly failures: readonly string[];
  readonly retries: number;
}

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

/** `applications` are the plan's, as its submissions are numbered. */
export function swarmResultOf(result: LoadResult, applications: readonly string[]): SwarmResult {
  const { answers, playing, cpuShare, failures, retries } = result;
  const rows = acknowledgedRows(answers);
  const counted = rows.slice(Math.floor(rows.length * WARM_UP_SHARE));
  const spanMs = (answers.atMs[counted.at(-1) ?? 0] ?? 0) - (answers.atMs[counted[0] ?? 0] ?? 0);
  return {
    acknowledgements: rows.map((row) => acknowledgementOf(answers, row, applications)),
    refusals: refusalsOf(answers),
    ratePerSecond: spanMs > 0 ? (counted.length - 1) / (spanMs / 1_000) : 0,
    latenciesMs: counted.map((row) => answers.atMs[row]! - answers.sentAtMs[row]!),
    elapsedMs: playing.finishedAtMs - playing.startedAtMs,
    ...{ cpuShare, failures, retries },
  };
}

function acknowledgementOf(
  answers: Answers,
  row: number,
  applications: readonly string[],
): Acknowledgement {
  const number = answers.submission[row]!;
  return {
    application: number === NO_SUBMISSION ? 'not ours' : applications[number]!,
    seq: answers.seq[row]!,
    stamp: isoFromUs(answers.stampUs[row]!),
  };
}
