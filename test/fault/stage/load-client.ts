/**
 * A sender that gives up nothing: it keeps its applications in flight over a real WebSocket,
 * connects again after every loss, and sends again whatever has no outcome. Written from the
 * protocol's page alone, with the `ws` package.
 */
import { WebSocket } from 'ws';
import type { Book } from './book.ts';
import type { Chance } from './random.ts';
import type { StageAccount } from './stage.ts';

export interface LoadOptions {
  /** Asked before each connection: a gate that came back may listen elsewhere. */
  readonly url: () => string;
  readonly account: StageAccount;
  readonly book: Book;
  readonly chance: Chance;
  readonly inFlight?: number;
  /** Sends nothing before this instant (milliseconds of the host's date). */
  readonly notBeforeMs?: number;
}

interface Frame {
  readonly type: string;
  readonly application?: string;
  readonly seq?: number;
  readonly stamp?: string;
  readonly code?: string;
  readonly retryAfterMs?: number;
}

const IN_FLIGHT = 8;
const RECONNECT_MS = 20;
const WAIT_MS_MAX = 500;
const ASKED_AGAIN = 2;
/** Closings that coming back does not mend. */
const REFUSALS = new Set([1002, 1003, 1007, 1009, 4401, 4403]);
const FINAL = new Set(['CLOSED', 'UNKNOWN_APPLICATION', 'PASSBOOK_INVALID', 'PASSBOOK_EXPIRED']);

export class LoadClient {
  connections = 0;
  /** Resolves when every application is acknowledged, or after `stop`. */
  readonly finished: Promise<void>;
  readonly #options: LoadOptions;
  readonly #waiting: string[];
  readonly #inFlight = new Set<string>();
  readonly #known: string[] = [];
  #socket: WebSocket | undefined;
  #unwelcomed = 0;
  #isStopping = false;
  #end: () => void = () => undefined;

  constructor(options: LoadOptions) {
    this.#options = options;
    this.#waiting = [...options.account.applications].reverse();
    this.finished = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  start(): this {
    this.#connect();
    return this;
  }

  /** Sends nothing new; `finished` resolves when nothing is in flight any more. */
  stop(): void {
    this.#isStopping = true;
    this.#rest();
  }

  /** Cuts the line without a goodbye; it connects again. */
  cut(): void {
    this.#socket?.terminate();
  }

  #connect(): void {
    if (this.#rest()) return;
    const socket = new WebSocket(this.#options.url(), 'clickday.v1', { perMessageDeflate: false });
    this.#socket = socket;
    socket.on('open', () => {
      this.#unwelcomed = this.#options.account.passbooks.length;
      for (const passbook of this.#options.account.passbooks) {
        socket.send(JSON.stringify({ type: 'hello', passbooks: [passbook], client: 'fault/1' }));
      }
    });
    socket.on('message', (data) => this.#receive(JSON.parse(String(data)) as Frame));
    socket.on('error', () => undefined);
    socket.on('close', (code) => {
      if (REFUSALS.has(code)) throw new Error(`the gate closed with ${code}`);
      this.#socket = undefined;
      this.#waiting.push(...[...this.#inFlight].reverse());
      this.#inFlight.clear();
      setTimeout(() => this.#connect(), RECONNECT_MS + this.#options.chance.integer(RECONNECT_MS));
    });
  }

  #receive(frame: Frame): void {
    if (frame.type === 'welcome') {
      this.#unwelcomed -= 1;
      if (this.#unwelcomed > 0) return;
      this.connections += 1;
      this.#askAgain();
      const waitMs = (this.#options.notBeforeMs ?? 0) - Date.now();
      if (waitMs > 0) setTimeout(() => this.#fill(), waitMs);
      else this.#fill();
    } else if (frame.type === 'accepted') this.#accepted(frame);
    else if (frame.type === 'rejected') this.#rejected(frame);
    else if (frame.type === 'error') throw new Error(`the gate says ${frame.code}`);
  }

  /** What was acknowledged must get the same answer again, from whatever process now serves. */
  #askAgain(): void {
    for (let at = 0; at < ASKED_AGAIN && this.#known.length > 0; at += 1) {
      const known = this.#known[this.#options.chance.integer(this.#known.length)]!;
      this.#socket?.send(JSON.stringify({ type: 'submit', application: known }));
    }
  }

  #accepted({ application, seq, stamp }: Frame): void {
    const told = { application: application!, seq: seq!, stamp: stamp! };
    const isNew = !this.#options.book.acknowledged.has(told.application);
    this.#options.book.accepted(told);
    if (isNew) this.#known.push(told.application);
    this.#inFlight.delete(told.application);
    if (!this.#rest()) this.#fill();
  }

  #rejected({ application, code = '', retryAfterMs = 0 }: Frame): void {
    if (FINAL.has(code)) throw new Error(`${application} was refused for good: ${code}`);
    this.#options.book.refused(code);
    setTimeout(
      () => {
        if (application === undefined || !this.#inFlight.delete(application)) return;
        this.#waiting.push(application);
        this.#fill();
      },
      Math.min(retryAfterMs, WAIT_MS_MAX),
    );
  }

  #fill(): void {
    const socket = this.#socket;
    const { book, inFlight = IN_FLIGHT } = this.#options;
    if (socket?.readyState !== WebSocket.OPEN || this.#rest() || this.#isStopping) return;
    while (this.#inFlight.size < inFlight && this.#waiting.length > 0) {
      const application = this.#waiting.pop()!;
      this.#inFlight.add(application);
      book.sent(application);
      socket.send(JSON.stringify({ type: 'submit', application }));
    }
  }

  /** Whether there is nothing left to do; then it hangs up. */
  #rest(): boolean {
    const isDone = this.#inFlight.size === 0 && (this.#isStopping || this.#waiting.length === 0);
    if (!isDone) return false;
    this.#socket?.close();
    this.#end();
    return true;
  }
}

/** A client for each account, all started. */
export function startLoad(
  accounts: readonly StageAccount[],
  options: Omit<LoadOptions, 'account'>,
): LoadClient[] {
  return accounts.map((account) => new LoadClient({ ...options, account }).start());
}

/** All of them let go, and what was in flight has its outcome. */
export async function stopLoad(clients: readonly LoadClient[]): Promise<void> {
  for (const client of clients) client.stop();
  await finished(clients);
}

export async function finished(clients: readonly LoadClient[]): Promise<void> {
  await Promise.all(clients.map((client) => client.finished));
}
