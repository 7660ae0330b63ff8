/**
 * One way in: a WebSocket connection, or all HTTP requests of one account. Turns are given to
 * lanes, whatever lies behind them.
 */
import type { Submission } from './submission.ts';

export class Lane {
  /** Submissions with a turn and without an answer. */
  inFlight = 0;
  /** Whether it stands in the round of the turns. */
  isListed = false;
  /** Submissions read and not yet given a turn. */
  waiting = 0;
  /** The waiting ones, each knowing its next: mostly one or none, and an array costs more. */
  #first: Submission | undefined;
  #last: Submission | undefined;

  /** Puts a submission behind all that wait. */
  push(submission: Submission): void {
    if (this.#last === undefined) this.#first = submission;
    else this.#last.next = submission;
    this.#last = submission;
    this.waiting += 1;
  }

  /** Takes the one that has waited longest. */
  shift(): Submission | undefined {
    const first = this.#first;
    if (first === undefined) return undefined;
    this.#first = first.next;
    if (this.#first === undefined) this.#last = undefined;
    first.next = undefined;
    this.waiting -= 1;
    return first;
  }

  /** Forgets all that wait. */
  clear(): void {
    this.#first = undefined;
    this.#last = undefined;
    this.waiting = 0;
  }
}
