/**
 * A TCP socket that costs little more than its system calls.
 *
 * Reading: every chunk comes in one buffer that all sockets of a thread share (`onread`), with no
 * stream between. Writing: one write(2) on the socket's descriptor at once. That is a third of the
 * CPU of a stream's write; only when the kernel's buffer is full does the rest go through the
 * stream, which waits until there is room, and what is sent meanwhile follows it in order.
 */
import { writeSync } from 'node:fs';
import { connect, type Socket } from 'node:net';

/** Where a socket goes. `readBuffer` is the thread's; what lies in it is good during one call. */
export interface SocketOptions {
  readonly host: string;
  readonly port: number;
  readonly localAddress: string;
  readonly readBuffer: Buffer;
  /** The first `length` bytes of `bytes` came. */
  readonly onRead: (bytes: Buffer, length: number) => void;
  /** The socket is gone, with the first reason; called once. */
  readonly onEnd: (reason: string) => void;
}

/** What Node keeps to itself of a socket: the descriptor of an open one. */
interface Handled {
  readonly _handle: { readonly fd: number } | null;
}

export class RawSocket {
  readonly #options: SocketOptions;
  readonly #socket: Socket;
  #isOver = false;
  /** While the stream waits for room: what is to follow. */
  #following: Buffer[] | undefined;

  constructor(options: SocketOptions) {
    this.#options = options;
    const { host, port, localAddress, readBuffer, onRead } = options;
    const callback = (length: number, bytes: Uint8Array) => {
      onRead(bytes as Buffer, length);
      return true;
    };
    const onread = { buffer: readBuffer, callback };
    this.#socket = connect({ host, port, localAddress, noDelay: true, onread });
    this.#socket.on('error', (error) => this.#end(error.message));
    this.#socket.on('end', () => this.#end('the connection was cut'));
    this.#socket.on('close', () => this.#end('the connection was cut'));
  }

  /** Through the stream: also before the socket is connected, and of any size. */
  write(bytes: Buffer | string): void {
    this.#socket.write(bytes);
  }

  /** `bytes` from `from` to `to`, now. Nothing happens on a socket that is gone. */
  send(bytes: Buffer, from: number, to: number): void {
    if (this.#following !== undefined) {
      this.#following.push(bytes.subarray(from, to));
      return;
    }
    const sent = this.#sendNow(bytes, from, to);
    if (sent < to - from) this.#sendRest(bytes.subarray(from + sent, to));
  }

  /** Ends it without a farewell, so that no port of ours is kept for a minute (TIME_WAIT). */
  destroy(): void {
    this.#isOver = true;
    this.#socket.resetAndDestroy();
  }

  /** Bytes that the kernel took. The descriptor is asked for each time: a closed one is reused. */
  #sendNow(bytes: Buffer, from: number, to: number): number {
    const fd = (this.#socket as unknown as Handled)._handle?.fd ?? -1;
    if (fd < 0) return 0;
    try {
      return writeSync(fd, bytes, from, to - from);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code !== 'EAGAIN') this.#end(message);
      return 0;
    }
  }

  #sendRest(rest: Buffer) {
    if (this.#isOver) return;
    this.#following = [];
    this.#socket.write(rest, () => {
      const next = Buffer.concat(this.#following ?? []);
      this.#following = undefined;
      if (next.length > 0) this.send(next, 0, next.length);
    });
  }

  #end(reason: string) {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#socket.destroy();
    this.#options.onEnd(reason);
  }
}
