/**
 * Submits the applications of one account at the opening, each exactly once as far as anyone can
 * see, and ends when all have an outcome.
 *
 *   chosen ─► departures ─── may leave now ───► gate link ─► gate
 *                  ▲                                          │
 *                  └── told to wait, line cut, gate restarted ┤
 *                                                             └─► accepted | rejected ─► book
 *
 * Promise: the first frame arrives just after the opening and not before it (`arrival.ts`; with
 * `margin: 'certain'` whatever the network does, `clock-estimate.ts`); what a gate accepted is
 * journaled before it is announced; whatever happens to one application or to one gate, the others
 * go on. A repeat is harmless: a gate answers with the first outcome.
 * It does not draft, choose or fetch anything, and it never gives up by itself.
 */
import type { Accepted, GateFrame, Rejected, Welcome } from '#protocol/frames.ts';
import type { PassbookLine } from '#protocol/passbook.ts';
import type { Connection, PassbookRefusal } from './connection.ts';
import type { Day } from './days.ts';
import { Departures, type Flight } from './departures.ts';
import { leafHash } from './evidence.ts';
import { createGateClocks } from './gate-clock.ts';
import { GateLink } from './gate-link.ts';
import { LinkTime } from './link-time.ts';
import { OutcomeBook } from './outcome-book.ts';
import { type OpenedPassbook, openPassbook } from './passbook-lines.ts';
import type { Cancel } from './ports.ts';
import type { Sender, SenderEvent, SenderOptions, SenderResult } from './sender-types.ts';

const CLIENT = 'clickday-mini-client/0.1.0';
/** The last seconds before an opening, when the clock is asked more often. */
const SOON_US = 10_000_000;
const WAKE_MS = 1_000;
const WAKE_SOON_MS = 250;
const WAKE_BURST_MS = 50;

/** Creates a sender; see `SenderOptions`. It does nothing before `start`. */
export function createSender(options: SenderOptions): Sender {
  return new AccountSender(options);
}

class AccountSender implements Sender {
  readonly finished: Promise<SenderResult>;
  readonly #options: SenderOptions;
  readonly #departures: Departures;
  readonly #time: LinkTime;
  readonly #lines = new Map<string, PassbookLine>();
  readonly #book: OutcomeBook;
  readonly #link: GateLink;
  readonly #applications: readonly string[];
  #finish: (result: SenderResult) => void = () => undefined;
  readonly #departed = new Set<string>();
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
    const { clock, random, openings = new Map() } = options;
    this.#departures = new Departures({ clock, random, openings });
    this.#time = new LinkTime({
      clock,
      clocks: options.gateClocks ?? createGateClocks(),
      margin: options.options?.margin,
      url: () => this.#link.connection?.url,
    });
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
    for (const day of this.#departures.busy()) this.#announceOpening(day);
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
    this.#departures.put({ application, clickDay, index, lossCount: 0 });
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
    this.#departures.limit(Math.min(welcome.inFlightLimit, ownMax));
    this.#learn(welcome);
    this.#wake();
  }

  #learn({ clickDays }: Pick<Welcome, 'clickDays'>): void {
    for (const day of this.#departures.learn(clickDays)) this.#announceOpening(day);
  }

  #announceOpening({ id, opensAtUs, isSuspended }: Day): void {
    if (opensAtUs === undefined) return;
    const opensInMs = this.#time.leftMs(opensAtUs);
    this.#emit({ event: 'opening', clickDay: id, opensAtUs, opensInMs, isSuspended });
  }

  #closed(): void {
    this.#departures.lose();
    this.#finishIfDone();
  }

  #passbookLost(refusal: PassbookRefusal, isKept: (application: string) => boolean): void {
    const { passbook, code, message, isCut } = refusal;
    const lost = this.#departures.withdraw(
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
        this.#time.clock()?.add(frame, this.#nowUs());
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
    const flight = this.#departures.land(application);
    const line = this.#lines.get(application);
    if (flight === undefined || line === undefined) return;
    this.#departures.accepted(flight);
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
    const flight = application === undefined ? undefined : this.#departures.land(application);
    if (flight === undefined) {
      this.#emit({ event: 'gate-error', code, message });
      return;
    }
    const { isFinal, waitMs } = this.#departures.refused(flight, rejected);
    if (isFinal) {
      this.#book.reject(flight.item.application, code, message);
      this.#finishIfDone();
    } else if (waitMs !== undefined) {
      this.#emit({ event: 'waiting', application: flight.item.application, code, waitMs });
    }
  }

  // ── Sending ─────────────────────────────────────────────────────────────────────────────────

  /** Does what is due, and comes back when the next thing is. */
  #wake(): void {
    if (this.#isOver) return;
    const connection = this.#link.connection;
    if (connection === undefined) return;
    connection.tend();
    if (this.#link.connection === undefined) return;
    const nextAtUs = connection.isReady() ? this.#release(connection) : Number.POSITIVE_INFINITY;
    const isSoon = nextAtUs - this.#nowUs() < SOON_US && nextAtUs > this.#nowUs();
    const clock = this.#time.clock();
    if (connection.isReady() && clock?.wantsExchange(this.#nowUs(), isSoon) === true) {
      connection.askTime();
    }
    if (this.#departures.isAnswerOverdue()) connection.cut();
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
  #release(connection: Connection): number {
    return this.#departures.release(this.#time.now(), (flight) => this.#send(connection, flight));
  }

  #send(connection: Connection, { item: { application, clickDay }, sentAtUs }: Flight): void {
    connection.submit(application);
    this.#announceDeparture(clickDay, sentAtUs);
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

  #announceClock(): void {
    const facts = this.#time.facts();
    if (facts !== undefined) this.#emit({ event: 'clock', ...facts });
  }

  /** Once a click day. */
  #announceDeparture(clickDay: string, sentAtUs: number): void {
    if (this.#departed.has(clickDay)) return;
    this.#departed.add(clickDay);
    const facts = this.#time.facts();
    if (facts !== undefined) this.#emit({ event: 'departed', clickDay, sentAtUs, ...facts });
  }

  #emit(event: SenderEvent): void {
    this.#options.onEvent?.(event);
  }
}
