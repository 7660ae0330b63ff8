/**
 * A raw-socket sender that writes exactly when told. All senders of a scenario live in one process
 * and read one monotonic clock, just before the write: that clock is the judge of who was first.
 *
 * Writing to an idle socket is one system call at once (libuv tries before it queues), so the
 * instant is that of the kernel's buffer to within some microseconds.
 */
import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { clientFrame, FrameParser, pongFrame } from '#bench/drivers/frames.ts';
import { chunks, type Line, type Papers } from '#bench/fairness/papers.ts';
import { SUBPROTOCOL } from '#protocol/frames.ts';

/** Microseconds of this process's monotonic clock, with fractions. */
export function monotonicUs(): number {
  return performance.now() * 1000;
}

/** An answer to a submission as it came. */
export interface Heard {
  readonly type: 'accepted' | 'rejected';
  readonly application: string;
  readonly ref?: string;
  readonly seq?: number;
  readonly stamp?: string;
  readonly uncertaintyUs?: number;
  readonly duplicate?: true;
  readonly code?: string;
  readonly retryAfterMs?: number;
}

const PASSBOOKS_A_HELLO = 2;

export class Sender {
  /** Called with each answer; replaced by the scenario. */
  onAnswer: (heard: Heard, atUs: number) => void = () => undefined;
  /** Close code once the gate ended it; 1006 when it was cut. */
  closed: number | undefined;
  onClose: () => void = () => undefined;
  readonly #socket: Socket;
  #handshake = '';
  #isOpen = false;
  #welcomes = 0;
  #opened: () => void = () => undefined;
  readonly #parser = new FrameParser({
    text: (text) => this.#heard(text),
    closing: (code) => this.#end(code),
    ping: (payload) => this.#socket.write(pongFrame(payload)),
  });

  private constructor(port: number, index: number) {
    const localAddress = `127.0.0.${2 + (index % 8)}`;
    this.#socket = connect({ host: '127.0.0.1', port, localAddress, noDelay: true });
    this.#socket.on('data', (chunk: Buffer) => this.#received(chunk));
    this.#socket.on('error', () => this.#end(1006));
    this.#socket.on('close', () => this.#end(1006));
    this.#socket.write(
      `GET /v1/submissions HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\n` +
        `Connection: Upgrade\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: ${SUBPROTOCOL}\r\n\r\n`,
    );
  }

  /** A connection that has said hello with these passbooks. `closed` is set when it was refused. */
  static async open(options: {
    port: number;
    index?: number;
    passbooks: readonly string[];
  }): Promise<Sender> {
    const sender = new Sender(options.port, options.index ?? 0);
    const hellos = chunks(options.passbooks, PASSBOOKS_A_HELLO);
    await sender.#until(() => sender.#isOpen);
    for (const passbooks of hellos) {
      sender.write(clientFrame(JSON.stringify({ type: 'hello', passbooks, client: 'fair/1' })));
    }
    await sender.#until(() => sender.#welcomes === hellos.length);
    return sender;
  }

  /** Writes bytes now; returns the instant just before. */
  write(bytes: Buffer): number {
    const atUs = monotonicUs();
    this.#socket.write(bytes);
    return atUs;
  }

  /** Reads nothing any more until `resume`. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Bytes that the kernel has not taken yet. */
  unsentBytes(): number {
    return this.#socket.writableLength;
  }

  close(): void {
    this.#socket.destroy();
  }

  async #until(holds: () => boolean): Promise<void> {
    while (!holds() && this.closed === undefined) {
      await new Promise<void>((resolve) => {
        this.#opened = resolve;
      });
    }
  }

  #received(chunk: Buffer) {
    if (this.#isOpen) return this.#parser.push(chunk);
    this.#handshake += chunk.toString('latin1');
    const end = this.#handshake.indexOf('\r\n\r\n');
    if (end < 0) return;
    this.#isOpen = true;
    this.#opened();
    this.#parser.push(Buffer.from(this.#handshake.slice(end + 4), 'latin1'));
  }

  #heard(text: string) {
    const atUs = monotonicUs();
    const frame = JSON.parse(text) as { type: string };
    if (frame.type === 'accepted' || frame.type === 'rejected') {
      this.onAnswer(frame as Heard, atUs);
    } else if (frame.type === 'welcome') {
      this.#welcomes += 1;
      this.#opened();
    }
  }

  #end(code: number) {
    this.closed ??= code;
    this.#opened();
    this.onClose();
  }
}

const CONNECTING_MAX = 100;

/** One connection an account, each with its own lines; refuses to go on when one failed. */
export async function openCrowd(
  gate: { port: number; papers: Papers },
  name: string,
  linesOf: readonly (readonly Line[])[],
): Promise<Sender[]> {
  const crowd: Sender[] = [];
  for (const group of chunks([...linesOf.entries()], CONNECTING_MAX)) {
    const opening = group.map(([index, lines]) => {
      const passbooks = gate.papers.passbooks(`${name}-${index}`, lines);
      return Sender.open({ port: gate.port, index, passbooks });
    });
    crowd.push(...(await Promise.all(opening)));
  }
  const refused = crowd.find((sender) => sender.closed !== undefined);
  if (refused !== undefined) throw new Error(`a connection ended with ${refused.closed}`);
  return crowd;
}
