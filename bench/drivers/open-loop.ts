/**
 * Open loop: submissions leave on a schedule, whatever has been answered, and latency counts from
 * the instant each was due, not from the one at which it was written: a server (or a generator)
 * that pauses is charged for everybody who would have come meanwhile.
 *
 * The schedule is kept by looking at the clock in every pass of the event loop; a timer would be
 * late by a millisecond. So an open loop takes a whole core whatever its rate. Every answer is
 * final: a refusal is counted, and nobody comes back.
 */
import type { Connection, Loop } from '#bench/drivers/connection.ts';
import { Countdown } from '#bench/drivers/countdown.ts';
import type { Schedule } from '#bench/drivers/schedule.ts';

export class OpenLoop implements Loop {
  readonly #connections: readonly Connection[];
  readonly #schedule: Schedule;
  readonly #countdown: Countdown;

  constructor(options: { connections: readonly Connection[]; schedule: Schedule }) {
    this.#connections = options.connections;
    this.#schedule = options.schedule;
    this.#countdown = new Countdown(this.#schedule.count);
    for (const connection of this.#connections) connection.follow(this);
  }

  /** Plays from `startMs` on the thread's clock; resolves when every answer is there, or none. */
  async play(startMs: number): Promise<void> {
    let next = 0;
    while (next < this.#schedule.count) {
      const due = this.#schedule.dueBy(performance.now() - startMs);
      this.#schedule.forEachDue(next, due, (connection, count) => {
        this.#connections[connection]!.submit(count, performance.now());
      });
      next = due;
      await new Promise(setImmediate);
    }
    await this.#countdown.over();
  }

  settled(_connection: Connection, count: number): void {
    this.#countdown.settle(count);
  }

  isSentAgain(): boolean {
    return false;
  }

  failed(connection: Connection): void {
    const { first, end } = connection.task;
    this.#countdown.settle(end - first - connection.settledCount);
  }
}
