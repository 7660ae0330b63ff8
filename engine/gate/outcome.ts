/** What can become of a submission, and who waits to hear it. */
import type { LedgerEntry } from '#protocol/entry.ts';
import type { SubmissionCode } from '#protocol/outcomes.ts';
import type { Candidate } from './presence.ts';

export interface Acceptance {
  readonly kind: 'accepted';
  readonly entry: LedgerEntry;
  readonly duplicate: boolean;
}

export interface Rejection {
  readonly kind: 'rejected';
  readonly code: SubmissionCode;
  readonly retryAfterMs?: number;
  readonly opensAtUs?: number;
}

export type SubmissionOutcome = Acceptance | Rejection;

/** Who asked and hears the answer: a WebSocket connection, or one HTTP request. */
export interface Sender {
  /** Takes an answer; it leaves at the next `flush`. */
  answer(request: SubmissionRequest, outcome: SubmissionOutcome): void;
  /** Sends all answers taken, in one write. */
  flush(): void;
}

/** What a client asked for; `ref` is its own mark and comes back with the answer. */
export interface SubmissionRequest {
  readonly application: string;
  readonly ref: string | undefined;
  readonly sender: Sender;
}

/** A submission that may have a turn: what its passbook says of it, and the lane it came by. */
export interface Submission extends SubmissionRequest {
  readonly candidate: Candidate;
  readonly lane: Lane;
}

/**
 * One way in: a WebSocket connection, or all HTTP requests of one account. Turns are given to
 * lanes, whatever lies behind them.
 */
export interface Lane {
  /** Frames read and not yet given a turn, oldest first. */
  readonly waiting: Submission[];
  /** Submissions with a turn and without an answer. */
  inFlight: number;
  /** Whether the lane stands in the round of the turns. */
  isListed: boolean;
}

export function createLane(): Lane {
  return { waiting: [], inFlight: 0, isListed: false };
}
