/**
 * A pause that a gate asked for, of a click day or of a connection.
 *
 * Several submissions are in flight together, so one trouble comes back as several refusals; they
 * count as one attempt, or the wait would grow eightfold with each.
 */

export class Hold {
  /** Client's instant until which nothing is sent. */
  untilUs = 0;
  #count = 0;
  #refusedAtUs = Number.NEGATIVE_INFINITY;

  /**
   * Takes a refusal of what was sent at `sentAtUs`; `waitMs` is asked for the wait of the n-th
   * attempt, from 1. Gives the wait when this refusal began a new one, else undefined.
   */
  refuse(options: {
    readonly sentAtUs: number;
    readonly nowUs: number;
    readonly waitMs: (attempt: number) => number;
  }): number | undefined {
    if (options.sentAtUs < this.#refusedAtUs) return undefined;
    this.#count += 1;
    this.#refusedAtUs = options.nowUs;
    const waitMs = options.waitMs(this.#count);
    this.untilUs = options.nowUs + Math.ceil(waitMs * 1000);
    return waitMs;
  }

  clear(): void {
    this.untilUs = 0;
    this.#count = 0;
  }
}
