/**
 * One connection of the swarm: the opening handshake, `hello`, then submissions in a closed loop
 * with a fixed number in flight.
 *
 * Promises: frames are written before the clock runs; during the run an answer costs one text
 * search and one push, and is read only afterwards. A refusal that names `retryAfterMs` is sent
 * again after that time; any other is final. Every send and answer carries the instant of this
 * process's monotonic clock.
 */
import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { clientFrame, FrameParser, pongFrame } from '#bench/drivers/frames.ts';
import { SUBPROTOCOL } from '#protocol/frames.ts';

/** Where a connection goes and what it brings. */
export interface ConnectionPlan {
  readonly passbooks: readonly string[];
  readonly applications: readonly string[];
}

export interface Target {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly localAddress: string;
  readonly inFlight: number;
}

/** One answer as it came: text, and when, in milliseconds of performance.now(). */
export interface Answer {
  readonly atMs: number;
  readonly text: string;
}

const HANDSHAKE_BYTES_MAX = 8_192;
const RETRIES_MAX = 1_000;

export class Connection {
  readonly answers: Answer[] = [];
  /** Sends in order: which application, and when. */
  readonly sends: { readonly application: string; readonly atMs: number }[] = [];
  failure: string | undefined;
  retries = 0;
  readonly #plan: ConnectionPlan;
  readonly #target: Target;
  readonly #frames: Buffer[];
  readonly #socket: Socket;
  readonly #parser = new FrameParser({
    text: (payload) => this.#answered(payload),
    closing: (code) => this.#fail(`closed with ${code}`),
    ping: (payload) => this.#socket.write(pongFrame(payload)),
  });
  #handshake = '';
  #open = false;
  #next = 0;
  #settled = 0;
  #running = false;
  #welcomed: (() => void) | undefined;
  #finished: (() => void) | undefined;

  constructor(plan: ConnectionPlan, target: Target) {
    this.#plan = plan;
    this.#target = target;
    this.#frames = plan.applications.map((application) =>
      clientFrame(JSON.stringify({ type: 'submit', application })),
    );
    const { host, port, localAddress } = target;
    this.#socket = connect({ host, port, localAddress, noDelay: true });
    this.#socket.on('data', (chunk: Buffer) => this.#received(chunk));
    this.#socket.on('error', (error) => this.#fail(error.message));
    this.#socket.on('close', () => this.#fail('the connection was cut'));
  }

  /** Resolves when the gate said `welcome`, or when it failed (see `failure`). */
  ready(): Promise<void> {
    const { host, port, path } = this.#target;
    this.#socket.write(
      `GET ${path} HTTP/1.1\r\nHost: ${host}:${port}\r\nUpgrade: websocket\r\n` +
        `Connection: Upgrade\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: ${SUBPROTOCOL}\r\n\r\n`,
    );
    return new Promise((resolve) => {
      this.#welcomed = resolve;
      if (this.failure !== undefined) resolve();
    });
  }

  /** Starts the loop and resolves when every application has its outcome, or on failure. */
  run(): Promise<void> {
    this.#running = true;
    return new Promise((resolve) => {
      this.#finished = resolve;
      if (this.failure !== undefined) resolve();
      for (let slot = 0; slot < this.#target.inFlight; slot += 1) this.#submitNext();
    });
  }

  close(): void {
    this.#running = false;
    this.failure ??= 'ended';
    this.#socket.destroy();
  }

  #received(chunk: Buffer) {
    try {
      if (this.#open) this.#parser.push(chunk);
      else this.#readHandshake(chunk);
    } catch (error) {
      this.#fail(String(error));
    }
  }

  #readHandshake(chunk: Buffer) {
    this.#handshake += chunk.toString('latin1');
    const end = this.#handshake.indexOf('\r\n\r\n');
    if (end < 0) {
      if (this.#handshake.length > HANDSHAKE_BYTES_MAX) this.#fail('no end of the handshake');
      return;
    }
    if (!this.#handshake.startsWith('HTTP/1.1 101')) {
      this.#fail(this.#handshake.slice(0, this.#handshake.indexOf('\r\n')));
      return;
    }
    this.#open = true;
    const { passbooks } = this.#plan;
    this.#socket.write(
      clientFrame(JSON.stringify({ type: 'hello', passbooks, client: 'clickday-bench/1' })),
    );
    const rest = Buffer.from(this.#handshake.slice(end + 4), 'latin1');
    if (rest.length > 0) this.#parser.push(rest);
  }

  #answered(text: string) {
    if (!this.#running) {
      if (text.includes('"type":"welcome"')) this.#welcomed?.();
      return;
    }
    const accepted = text.includes('"type":"accepted"');
    if (!accepted && !text.includes('"type":"rejected"')) return;
    this.answers.push({ atMs: performance.now(), text });
    if (!accepted && this.#retryLater(text)) return;
    this.#settled += 1;
    if (this.#settled === this.#frames.length) this.#finished?.();
    else this.#submitNext();
  }

  #submitNext() {
    if (this.#next >= this.#frames.length) return;
    this.#submit(this.#next);
    this.#next += 1;
  }

  #submit(index: number) {
    this.sends.push({ application: this.#plan.applications[index]!, atMs: performance.now() });
    this.#socket.write(this.#frames[index]!);
  }

  #retryLater(text: string): boolean {
    const rejected = JSON.parse(text) as { application?: string; retryAfterMs?: number };
    const index = this.#plan.applications.indexOf(rejected.application ?? '');
    if (rejected.retryAfterMs === undefined || index < 0 || this.retries >= RETRIES_MAX) {
      return false;
    }
    this.retries += 1;
    setTimeout(() => {
      if (this.failure === undefined) this.#submit(index);
    }, rejected.retryAfterMs);
    return true;
  }

  #fail(reason: string) {
    this.failure ??= reason;
    this.#socket.destroy();
    this.#welcomed?.();
    this.#finished?.();
  }
}
