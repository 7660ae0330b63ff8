/**
 * Closed loop: every connection keeps a fixed number of submissions without an answer, so the rate
 * is the highest the server sustains with that many waiting. The answers of one chunk are followed
 * by as many submissions in one write.
 *
 * A refusal that names `retryAfterMs` is sent again after that time and a little more, so that
 * those who were refused together do not come back together; any other is final.
 */
import type { Connection, Loop } from '#bench/drivers/connection.ts';
import { Countdown } from '#bench/drivers/countdown.ts';
import type { Addressed, SubmissionBook } from '#bench/drivers/submission-book.ts';

export interface ClosedLoopOptions {
  readonly connections: readonly Connection[];
  readonly book: SubmissionBook;
  readonly inFlight: number;
  /** Whether `retryAfterMs` is honoured; otherwise every answer is final. */
  readonly honoursRetry: boolean;
}

const RETRIES_MAX = 10_000;
const JITTER_SHARE = 0.25;

export class ClosedLoop implements Loop {
  readonly #options: ClosedLoopOptions;
  readonly #countdown: Countdown;

  constructor(options: ClosedLoopOptions) {
    this.#options = options;
    this.#countdown = new Countdown(options.book.applications.length);
    for (const connection of options.connections) connection.follow(this);
  }

  /** Resolves when every submission has its final answer, or can have none. */
  async play(): Promise<void> {
    const { connections, inFlight } = this.#options;
    // All at once: were answers read between, the first would run ahead of those not yet begun.
    for (const connection of connections) connection.submit(inFlight, performance.now());
    await this.#countdown.over();
  }

  settled(connection: Connection, count: number, atMs: number): void {
    connection.submit(count, atMs);
    this.#countdown.settle(count);
  }

  isSentAgain(connection: Connection, refusal: string): boolean {
    if (!this.#options.honoursRetry || connection.retries >= RETRIES_MAX) return false;
    const { retryAfterMs, ...address } = JSON.parse(refusal) as Refusal;
    const place = this.#options.book.placeOf(address);
    if (retryAfterMs === undefined || place < 0) return false;
    const waitMs = retryAfterMs * (1 + Math.random() * JITTER_SHARE);
    setTimeout(() => connection.submitAgain(place, performance.now()), waitMs);
    return true;
  }

  failed(connection: Connection): void {
    const { first, end } = connection.task;
    this.#countdown.settle(end - first - connection.settledCount);
  }
}

interface Refusal extends Addressed {
  readonly retryAfterMs?: number;
}
