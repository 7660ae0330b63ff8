/**
 * An open loop's schedule: submissions at a constant rate, dealt over the connections so that
 * neighbours in time are no neighbours in number. It knows no clock: it says what is due.
 *
 * Send number n is due at `n / perSecond` and goes to one connection; every connection has one
 * send a round. What is due of one connection at a time are neighbours and leave in one write.
 */

export interface ScheduleOptions {
  readonly connections: number;
  /** Submissions of each connection. */
  readonly rounds: number;
  readonly perSecond: number;
  /** When the first send is due: threads share a rate by taking turns. */
  readonly delayMs: number;
}

/** Prime, and no divisor of any number of connections here: a round goes to each once. */
const STRIDE = 7919;

export class Schedule {
  readonly count: number;
  readonly #connections: number;
  readonly #intervalMs: number;
  readonly #delayMs: number;
  /** The connection at each place of a round, and the place of each connection. */
  readonly #order: Uint32Array;
  readonly #places: Uint32Array;

  constructor({ connections, rounds, perSecond, delayMs }: ScheduleOptions) {
    this.count = connections * rounds;
    this.#connections = connections;
    this.#intervalMs = 1_000 / perSecond;
    this.#delayMs = delayMs;
    this.#order = new Uint32Array(connections);
    this.#places = new Uint32Array(connections);
    for (let place = 0; place < connections; place += 1) {
      const connection = (place * STRIDE) % connections;
      this.#order[place] = connection;
      this.#places[connection] = place;
    }
  }

  /** How many sends are due at `elapsedMs` since the start, in all. */
  dueBy(elapsedMs: number): number {
    const due = Math.floor((elapsedMs - this.#delayMs) / this.#intervalMs) + 1;
    return Math.max(0, Math.min(this.count, due));
  }

  /** When the send of a connection's `round` is due, ms since the start. */
  dueMs(connection: number, round: number): number {
    const send = round * this.#connections + this.#places[connection]!;
    return this.#delayMs + send * this.#intervalMs;
  }

  /** Sends `from` up to `to`, as how many of which connection, each connection once at most. */
  forEachDue(from: number, to: number, visit: (connection: number, count: number) => void): void {
    const size = this.#connections;
    if (to - from <= size) {
      for (let send = from; send < to; send += 1) visit(this.#order[send % size]!, 1);
      return;
    }
    for (let place = 0; place < size; place += 1) {
      const count = Math.ceil((to - place) / size) - Math.ceil((from - place) / size);
      visit(this.#order[place]!, count);
    }
  }
}
