/**
 * A connection's way to its socket, and the end of who does not read. What the socket needs to
 * offer is named here, so that a test can stand in for the library.
 */
import type { Timers } from '#engine/clock/index.ts';
import type { Wire } from './connection.ts';

/** What of a uWebSockets.js socket is used. */
export interface SendingSocket {
  /** 0 kept for later, 1 sent, 2 dropped: the bound of unread bytes was reached. */
  send(frame: string | Uint8Array, isBinary: boolean, compress: boolean): number;
  end(code: number, reason: string): void;
  close(): void;
  cork(work: () => void): unknown;
}

const DROPPED = 2;

/**
 * A closed socket throws at every touch; the connection stops before, see `gone`. An answer that
 * the library drops ends the connection: `closeOnBackpressureLimit` by itself only stops reading,
 * and a client that never pauses would be kept. Not at once: the socket may be corked.
 */
export class SocketWire implements Wire {
  readonly #socket: SendingSocket;
  readonly #timers: Timers;
  #isOpen = true;

  constructor(socket: SendingSocket, timers: Timers) {
    this.#socket = socket;
    this.#timers = timers;
  }

  send(frame: string | Uint8Array): void {
    if (this.#socket.send(frame as string, false, false) !== DROPPED) return;
    this.#timers.immediate(() => {
      if (this.#isOpen) this.#socket.close();
    });
  }

  close(code: number, reason: string): void {
    this.#socket.end(code, reason);
  }

  cork(work: () => void): void {
    this.#socket.cork(work);
  }

  /** The socket is closed: it must not be touched any more. */
  gone(): void {
    this.#isOpen = false;
  }
}
