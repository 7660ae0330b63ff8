/**
 * What a closed loop came to, in the words that all load generators share: acknowledgements,
 * refusals by code, rate and latencies. Rate and latencies leave out the warm-up (answer-figures);
 * everything else is of the whole run.
 */
import {
  acknowledgedRows,
  latenciesMs,
  ratePerSecond,
  refusalsOf,
} from '#bench/drivers/answer-figures.ts';
import { type Answers, NO_SUBMISSION } from '#bench/drivers/answers.ts';
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
  /** CPU time of the generator's threads over elapsed time; 1 is one whole core. */
  readonly cpuShare: number;
  readonly failures: readonly string[];
  readonly retries: number;
}

/** `applications` are the plan's, as its submissions are numbered. */
export function swarmResultOf(result: LoadResult, applications: readonly string[]): SwarmResult {
  const { answers, playing, cpuShare, failures, retries } = result;
  const rows = acknowledgedRows(answers);
  return {
    acknowledgements: rows.map((row) => acknowledgementOf(answers, row, applications)),
    refusals: refusalsOf(answers),
    ratePerSecond: ratePerSecond(answers),
    latenciesMs: latenciesMs(answers, 'sentAtMs'),
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
