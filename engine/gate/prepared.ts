/**
 * What one connection may submit: the lines of its passbooks, and which it is likely to submit
 * next.
 *
 * Clients send what they prepared in its order, or each n-th of it where an account shares its work
 * among several connections. So the frame that comes is compared with the frame that is expected,
 * byte by byte; when it is that one, no text is made of it, nothing is parsed and nothing looked
 * up. Any other frame goes the general way: expecting wrongly costs a few nanoseconds.
 */
import type { PassbookLine } from '#protocol/passbook.ts';
import { limits } from '../limits.ts';
import { isPlainSubmitOf } from './frame.ts';
import type { Candidate, Presence } from './presence.ts';

export class Prepared {
  readonly #presence: Presence;
  /** Application → its place in `order`. */
  readonly #places = new Map<string, number>();
  readonly #order: Candidate[] = [];
  readonly #sizeMax: number;
  #expected = 0;
  #last = -1;

  constructor(presence: Presence, sizeMax: number = limits.applicationsPerConnectionMax) {
    this.#presence = presence;
    this.#sizeMax = sizeMax;
  }

  get size(): number {
    return this.#order.length;
  }

  /** Adds a passbook's lines. False, and nothing is added, when they would be too many. */
  add(lines: readonly PassbookLine[]): boolean {
    const added = lines.filter(({ id }) => !this.#places.has(id)).length;
    if (this.size + added > this.#sizeMax) return false;
    for (const candidate of this.#presence.present(lines)) this.#take(candidate);
    return true;
  }

  find(application: string): Candidate | undefined {
    const place = this.#places.get(application);
    return place === undefined ? undefined : this.#at(place);
  }

  /** The candidate that is expected next, if `frame` plainly submits it. */
  expected(frame: Uint8Array): Candidate | undefined {
    const candidate = this.#order[this.#expected];
    if (candidate === undefined || !isPlainSubmitOf(frame, candidate)) return undefined;
    return this.#at(this.#expected);
  }

  /** Nobody will submit any of it by this connection any more. */
  leave(): void {
    for (const candidate of this.#order) this.#presence.leave(candidate);
    this.#order.length = 0;
    this.#places.clear();
  }

  /** A newer passbook's line takes the place of an older one's. */
  #take(candidate: Candidate) {
    const { id } = candidate.line;
    const place = this.#places.get(id);
    if (place === undefined) {
      this.#places.set(id, this.#order.length);
      this.#order.push(candidate);
      return;
    }
    this.#presence.leave(this.#order[place] as Candidate);
    this.#order[place] = candidate;
  }

  /** The one at `place`; the next is expected as far from it as it is from the one before. */
  #at(place: number): Candidate | undefined {
    this.#expected = 2 * place - this.#last;
    this.#last = place;
    return this.#order[place];
  }
}
