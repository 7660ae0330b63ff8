/**
 * Submits the applications of one account at the opening, each exactly once as far as anyone can
 * see, and ends when all have an outcome.
 *
 *   queued ─ its day is certainly open, a slot is free ─► in flight ─► accepted | rejected
 *      ▲                                                     │
 *      └── wait asked for, line cut, gate restarted ─────────┘
 *
 * Promise: no frame arrives before the opening, whatever the network does (`clock-estimate.ts`);
 * what a gate accepted is journaled before it is announced; whatever happens to one application
 * or to one gate, the others go on. A repeat is harmless: a gate answers with the first outcome.
 * It does not draft, choose or fetch anything, and it never gives up by itself.
 */
import type { ClockEstimate } from '#protocol/clock-estimate.ts';
import type { Accepted, GateFrame, Rejected, Welcome } from '#protocol/frames.ts';
import type { PassbookLine } from '#protocol/passbook.ts';
import { usFromIso } from '#protocol/time.ts';
import type { Connection, PassbookRefusal } from './connection.ts';
import { type Day, Days, sendableAtUs } from './days.ts';
import { leafHash } from './evidence.ts';
import { createGateClocks, type GateClock, type GateClocks } from './gate-clock.ts';
import { GateLink } from './gate-link.ts';
import { Hold } from './hold.ts';
import { OutcomeBook } from './outcome-book.ts';
import { type OpenedPassbook, openPassbook } from './passbook-lines.ts';
import type { Cancel } from './ports.ts';
import { type QueueItem, travelsAlone } from './queue.ts';
import { heldBy, waitMs } from './retry.ts';
import type { Sender, SenderEvent, SenderOptions, SenderResult } from './sender-types.ts';

const CLIENT = 'clickday-mini-client/0.1.0';
/** The last seconds before an opening, when the clock is asked more often. */
const SOON_US = 10_000_000;
const WAKE_MS = 1_000;
const WAKE_SOON_MS = 250;
const WAKE_BURST_MS = 50;
/** A submission without an answer on a connection that otherwise lives. */
const ANSWER_US_MAX = 60_000_000;

interface Flight {
  readonly item: QueueItem;
  readonly sentAtClientUs: number;
  readonly sentAtUs: number;
}

/** Creates a sender; see `SenderOptions`. It does nothing before `start`. */
export function createSender(options: SenderOptions): Sender {
  return new AccountSender(options);
}

class AccountSender implements Sender {
  readonly finished: Promise<SenderResult>;
  readonly #options: SenderOptions;
  readonly #days: Days;
  readonly #clocks: GateClocks;
  readonly #lines = new Map<string, PassbookLine>();
  readonly #inFlight = new Map<string, Flight>();
  readonly #book: OutcomeBook;
  readonly #link: GateLink;
  readonly #applications: readonly string[];
  readonly #hold = new Hold();
  #finish: (result: SenderResult) => void = () => undefined;
  #inFlightLimit = 1;
  #isOver = false;
  #cancelWake: Cancel = () => undefined;

