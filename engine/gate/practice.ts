/** What one connection may practise: a lane and lines of its own, beside the real ones. */
import type { PassbookLine } from '#protocol/passbook.ts';
import { limits } from '../limits.ts';
import { Lane } from './lane.ts';
import type { SubmissionRequest } from './outcome.ts';
import { Prepared } from './prepared.ts';
import type { Rehearsal } from './rehearsal.ts';
import { Submission } from './submission.ts';

export class Practice {
  readonly #rehearsal: Rehearsal;
  readonly #lane = new Lane();
  readonly #prepared: Prepared;

  constructor(rehearsal: Rehearsal) {
    this.#rehearsal = rehearsal;
    this.#prepared = new Prepared(rehearsal.presence, limits.rehearsalsPerConnectionMax);
  }

  get size(): number {
    return this.#prepared.size;
  }

  /** False, and nothing is added, when they would be too many. */
  add(lines: readonly PassbookLine[]): boolean {
    this.#rehearsal.wake();
    return this.#prepared.add(lines);
  }

  /** False when it names nothing that may be practised here. */
  submit({ application, ref, sender }: SubmissionRequest): boolean {
    const candidate = this.#prepared.find(application);
    if (candidate === undefined) return false;
    this.#rehearsal.accept(new Submission(this.#lane, candidate, sender, ref));
    return true;
  }

  leave(): void {
    this.#rehearsal.drop(this.#lane);
    this.#prepared.leave();
  }
}
