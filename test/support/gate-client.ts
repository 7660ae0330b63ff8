/**
 * A WebSocket client that checks every frame of the gate against the types of the protocol, and
 * lets a test wait for frames and for the end instead of sleeping.
 */
import { TypeCompiler } from '@sinclair/typebox/compiler';
import { WebSocket } from 'ws';
import {
  Accepted,
  CalendarFrame,
  ErrorFrame,
  type GateFrame,
  Rejected,
  SUBPROTOCOL,
  TimeAnswer,
  Welcome,
} from '#protocol/frames.ts';

const checks = {
  welcome: TypeCompiler.Compile(Welcome),
  time: TypeCompiler.Compile(TimeAnswer),
  accepted: TypeCompiler.Compile(Accepted),
  rejected: TypeCompiler.Compile(Rejected),
  calendar: TypeCompiler.Compile(CalendarFrame),
  error: TypeCompiler.Compile(ErrorFrame),
} as const;

type Kind = GateFrame['type'];
type FrameOf<K extends Kind> = Extract<GateFrame, { type: K }>;

/** The frame in a text of the gate. Throws when it is none of the protocol's. */
export function checkedFrame(text: string): GateFrame {
  const value = JSON.parse(text) as { type: string };
  const check = Object.hasOwn(checks, value.type) ? checks[value.type as Kind] : undefined;
  if (check?.Check(value) !== true) throw new Error(`not a frame of the protocol: ${text}`);
  return value as GateFrame;
}

export class GateClient {
  /** Every frame that came, oldest first. */
  readonly frames: GateFrame[] = [];
  /** Code and reason of the end, once it came. */
  end: { code: number; reason: string } | undefined;
  readonly #socket: WebSocket;
  readonly #taken = new Set<GateFrame>();
  #fault: Error | undefined;
  #happened: () => void = () => undefined;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data) => {
      try {
        this.frames.push(checkedFrame(String(data)));
      } catch (error) {
        this.#fault = error as Error;
      }
      this.#happened();
    });
    socket.on('close', (code, reason) => {
      this.end = { code, reason: String(reason) };
      this.#happened();
    });
  }

  static async open(url: string, options: { language?: string } = {}): Promise<GateClient> {
    const headers = options.language ? { 'accept-language': options.language } : {};
    const socket = new WebSocket(url, SUBPROTOCOL, { perMessageDeflate: false, headers });
    const client = new GateClient(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    socket.on('error', () => undefined);
    return client;
  }

  send(frame: Readonly<Record<string, unknown>>): void {
    this.#socket.send(JSON.stringify(frame));
  }

  hello(...passbooks: readonly string[]): void {
    this.send({ type: 'hello', passbooks, client: 'test/1' });
  }

  submit(application: string, ref?: string): void {
    this.send({ type: 'submit', application, ...(ref !== undefined && { ref }) });
  }

  /** Resolves with the gate's pong: then it has seen the ping. */
  async ping(): Promise<void> {
    const answered = new Promise<void>((resolve) => {
      this.#socket.once('pong', () => resolve());
    });
    this.#socket.ping();
    await answered;
  }

  raw(data: string | Uint8Array): void {
    this.#socket.send(data);
  }

  /** The oldest frame of this kind that was not asked for yet. Throws when the gate ends first. */
  async next<K extends Kind>(kind: K): Promise<FrameOf<K>> {
    const found = () => this.frames.find((frame) => frame.type === kind && !this.#taken.has(frame));
    await this.#until(() => found() !== undefined || this.end !== undefined);
    const frame = found();
    if (frame === undefined) throw new Error(`closed with ${this.end?.code} before ${kind}`);
    this.#taken.add(frame);
    return frame as FrameOf<K>;
  }

  /** The next `count` outcomes of submissions, in the order they came. */
  async outcomes(count: number): Promise<(Accepted | Rejected)[]> {
    const open = () => this.frames.filter((frame) => isOutcome(frame) && !this.#taken.has(frame));
    await this.#until(() => open().length >= count || this.end !== undefined);
    const first = open().slice(0, count) as (Accepted | Rejected)[];
    for (const frame of first) this.#taken.add(frame);
    return first;
  }

  /** How the gate ended this connection. */
  async closed(): Promise<{ code: number; reason: string }> {
    await this.#until(() => this.end !== undefined);
    return this.end!;
  }

  /** Resolves when the gate has read all that was sent before: it has answered a `time`. */
  async settled(): Promise<void> {
    this.send({ type: 'time', t0: 0 });
    await this.next('time');
  }

  async #until(enough: () => boolean): Promise<void> {
    while (!enough()) {
      if (this.#fault) throw this.#fault;
      await new Promise<void>((resolve) => {
        this.#happened = resolve;
      });
    }
    if (this.#fault) throw this.#fault;
  }
}

function isOutcome(frame: GateFrame): boolean {
  return frame.type === 'accepted' || frame.type === 'rejected';
}
