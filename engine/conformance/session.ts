/**
 * One connection to the gate under test, over the WebSocket that Node brings with it: nothing here
 * is shared with the gate but the types of the frames. Whatever does not come within
 * `ANSWER_MS_MAX` is a deviation, so that a gate that says nothing fails and does not hang the kit.
 */
import type { Timers } from '#engine/clock/index.ts';
import { SUBPROTOCOL } from '#protocol/frames.ts';

/** Any frame of a gate, as it came. */
export type Frame = Readonly<Record<string, unknown>> & { readonly type?: unknown };

/** What the gate did that the protocol does not allow, in words. */
export class Deviation extends Error {}

/** How long any answer may take: far above what a sound gate needs, below a person's patience. */
export const ANSWER_MS_MAX = 5_000;

export interface Closing {
  readonly code: number;
  readonly reason: string;
}

export class Session {
  readonly frames: Frame[] = [];
  readonly #socket: WebSocket;
  readonly #timers: Timers;
  #closing: Closing | undefined;
  readonly #listeners = new Set<() => void>();

  private constructor(socket: WebSocket, timers: Timers) {
    this.#socket = socket;
    this.#timers = timers;
    socket.addEventListener('message', ({ data }) => {
      this.frames.push(frameOf(data));
      this.#wake();
    });
    socket.addEventListener('close', ({ code, reason }) => {
      this.#closing = { code, reason };
      this.#wake();
    });
    for (const event of ['open', 'error']) socket.addEventListener(event, () => this.#wake());
  }

  /** An open connection that has said nothing yet. */
  static async open(url: string, timers: Timers): Promise<Session> {
    const socket = new WebSocket(url, SUBPROTOCOL);
    const session = new Session(socket, timers);
    await session.#until(`a connection to ${url}`, ANSWER_MS_MAX, () => {
      if (session.#closing !== undefined) {
        throw new Deviation(`${url} closed at once with ${session.#closing.code}`);
      }
      return socket.readyState === WebSocket.OPEN || undefined;
    });
    if (socket.protocol !== SUBPROTOCOL) {
      throw new Deviation(`the subprotocol is "${socket.protocol}", not "${SUBPROTOCOL}"`);
    }
    return session;
  }

  send(frame: object | string | Uint8Array<ArrayBuffer>): void {
    const isRaw = typeof frame === 'string' || frame instanceof Uint8Array;
    this.#socket.send(isRaw ? frame : JSON.stringify(frame));
  }

  /** The first frame, of those that came since `from`, that is wanted. */
  next(what: string, isWanted: (frame: Frame) => boolean, from = 0): Promise<Frame> {
    return this.#until(what, ANSWER_MS_MAX, () => {
      const found = this.frames.slice(from).find(isWanted);
      if (found === undefined && this.#closing !== undefined) {
        throw new Deviation(`closed with ${this.#closing.code} instead of ${what}`);
      }
      return found;
    });
  }

  /** So many of the wanted frames since `from`, in the order in which they came. */
  async all(what: string, isWanted: (frame: Frame) => boolean, count: number, from = 0) {
    const wanted = () => this.frames.slice(from).filter(isWanted);
    await this.next(what, () => wanted().length >= count, from);
    return wanted();
  }

  closed(msMax = ANSWER_MS_MAX): Promise<Closing> {
    return this.#until('the connection to be closed', msMax, () => this.#closing);
  }

  /** How it was closed, once it is. */
  get closing(): Closing | undefined {
    return this.#closing;
  }

  end(): void {
    this.#socket.close();
  }

  #wake(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  #until<T>(what: string, msMax: number, look: () => T | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const settle = (act: () => void) => {
        cancel();
        this.#listeners.delete(check);
        act();
      };
      const check = () => {
        try {
          const found = look();
          if (found !== undefined) settle(() => resolve(found));
        } catch (error) {
          settle(() => reject(error));
        }
      };
      const tooLate = () => new Deviation(`waited ${msMax} ms in vain for ${what}`);
      const cancel = this.#timers.after(msMax, () => settle(() => reject(tooLate())));
      this.#listeners.add(check);
      check();
    });
  }
}

function frameOf(data: unknown): Frame {
  if (typeof data !== 'string') return { type: 'binary' };
  try {
    return JSON.parse(data) as Frame;
  } catch {
    return { type: 'not JSON', data };
  }
}
