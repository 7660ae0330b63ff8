/**
 * One keep-alive connection that asks one thing at a time, at a fraction of the cost of an HTTP
 * library: requests are sent as they are given, of an answer only status, length and body are read.
 * A connection that is cut fails the question under way.
 */
import { RawSocket } from '#bench/drivers/raw-socket.ts';

export interface HttpAnswer {
  readonly status: number;
  /** Head and body as they came. */
  readonly text: string;
}

export interface HttpAsker {
  /** Sends one whole request. MUST NOT be called again before it is settled. */
  ask(request: Buffer): Promise<HttpAnswer>;
  close(): void;
}

const HEAD_END = '\r\n\r\n';
const READ_BYTES = 64 * 1024;

/** A buffer that connections of one thread may share. */
export function sharedReadBuffer(): Buffer {
  return Buffer.alloc(READ_BYTES);
}

/** A connection to the host and port of `url`. */
export function connectAsker(url: string, readBuffer: Buffer): HttpAsker {
  const { hostname: host, port } = new URL(url);
  let text = '';
  let waiting: { resolve(answer: HttpAnswer): void; reject(error: Error): void } | undefined;
  const socket = new RawSocket({
    ...{ host, port: Number(port), localAddress: '127.0.0.1', readBuffer },
    onRead: (bytes, length) => {
      text += bytes.toString('latin1', 0, length);
      const status = statusOfWhole(text);
      if (status === undefined) return;
      const whole = text;
      text = '';
      const asked = waiting;
      waiting = undefined;
      asked?.resolve({ status, text: whole });
    },
    onEnd: (reason) => waiting?.reject(new Error(reason)),
  });
  return {
    ask: (request) =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        socket.write(request);
      }),
    close: () => socket.destroy(),
  };
}

/** The status of an answer when all of it is there. */
export function statusOfWhole(text: string): number | undefined {
  const head = text.indexOf(HEAD_END);
  if (head < 0) return undefined;
  const status = Number(text.slice(9, 12));
  const length = status === 304 ? 0 : lengthIn(text, head);
  return text.length >= head + HEAD_END.length + length ? status : undefined;
}

function lengthIn(text: string, head: number): number {
  const name = 'content-length: ';
  const at = text.slice(0, head).toLowerCase().indexOf(name);
  return at < 0 ? 0 : Number.parseInt(text.slice(at + name.length, head), 10);
}
