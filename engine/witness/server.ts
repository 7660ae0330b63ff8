/**
 * The witness over HTTP: `POST /add-checkpoint` for logs, `GET /health` (and `/`) for people. Body,
 * time, connections and requests of an address are bounded; who asks is not checked, since what he
 * brings is signed.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock, Timers } from '#engine/clock/index.ts';
import type { Log } from '#engine/foundation/log.ts';
import { sha256 } from '#engine/foundation/note-signing.ts';
import { formatNoteKey, type NoteKey } from '#protocol/log/note.ts';
import { SIZE_TYPE } from '#protocol/log/witness.ts';
import { isoFromUs } from '#protocol/time.ts';
import type { Verdict, Witness } from './witness.ts';

/** A proof of 63 hashes and a checkpoint with many signatures are well below. */
const BODY_BYTES_MAX = 64 * 1024;
const REQUEST_WITHIN_MS = 10_000;
const HEADERS_WITHIN_MS = 5_000;
const IDLE_MS = 60_000;
const CONNECTIONS_MAX = 256;
/** A log asks once a second, and once more when it did not know the size. */
const REQUESTS_A_SECOND_MAX = 20;
/** Addresses counted in one second; one more is told to come back. */
const ADDRESSES_MAX = 1024;
const SECOND_MS = 1000;
const SECOND_US = 1_000_000;

const STATUS = {
  MALFORMED: 400,
  LOG_UNKNOWN: 404,
  SIGNATURE_WRONG: 403,
  PROOF_WRONG: 422,
} as const;

export interface WitnessServer {
  /** Resolves with the port. Rejects when the address is taken. */
  listen(address: { host: string; port: number }): Promise<number>;
  /** Answers what it has read, and ends. */
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export function createWitnessServer(options: {
  readonly witness: Witness;
  readonly key: NoteKey;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Log;
}): WitnessServer {
  const { witness, key, clock, log } = options;
  const requests = new Map<string, number>();
  const stopCounting = options.timers.every(SECOND_MS, () => requests.clear());
  const server = createServer({
    requestTimeout: REQUEST_WITHIN_MS,
    headersTimeout: HEADERS_WITHIN_MS,
    keepAliveTimeout: IDLE_MS,
  });
  server.maxConnections = CONNECTIONS_MAX;

  const isTooMany = (address: string) => {
    const count = (requests.get(address) ?? 0) + 1;
    if (count > REQUESTS_A_SECOND_MAX) return true;
    if (count === 1 && requests.size >= ADDRESSES_MAX) return true;
    requests.set(address, count);
    return false;
  };

  /** Only what somebody signed who is known: anybody can send the rest. */
  const tell = (verdict: Verdict) => {
    if (verdict.kind === 'conflict' && verdict.isOtherRoot) {
      log.error({ verdict }, 'a log has signed two roots of one size: the second one is kept');
    } else if (verdict.kind === 'refused' && verdict.why === 'PROOF_WRONG') {
      log.warn({ verdict }, 'a checkpoint that does not follow from the last one: not cosigned');
    }
  };

  const health = (): Answer => {
    const logs = witness.logs().map(({ timeS, ...rest }) => ({
      ...rest,
      at: timeS === null ? null : isoFromUs(timeS * SECOND_US),
    }));
    const body = { status: 'ok', name: key.name, key: formatNoteKey(key, sha256), logs };
    const headers = { 'Content-Type': 'application/json' };
    return { status: 200, body: `${JSON.stringify(body)}\n`, headers };
  };

  const addCheckpoint = async (request: IncomingMessage): Promise<Answer> => {
    const body = await bodyOf(request);
    if (body === undefined) return { status: 413, body: 'too large\n' };
    const text = textOf(body);
    if (text === undefined) return { status: 400, body: 'MALFORMED\n' };
    const verdict = witness.addCheckpoint(text, Math.floor(clock.nowUs() / SECOND_US));
    tell(verdict);
    return answerTo(verdict);
  };

  const answer = async (request: IncomingMessage): Promise<Answer> => {
    const path = (request.url ?? '').replace(/\?.*$/, '');
    const isKnown = path === '/add-checkpoint' || path === '/' || path === '/health';
    if (!isKnown) return { status: 404, body: 'there is POST /add-checkpoint and GET /health\n' };
    const method = path === '/add-checkpoint' ? 'POST' : 'GET';
    if (request.method !== method) return { status: 405, body: '', headers: { Allow: method } };
    if (isTooMany(request.socket.remoteAddress ?? '')) {
      return { status: 429, body: 'too many requests\n', headers: { 'Retry-After': '1' } };
    }
    return method === 'POST' ? addCheckpoint(request) : health();
  };

  server.on('request', (request, response) => {
    answer(request).then(
      (made) => send(request, response, made),
      (error: unknown) => {
        if (!request.complete) return; // who asked broke off
        log.error({ error }, 'a request was not answered: nothing was cosigned');
        send(request, response, { status: 500, body: '' });
      },
    );
  });

  return {
    listen: ({ host, port }) =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen({ host, port }, () => resolve((server.address() as AddressInfo).port));
      }),
    close: () =>
      new Promise((resolve) => {
        stopCounting();
        server.close(() => resolve());
        server.closeIdleConnections();
      }),
  };
}

function answerTo(verdict: Verdict): Answer {
  if (verdict.kind === 'cosigned') return { status: 200, body: verdict.line };
  if (verdict.kind === 'refused') return { status: STATUS[verdict.why], body: `${verdict.why}\n` };
  return { status: 409, body: `${verdict.size}\n`, headers: { 'Content-Type': SIZE_TYPE } };
}

function send(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  const headers = { 'Content-Type': 'text/plain; charset=utf-8', ...answer.headers };
  // What was not read to its end would be taken for the next request.
  const isRead = request.complete ? {} : { Connection: 'close' };
  response.writeHead(answer.status, { ...headers, ...isRead }).end(answer.body);
}

/** The whole body, or undefined once it is too large. Rejects when it does not come to its end. */
function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      chunks.push(chunk);
      if (bytes <= BODY_BYTES_MAX) return;
      chunks = [];
      resolve(undefined);
    });
    request.once('end', () => resolve(Buffer.concat(chunks)));
    request.once('error', reject);
  });
}

/** Undefined: not UTF-8. */
function textOf(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
