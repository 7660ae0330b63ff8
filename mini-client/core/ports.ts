/**
 * What the core is given from outside: socket, clock, timers, random, disk.
 *
 * The core reads no clock, opens no socket and touches no file by itself, so that a simulation can
 * drive the very client people use through drift, cut lines, torn files and crashes, from a seed.
 * Nothing here is implemented: `mini-client/node/` does it for Node, tests do it in memory.
 */

/** A clock that never jumps and never runs back; its epoch may be wrong by any amount. */
export interface ClientClock {
  /** Integer microseconds. */
  nowUs(): number;
}

export type Cancel = () => void;

/** `after` calls `fn` once, not before `ms` (may be fractional) have passed, as soon as it can. */
export interface ClientTimers {
  after(ms: number, fn: () => void): Cancel;
}

export interface ClientRandom {
  /** Evenly distributed in 0 … maxExclusive - 1. `maxExclusive` is an integer ≥ 1. */
  integer(maxExclusive: number): number;
}

/** What a socket tells. `closed` comes exactly once, also when it never opened (code 1006). */
export interface SocketHandlers {
  opened(): void;
  received(text: string): void;
  closed(code: number, reason: string): void;
}

export interface ClientSocket {
  /** Hands over a text frame; does nothing after the close. */
  send(text: string): void;
  /** Says goodbye; `closed` follows. */
  close(code: number, reason: string): void;
  /** Cuts the line without waiting for the other side; `closed` follows. */
  terminate(): void;
}

/** Starts a connection to `url` with subprotocol `clickday.v1`; handlers are called later. */
export type OpenSocket = (url: string, handlers: SocketHandlers) => ClientSocket;

/** The file of the journal. */
export interface JournalFile {
  /** The whole text, empty when there is none yet. */
  read(): string;
  /** Resolves when the text is appended and synced to disk; rejects when that is unknown. */
  append(text: string): Promise<void>;
}
