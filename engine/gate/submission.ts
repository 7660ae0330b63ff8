/**
 * A submission from its frame to its answer. It is one object all the way, since there are hundreds
 * of thousands of them: with its turn it gets its stamp, and when its batch goes to the ledger its
 * number. Then it *is* the entry.
 *
 *     frame ──► waiting in its lane ──turn──► stamped ──batch──► numbered = entry ──► answered
 */
import type { NewEntry } from '#engine/ledger/index.ts';
import type { Lane } from './lane.ts';
import type { Sender, SubmissionRequest } from './outcome.ts';
import type { Candidate } from './presence.ts';

export class Submission implements SubmissionRequest, NewEntry {
  readonly ref: string | undefined;
  readonly sender: Sender;
  /** The way it came by. */
  readonly lane: Lane;
  /** What its passbook says of it. */
  readonly candidate: Candidate;
  /** Who waits behind it in its lane. */
  next: Submission | undefined = undefined;
  /** Others that asked for the same while it was on its way. Undefined: nobody. */
  repeats: Submission[] | undefined = undefined;
  /** 0 before its turn. */
  stampUs = 0;
  uncertaintyUs = 0;
  /** 0 before its batch goes to the ledger. */
  seq = 0;

  constructor(lane: Lane, candidate: Candidate, sender: Sender, ref: string | undefined) {
    this.ref = ref;
    this.sender = sender;
    this.lane = lane;
    this.candidate = candidate;
  }

  get application(): string {
    return this.candidate.line.id;
  }

  get clickDay(): string {
    return this.candidate.clickDay;
  }

  get digest(): string {
    return this.candidate.line.digest;
  }

  get gate(): string {
    return this.candidate.gate;
  }

  get model(): string {
    return this.candidate.line.model;
  }

  get office(): string {
    return this.candidate.line.office;
  }

  get head(): Candidate {
    return this.candidate;
  }
}
