/**
 * Open loop: submissions leave on a schedule, whatever has been answered, and latency counts from
 * the instant each was due, not from the one at which it was written: a server (or a generator)
 * that pauses is charged for everybody who would have come meanwhile.
 *
 * The schedule is kept by looking at the clock in every pass of the event loop; a timer would be
 * late by a millisecond. On two cores each pass rests for some 0.1 ms: spinning, the generator took
 * the core that the gate's disk needs (at 20,000/s p50 was 14 to 17 ms, with rests 5 to 8), and
 * what it is late itself is in the latency anyway. Every answer is final: a refusal is counted, and
 * nobody comes back.
 */
import { availableParallelism } from 'node:os';
import type { Connection, Loop } from '#bench/drivers/connection.ts';
import { Countdown } from '#bench/drivers/countdown.ts';
import type { Schedule } from '#bench/drivers/schedule.ts';

/** As short as the system can. */
const REST_MS = 0.05;
const CORES_TO_SPIN = 3;

export class OpenLoop implements Loop {
  readonly #connections: readonly Connection[];
  readonly #schedule: Schedule;
  readonly #countdown: Countdown;
  readonly #restsMs = availableParallelism() < CORES_TO_SPIN ? REST_MS : 0;
  readonly #rest = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));

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
      if (this.#restsMs > 0) Atomics.wait(this.#rest, 0, 0, this.#restsMs);
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
