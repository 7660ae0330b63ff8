/**
 * A load across an opening, as its judge sees it: senders' instants in the machine's official date,
 * read through their monotonic clock, so that the gate's own clock judges nothing but its stamps.
 */
import { ACCEPTED, type Answers } from '#bench/drivers/answers.ts';
import type { LoadResult } from '#bench/drivers/load.ts';

type Heard = Pick<LoadResult, 'answers' | 'dateOffsetMs'>;

function rowsOf(answers: Answers, outcome: string): number[] {
  const wanted = answers.outcomes.indexOf(outcome);
  return [...answers.outcome.keys()].filter((row) => answers.outcome[row] === wanted);
}

/** When the submission that a row answers was written, official µs. */
function writtenAtUs({ answers, dateOffsetMs }: Heard, row: number): number {
  return (answers.sentAtMs[row]! + dateOffsetMs) * 1_000;
}

/** Written before the opening for certain, and accepted all the same. */
export function acceptedEarly(heard: Heard, opensAtUs: number): number {
  const { answers } = heard;
  const isEarly = (row: number) =>
    writtenAtUs(heard, row) < opensAtUs - answers.uncertaintyUs[row]!;
  return rowsOf(answers, 'accepted').filter(isEarly).length;
}

/** Written after the opening for certain, and refused as too early. */
export function refusedOnTime(heard: Heard, opensAtUs: number): number {
  const certainUs = opensAtUs + 2 * uncertaintyUs(heard.answers);
  const rows = rowsOf(heard.answers, 'TOO_EARLY');
  return rows.filter((row) => writtenAtUs(heard, row) > certainUs).length;
}

/** The largest uncertainty that an acknowledgement stated. */
function uncertaintyUs(answers: Answers): number {
  return answers.uncertaintyUs.reduce((most, one) => Math.max(most, one), 0);
}

/** From the first instant at which anybody may be let in (opening + uncertainty) to a stamp, ms. */
export function firstAdmissionMs({ answers }: Heard, opensAtUs: number): number {
  const waitsUs = rowsOf(answers, 'accepted').map(
    (row) => answers.stampUs[row]! - opensAtUs - answers.uncertaintyUs[row]!,
  );
  return waitsUs.reduce((least, one) => Math.min(least, one), Number.POSITIVE_INFINITY) / 1_000;
}

/** From the opening to the last acknowledgement, s. */
export function lastAcknowledgementS(heard: Heard, opensAtUs: number): number {
  const { answers, dateOffsetMs } = heard;
  let lastMs = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < answers.count; row += 1) {
    if (answers.outcome[row] === ACCEPTED) lastMs = Math.max(lastMs, answers.atMs[row]!);
  }
  return (lastMs + dateOffsetMs) / 1_000 - opensAtUs / 1_000_000;
}
