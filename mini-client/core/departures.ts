/**
 * What may leave now, and what becomes of it until a gate has answered: the click days with their
 * queues, what is in flight, and every pause that a gate asked for.
 *
 *   queued ─ day certainly open, no pause, a slot free ─► in flight ─► landed by an answer
 *      ▲                                                     │
 *      └──────────── told to wait, or its line was lost ─────┘
 *
 * Promise: an application is in a queue, in flight, or given back to the caller, never in two of
 * them; order of compilation; no more in flight than the gate allows. It knows no connection, no
 * journal and no outcome: the sender does what it is told to do here.
 */
import type { ClickDay } from '#protocol/calendar.ts';
import type { Rejected } from '#protocol/frames.ts';
import { usFromIso } from '#protocol/time.ts';
import { type Day, Days, type GateTime, sendableAtUs } from './days.ts';
import { Hold } from './hold.ts';
import type { ClientClock, ClientRandom } from './ports.ts';
import { type QueueItem, travelsAlone } from './queue.ts';
import { heldBy, waitMs } from './retry.ts';

/** A submission without an answer on a connection that otherwise lives. */
const ANSWER_US_MAX = 60_000_000;

/** A submission that has left and has no answer yet. */
export interface Flight {
  readonly item: QueueItem;
  /** By the client's clock. */
  readonly sentAtClientUs: number;
  /** The same instant by the gate's clock, as far as it is known. */
  readonly sentAtUs: number;
}

export interface DeparturesOptions {
  /** Openings known before any gate was asked, by click day. */
  readonly openings: ReadonlyMap<string, number>;
  readonly clock: ClientClock;
  readonly random: ClientRandom;
}

export class Departures {
  readonly #clock: ClientClock;
  readonly #random: ClientRandom;
  readonly #days: Days;
  readonly #inFlight = new Map<string, Flight>();
  /** The connection's pause; each day has its own beside it. */
  readonly #hold = new Hold();
  #inFlightLimit = 1;

  constructor(options: DeparturesOptions) {
    this.#clock = options.clock;
    this.#random = options.random;
    this.#days = new Days(options.openings);
  }

  put(item: QueueItem): void {
    this.#days.put(item);
  }

  /** Days with something to send. */
  busy(): Day[] {
    return this.#days.busy();
  }

  /** Takes a gate's calendar; gives the days with something to send whose opening changed. */
  learn(clickDays: readonly ClickDay[]): Day[] {
    return this.#days.learn(clickDays).filter((day) => day.queue.length > 0);
  }

  /** How many may be in flight together on this connection, at least 1. */
  limit(inFlightMax: number): void {
    this.#inFlightLimit = inFlightMax;
  }

  /**
   * Calls `send` for each that may leave now, already in flight; gives the client's instant when
   * something more may, Infinity while that is unknown.
   */
  release(time: GateTime | undefined, send: (flight: Flight) => void): number {
    let nextAtUs = Number.POSITIVE_INFINITY;
    for (const day of this.#days.busy()) {
      const atUs = Math.max(sendableAtUs(day, time), this.#hold.untilUs);
      if (atUs > this.#clock.nowUs()) nextAtUs = Math.min(nextAtUs, atUs);
      else this.#releaseDay(day, time, send);
    }
    return nextAtUs;
  }

  #releaseDay(day: Day, time: GateTime | undefined, send: (flight: Flight) => void) {
    for (let head = day.queue.head(); head !== undefined; head = day.queue.head()) {
      if (this.#inFlight.size >= (travelsAlone(head) ? 1 : this.#inFlightLimit)) return;
      const hasSuspect = [...this.#inFlight.values()].some(({ item }) => travelsAlone(item));
      if (hasSuspect) return;
      day.queue.take();
      const sentAtClientUs = this.#clock.nowUs();
      const sentAtUs = sentAtClientUs + (time?.estimate.offsetUs ?? 0);
      const flight = { item: head, sentAtClientUs, sentAtUs };
      this.#inFlight.set(head.application, flight);
      send(flight);
    }
  }

  /** Takes an application out of flight; undefined when it was not in flight. */
  land(application: string): Flight | undefined {
    const flight = this.#inFlight.get(application);
    this.#inFlight.delete(application);
    return flight;
  }

  /** A landed one was accepted: nobody is asked to wait any more. */
  accepted({ item }: Flight): void {
    this.#hold.clear();
    this.#days.of(item.clickDay).hold.clear();
  }

  /**
   * A landed one was refused. `isFinal`: it is over for this application. Otherwise it is back in
   * its queue, and `waitMs` is the pause that this refusal began, undefined when one was running.
   */
  refused(flight: Flight, rejected: Rejected): { isFinal: boolean; waitMs?: number | undefined } {
    const held = heldBy(rejected);
    if (held === undefined) return { isFinal: true };
    this.#days.put(flight.item);
    const day = this.#days.of(flight.item.clickDay);
    const opensAtUs = usFromIso(rejected.opensAt ?? '');
    if (rejected.code === 'TOO_EARLY' && !Number.isNaN(opensAtUs)) day.opensAtUs = opensAtUs;
    const begun = (held === 'day' ? day.hold : this.#hold).refuse({
      sentAtUs: flight.sentAtClientUs,
      nowUs: this.#clock.nowUs(),
      waitMs: (attempt) => waitMs(rejected, attempt, this.#random),
    });
    return { isFinal: false, waitMs: begun };
  }

  /** The connection is gone: what was in flight goes back to its queue. */
  lose(): void {
    for (const { item } of this.#inFlight.values()) {
      item.lossCount += 1;
      this.#days.put(item);
    }
    this.#inFlight.clear();
  }

  /** Removes and gives what still waits in a queue and matches. */
  withdraw(matches: (item: QueueItem) => boolean): QueueItem[] {
    return this.#days.withdraw(matches);
  }

  /** Whether the oldest in flight has waited too long for its answer. */
  isAnswerOverdue(): boolean {
    const oldest = this.#inFlight.values().next().value;
    return oldest !== undefined && this.#clock.nowUs() - oldest.sentAtClientUs > ANSWER_US_MAX;
  }
}
