/**
 * Keeps a sender connected: to one gate, and after a failure to the next, without end, with pauses
 * that grow and have jitter. It also keeps the passbooks that are still good.
 *
 * A gate that cuts the connection over a passbook may only not have the newest key yet, so it gets
 * some chances, presented last, where it holds up nobody else; then the passbook counts as lost.
 */
import type { GateFrame, Welcome } from '#protocol/frames.ts';
import { type Connection, connect, type PassbookRefusal } from './connection.ts';
import type { OpenedPassbook } from './passbook-lines.ts';
import type { Cancel, ClientClock, ClientRandom, ClientTimers, OpenSocket } from './ports.ts';
import { reconnectPauseMs } from './retry.ts';
import type { SenderEvent } from './sender-types.ts';

const PASSBOOK_CUTS_MAX = 3;

export interface GateLinkHandlers {
  /** Connecting has begun; the connection must be tended from now on. */
  begun(): void;
  welcomed(welcome: Welcome): void;
  frame(frame: Exclude<GateFrame, Welcome>): void;
  /** No gate takes the passbook; `isKept` tells whether another one lists an application. */
  passbookLost(refusal: PassbookRefusal, isKept: (application: string) => boolean): void;
  /** The connection is gone; another follows unless the link was ended. */
  closed(): void;
}

export interface GateLinkOptions {
  readonly gates: readonly string[];
  readonly passbooks: readonly OpenedPassbook[];
  readonly client: string;
  readonly openSocket: OpenSocket;
  readonly clock: ClientClock;
  readonly timers: ClientTimers;
  readonly random: ClientRandom;
  readonly emit: (event: SenderEvent) => void;
  readonly handlers: GateLinkHandlers;
}

export class GateLink {
  readonly #options: GateLinkOptions;
  readonly #cuts = new Map<OpenedPassbook, number>();
  #passbooks: readonly OpenedPassbook[];
  #connection: Connection | undefined;
  #gateIndex: number;
  #failures = 0;
  /** The gate last connected to, or tried. */
  #url: string | undefined;
  /** Whether it deserves another attempt before the next gate has its turn. */
  #isTrusted = false;
  #isEnded = false;
  #cancelConnect: Cancel = () => undefined;

  constructor(options: GateLinkOptions) {
    if (options.gates.length === 0) throw new RangeError('a sender needs at least one gate');
    this.#options = options;
    this.#passbooks = options.passbooks;
    this.#gateIndex = options.random.integer(options.gates.length);
  }

  get connection(): Connection | undefined {
    return this.#connection;
  }

  connectAfter(pauseMs: number): void {
    this.#cancelConnect();
    this.#cancelConnect = this.#options.timers.after(pauseMs, () => this.#connect());
  }

  /** Closes and never connects again. */
  end(): void {
    this.#isEnded = true;
    this.#cancelConnect();
    this.#connection?.close();
  }

  #connect(): void {
    if (this.#isEnded) return;
    const { gates, client, openSocket, clock, emit, handlers } = this.#options;
    const url = gates[this.#gateIndex % gates.length]!;
    const before = this.#url;
    this.#url = url;
    this.#isTrusted = false;
    if (before !== undefined && before !== url) {
      emit({ event: 'gate-changed', from: before, to: url });
    }
    emit({ event: 'connecting', gate: url });
    this.#connection = connect({
      ...{ url, client, openSocket, clock },
      passbooks: this.#passbooks,
      handlers: {
        welcomed: (welcome) => this.#welcomed(url, welcome),
        frame: handlers.frame,
        passbookRefused: (refusal) => this.#passbookRefused(refusal),
        closed: (code, reason, isSilent) => {
          if (isSilent) this.#isTrusted = false;

          this.#closed(url, code, reason);
        },
      },
    });
    handlers.begun();
  }

  #welcomed(gate: string, welcome: Welcome): void {
    this.#failures = 0;
    this.#isTrusted = true;
    if (this.#connection?.isReady() === true) {
      const { applications, inFlightLimit, gate: name } = welcome;
      this.#options.emit({ event: 'connected', gate, name, applications, inFlightLimit });
    }
    this.#options.handlers.welcomed(welcome);
  }

  #passbookRefused(refusal: PassbookRefusal): void {
    const { passbook, code, isCut } = refusal;
    const cuts = (this.#cuts.get(passbook) ?? 0) + 1;
    this.#cuts.set(passbook, cuts);
    const others = this.#passbooks.filter((kept) => kept !== passbook);
    const isLost = !isCut || code === 'PASSBOOK_EXPIRED' || cuts >= PASSBOOK_CUTS_MAX;
    this.#passbooks = isLost ? others : [...others, passbook];
    if (!isLost) return;
    this.#options.handlers.passbookLost(refusal, (application) =>
      others.some(({ lines }) => lines.has(application)),
    );
  }

  #closed(gate: string, code: number, reason: string): void {
    this.#connection = undefined;
    this.#failures += 1;
    // The same gate once more after a cut of a good connection, otherwise the next one.
    if (!this.#isTrusted || this.#failures > 1) this.#gateIndex += 1;
    this.#options.handlers.closed();
    if (this.#isEnded) return;
    const retryInMs = reconnectPauseMs(code, this.#failures, this.#options.random);
    this.#options.emit({ event: 'disconnected', gate, code, reason, retryInMs });
    this.connectAfter(retryInMs);
  }
}
