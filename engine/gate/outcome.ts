/** What can become of a submission, and who waits to hear it. */
import type { NewEntry } from '#engine/ledger/index.ts';
import type { SubmissionCode } from '#protocol/outcomes.ts';

export interface Acceptance {
  readonly kind: 'accepted';
  readonly entry: NewEntry;
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