  constructor(options: SenderOptions) {
    this.#options = options;
    this.#applications = [...new Set(options.applications)];
    this.#book = new OutcomeBook({
      applications: this.#applications,
      journal: options.journal,
      emit: (event) => this.#emit(event),
    });
    this.#days = new Days(options.openings ?? new Map());
    this.#clocks = options.gateClocks ?? createGateClocks();
    const passbooks = options.passbooks.flatMap((text) => openPassbook(text) ?? []);
    this.#link = this.#createLink(passbooks);
    for (const { lines } of passbooks) {
      for (const [id, line] of lines) this.#lines.set(id, line);
    }
    this.finished = new Promise((resolve) => {
      this.#finish = resolve;
    });
  }

  start(): void {
    for (const [index, application] of this.#applications.entries()) {
      this.#choose(application, index);
    }
    if (this.#finishIfDone()) return;
    for (const day of this.#days.busy()) this.#announceOpening(day);
    const withinMs = this.#options.options?.connectWithinMs ?? 0;
    const pauseMs = withinMs > 0 ? this.#options.random.integer(Math.ceil(withinMs)) : 0;
    this.#link.connectAfter(pauseMs);
  }

  stop(): void {
    if (this.#isOver) return;
    this.#over();
  }

  // ── Choosing ────────────────────────────────────────────────────────────────────────────────

  #choose(application: string, index: number): void {
    if (this.#book.resume(application)) return;
    const line = this.#lines.get(application);
    if (line === undefined) {
      this.#book.reject(application, 'UNKNOWN_APPLICATION', '');
      return;
    }
    const { clickDay } = line;
    void this.#book.record({ type: 'chosen', application, clickDay, atUs: this.#nowUs() });
    this.#days.put({ application, clickDay, index, lossCount: 0 });
  }

  // ── The gate ────────────────────────────────────────────────────────────────────────────────

  #createLink(passbooks: readonly OpenedPassbook[]): GateLink {
    const { gates, openSocket, clock, timers, random } = this.#options;
    return new GateLink({
      ...{ gates, passbooks, openSocket, clock, timers, random },
      client: this.#options.options?.client ?? CLIENT,
      emit: (event) => this.#emit(event),
      handlers: {
        begun: () => this.#wake(),
        welcomed: (welcome) => this.#welcomed(welcome),
        frame: (frame) => this.#received(frame),
        passbookLost: (refusal, isKept) => this.#passbookLost(refusal, isKept),
        closed: () => this.#closed(),
      },
    });
  }

  #welcomed(welcome: Welcome): void {
    const ownMax = this.#options.options?.inFlightMax ?? welcome.inFlightLimit;
    this.#inFlightLimit = Math.min(welcome.inFlightLimit, ownMax);
    this.#learn(welcome);
    this.#wake();
  }

  #learn({ clickDays }: Pick<Welcome, 'clickDays'>): void {
    for (const day of this.#days.learn(clickDays)) {
      if (day.queue.length > 0) this.#announceOpening(day);
    }
  }

  #announceOpening({ id, opensAtUs, isSuspended }: Day): void {
    if (opensAtUs === undefined) return;
    const estimate = this.#estimate();
    const opensInMs =
      estimate === undefined ? undefined : (opensAtUs - this.#officialUs(estimate)) / 1000;
    this.#emit({ event: 'opening', clickDay: id, opensAtUs, opensInMs, isSuspended });
  }

  #closed(): void {
    for (const { item } of this.#inFlight.values()) {
      item.lossCount += 1;
      this.#days.put(item);
    }
    this.#inFlight.clear();
    this.#finishIfDone();
  }

  #passbookLost(refusal: PassbookRefusal, isKept: (application: string) => boolean): void {
    const { passbook, code, message, isCut } = refusal;
    const lost = this.#days.withdraw(
      ({ application }) => passbook.lines.has(application) && !isKept(application),
    );
    for (const { application } of lost) this.#book.reject(application, code, message);
    if (!isCut) this.#finishIfDone();
  }

  // ── Receiving ───────────────────────────────────────────────────────────────────────────────

  #received(frame: Exclude<GateFrame, Welcome>): void {
    if (this.#isOver) return;
    switch (frame.type) {
      case 'time':
        this.#clock()?.add(frame, this.#nowUs());
        this.#announceClock();
        break;
      case 'accepted':
        this.#receiveAccepted(frame);
        break;
      case 'rejected':
        this.#receiveRejected(frame);
        break;
      case 'calendar':
        this.#learn(frame);
        break;
      case 'error':
        this.#emit({ event: 'gate-error', code: frame.code, message: frame.message });
        break;
    }
    this.#wake();
  }

  #receiveAccepted(message: Accepted): void {
    const { application } = message;
    const flight = this.#land(application);
    const line = this.#lines.get(application);
    if (flight === undefined || line === undefined) return;
    this.#hold.clear();
    this.#days.of(line.clickDay).hold.clear();
    const hash = leafHash(line, message);
    const facts = {
      application,
      message,
      ...(hash === undefined ? {} : { leafHash: hash }),
      sentAtUs: flight.sentAtUs,
      latencyMs: (this.#nowUs() - flight.sentAtClientUs) / 1000,
    };
    void this.#book.accept(facts).then(() => this.#finishIfDone());
  }

  #receiveRejected(rejected: Rejected): void {
    const { application, code, message } = rejected;
    const flight = application === undefined ? undefined : this.#land(application);
    if (flight === undefined) {
      this.#emit({ event: 'gate-error', code, message });
      return;
    }
    const held = heldBy(rejected);
    if (held === undefined) {
      this.#book.reject(flight.item.application, code, message);
      this.#finishIfDone();
      return;
    }
    this.#days.put(flight.item);
    this.#await(held, flight, rejected);
  }

  #await(held: 'day' | 'connection', flight: Flight, rejected: Rejected): void {
    const day = this.#days.of(flight.item.clickDay);
    const opensAtUs = usFromIso(rejected.opensAt ?? '');
    if (rejected.code === 'TOO_EARLY' && !Number.isNaN(opensAtUs)) day.opensAtUs = opensAtUs;
    const waited = (held === 'day' ? day.hold : this.#hold).refuse({
      sentAtUs: flight.sentAtClientUs,
      nowUs: this.#nowUs(),
      waitMs: (attempt) => waitMs(rejected, attempt, this.#options.random),
    });
    if (waited === undefined) return;
    const { application } = flight.item;
    this.#emit({ event: 'waiting', application, code: rejected.code, waitMs: waited });
  }

  /** Takes an application out of flight; undefined when it was not in flight. */
  #land(application: string): Flight | undefined {
    const flight = this.#inFlight.get(application);
    this.#inFlight.delete(application);
    return flight;
  }

  // ── Sending ─────────────────────────────────────────────────────────────────────────────────

  /** Does what is due, and comes back when the next thing is. */
  #wake(): void {
    if (this.#isOver) return;
    const connection = this.#link.connection;
    if (connection === undefined) return;
    connection.tend();
    if (this.#link.connection === undefined) return;
    const nextAtUs = connection.isReady() ? this.#pump(connection) : Number.POSITIVE_INFINITY;
    const isSoon = nextAtUs - this.#nowUs() < SOON_US && nextAtUs > this.#nowUs();
    const clock = this.#clock();
    if (connection.isReady() && clock?.wantsExchange(this.#nowUs(), isSoon) === true) {
      connection.askTime();
    }
    const oldest = this.#inFlight.values().next().value;
    if (oldest !== undefined && this.#nowUs() - oldest.sentAtClientUs > ANSWER_US_MAX) {
      connection.cut();
    }
    this.#wakeAt(nextAtUs, isSoon, clock?.isBursting() === true);
  }

  #wakeAt(nextAtUs: number, isSoon: boolean, isBursting: boolean): void {
    const calmMs = isBursting ? WAKE_BURST_MS : isSoon ? WAKE_SOON_MS : WAKE_MS;
    // Not in step with other senders of this process.
    const tickMs = (calmMs * (75 + this.#options.random.integer(50))) / 100;
    const nowUs = this.#nowUs();
    const dueMs = nextAtUs > nowUs ? (nextAtUs - nowUs) / 1000 : tickMs;
    this.#cancelWake();
    this.#cancelWake = this.#options.timers.after(Math.min(dueMs, tickMs), () => this.#wake());
  }

  /** Sends what may leave now; gives the client's instant when something more may. */
  #pump(connection: Connection): number {
    const estimate = this.#estimate();
    let nextAtUs = Number.POSITIVE_INFINITY;
    for (const day of this.#days.busy()) {
      const atUs = Math.max(sendableAtUs(day, estimate), this.#hold.untilUs);
      if (atUs > this.#nowUs()) nextAtUs = Math.min(nextAtUs, atUs);
      else this.#sendDay(connection, day, estimate);
    }
    return nextAtUs;
  }

  #sendDay(connection: Connection, day: Day, estimate: ClockEstimate | undefined): void {
    for (let head = day.queue.head(); head !== undefined; head = day.queue.head()) {
      if (this.#inFlight.size >= (travelsAlone(head) ? 1 : this.#inFlightLimit)) return;
      const hasSuspect = [...this.#inFlight.values()].some(({ item }) => travelsAlone(item));
      if (hasSuspect) return;
      day.queue.take();
      this.#submit(connection, head, estimate);
    }
  }

  #submit(connection: Connection, item: QueueItem, estimate: ClockEstimate | undefined): void {
    const { application } = item;
    const sentAtClientUs = this.#nowUs();
    const sentAtUs = estimate === undefined ? sentAtClientUs : this.#officialUs(estimate);
    this.#inFlight.set(application, { item, sentAtClientUs, sentAtUs });
    connection.submit(application);
    void this.#book.record({ type: 'sent', application, gate: connection.url, sentAtUs });
    this.#emit({ event: 'sent', application, sentAtUs });
  }

  // ── Ending ──────────────────────────────────────────────────────────────────────────────────

  #finishIfDone(): boolean {
    if (!this.#isOver && this.#book.isComplete()) this.#over();
    return this.#isOver;
  }

  #over(): void {
    this.#isOver = true;
    this.#cancelWake();
    this.#link.end();
    void this.#book.result().then(this.#finish);
  }

  // ── Time ────────────────────────────────────────────────────────────────────────────────────

  #nowUs(): number {
    return this.#options.clock.nowUs();
  }

  #officialUs(estimate: ClockEstimate): number {
    return this.#nowUs() + estimate.offsetUs;
  }

  #clock(): GateClock | undefined {
    const url = this.#link.connection?.url;
    return url === undefined ? undefined : this.#clocks.of(url);
  }

  #estimate(): ClockEstimate | undefined {
    return this.#clock()?.estimate(this.#nowUs());
  }

  #announceClock(): void {
    const estimate = this.#estimate();
    if (estimate === undefined) return;
    const { offsetUs, uncertaintyUs, roundTripUs } = estimate;
    const sync = this.#clock()?.sync();
    this.#emit({ event: 'clock', offsetUs, uncertaintyUs, roundTripUs, sync });
  }

  #emit(event: SenderEvent): void {
    this.#options.onEvent?.(event);
  }
}
