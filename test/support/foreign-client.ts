/**
 * A WebSocket client written from the protocol's page alone, with the `ws` package: it shares no
 * code with the engine or the mini-client, so what it relies on is what anyone may rely on.
 */
import { WebSocket } from 'ws';

/** Any message of a gate, as it came. */
export interface GateMessage {
  readonly type: string;
  readonly application?: string;
  readonly code?: string;
  readonly seq?: number;
  readonly stamp?: string;
  readonly protocol?: string;
  readonly duplicate?: boolean;
  readonly retryAfterMs?: number;
  readonly opensAt?: string;
  readonly applications?: number;
  readonly clickDays?: readonly { id: string; opensAt: string; closesAt: string }[];
}

export class ForeignClient {
  readonly messages: GateMessage[] = [];
  /** The close code once the connection is gone. */
  closeCode: number | undefined;
  readonly #socket: WebSocket;
  #arrived: () => void = () => {};

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data, isBinary) => {
      if (!isBinary) this.messages.push(JSON.parse(String(data)) as GateMessage);
      this.#arrived();
    });
    socket.on('close', (code) => {
      this.closeCode = code;
      this.#arrived();
    });
    socket.on('error', () => this.#arrived());
  }

  /** Opens a connection. Rejects when nobody listens. */
  static connect(url: string): Promise<ForeignClient> {
    const socket = new WebSocket(url, 'clickday.v1', { perMessageDeflate: false });
    const client = new ForeignClient(socket);
    return new Promise((resolve, reject) => {
      socket.once('open', () => resolve(client));
      socket.once('error', reject);
    });
  }

  send(message: Readonly<Record<string, unknown>>): void {
    this.#socket.send(JSON.stringify(message));
  }

  /** Presents passbooks and resolves with `welcome`, or with undefined when it was closed. */
  async hello(passbooks: readonly string[]): Promise<GateMessage | undefined> {
    this.send({ type: 'hello', passbooks, client: 'foreign/1' });
    await this.until((messages) => messages.some((message) => message.type === 'welcome'));
    return this.messages.find((message) => message.type === 'welcome');
  }

  /** Submits and resolves with the outcome of each, or with less when the connection was cut. */
  async submit(applications: readonly string[]): Promise<GateMessage[]> {
    const from = this.messages.length;
    for (const application of applications) this.send({ type: 'submit', application });
    const outcomes = () =>
      this.messages.slice(from).filter(({ type }) => type === 'accepted' || type === 'rejected');
    await this.until(() => outcomes().length >= applications.length);
    return outcomes();
  }

  /** Resolves when the messages so far satisfy `enough`, or when the connection is gone. */
  async until(enough: (messages: readonly GateMessage[]) => boolean): Promise<void> {
    while (!enough(this.messages) && this.closeCode === undefined) {
      await new Promise<void>((resolve) => {
        this.#arrived = resolve;
      });
    }
  }

  close(): void {
    this.#socket.terminate();
  }
}
