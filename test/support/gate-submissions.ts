/** Submissions without a network: lanes, senders that write down what they hear, and lines. */
import { Lane } from '#engine/gate/lane.ts';
import type { Sender, SubmissionOutcome } from '#engine/gate/outcome.ts';
import { type Candidate, createPresence, type Presence } from '#engine/gate/presence.ts';
import { Submission } from '#engine/gate/submission.ts';
import type { PassbookLine } from '#protocol/passbook.ts';
import { DAY } from '#test/support/gate-papers.ts';
import { entryOf } from '#test/support/register-entries.ts';

export interface Heard {
  readonly application: string;
  readonly ref: string | undefined;
  readonly outcome: SubmissionOutcome;
}

export interface RecordingSender extends Sender {
  readonly heard: Heard[];
  /** How many answers left in each write. */
  readonly writes: number[];
}

export function recordingSender(): RecordingSender {
  const heard: Heard[] = [];
  const writes: number[] = [];
  let unsent = 0;
  return {
    heard,
    writes,
    answer: ({ application, ref }, outcome) => {
      heard.push({ application, ref, outcome });
      unsent += 1;
    },
    flush: () => {
      if (unsent > 0) writes.push(unsent);
      unsent = 0;
    },
  };
}

export function lineOf(id: string, clickDay = DAY): PassbookLine {
  const { digest, model, office } = entryOf('g1', 1);
  return { id, clickDay, digest, model, office };
}

/** An application that one connection presents and no ledger knows. */
export function candidateOf(id: string): Candidate {
  return presentedOne(createPresence({ gate: 'g1', mayHold: () => false }), lineOf(id));
}

export function submissionOf(
  application: string,
  from: { lane?: Lane; sender?: Sender; ref?: string; candidate?: Candidate } = {},
): Submission {
  const { lane = new Lane(), sender = recordingSender(), ref } = from;
  return new Submission(lane, from.candidate ?? candidateOf(application), sender, ref);
}

/** The candidate of a passbook's only line. */
export function presentedOne(presence: Presence, line: PassbookLine): Candidate {
  return presence.present([line])[0] as Candidate;
}
