/**
 * The local page's server: 127.0.0.1 and nothing else. Every request passes `guard.ts` before
 * anything is looked up; there is no CORS, no cookie for others, no frame, nothing from other
 * hosts, no WebSocket. What it serves is files in memory, events, and the calls it is given.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parsedJson } from '../core/index.ts';
import type { Assets } from './assets.ts';
import { cookieName, type Keys, refusal } from './guard.ts';
import { isOwn } from './peer.ts';

const DOCUMENT_TYPES: Readonly<Record<string, string>> = {
  pdf: 'application/pdf',
  csv: 'text/csv; charset=utf-8',
};
const HOST = '127.0.0.1';
const CONNECTIONS_MAX = 64;
/** Two lists of ten thousand applications. */
const BODY_BYTES_MAX = 1024 * 1024;
const REQUEST_MS_MAX = 30_000;
const CLOSE_MS_MAX = 1_000;
const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': [
    "default-src 'none'",
    ...['script-src', 'style-src', 'img-src', 'connect-src'].map((of) => `${of} 'self'`),
    "font-src 'self' data:", // the style sheet of bootstrap-italia carries one
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
};

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

/** A call of the page: its body in, its answer out. */
export type Call = (body: unknown, query: URLSearchParams) => Answer | Promise<Answer>;

export interface PageServerOptions {
  /** 0: any free one. */
  readonly port: number;
  readonly keys: Keys;
  readonly assets: Assets;
  /** `POST /api/login` → call. */
  readonly calls: Readonly<Record<string, Call>>;
  /** Takes over an answer that lasts: server-sent events. */
  readonly follow: (response: ServerResponse) => void;
  /** The bytes of a receipt or summary behind a ticket; undefined: no such ticket. */
  readonly document: (ticket: string) => Uint8Array | undefined;
  /** Hears that a token was used. */
  readonly onEntered: () => void;
}

export interface PageServer {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  /** What is being answered gets its answer; a second later all is cut. */
  close(): Promise<void>;
}

/** Serves; rejects when the port is taken. */
export async function servePage(options: PageServerOptions): Promise<PageServer> {
  let host = '';
  const server = createServer({ requestTimeout: REQUEST_MS_MAX }, (request, response) => {
    void answer(options, { request, response, host }).catch(() => response.destroy());
  });
  server.maxConnections = CONNECTIONS_MAX;
  server.on('connection', (socket) => {
    if (!isOwn(socket)) socket.destroy();
  });
  server.on('upgrade', (_request, socket) => socket.destroy());
  await listening(server, options.port);
  host = `${HOST}:${(server.address() as AddressInfo).port}`;
  return {
    origin: `http://${host}`,
    close: () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const late = setTimeout(() => server.closeAllConnections(), CLOSE_MS_MAX);
      return closed.finally(() => clearTimeout(late));
    },
  };
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: HOST, port, exclusive: true }, resolve);
  });
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly host: string;
}

async function answer(options: PageServerOptions, exchange: Exchange): Promise<void> {
  const { request, response, host } = exchange;
  const { method = '', headers } = request;
  for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
  // The address is ours to read only once the guard has seen that it is meant for us.
  const url = new URL(request.url ?? '/', `http://${HOST}`);
  const refused = refusal({ method, path: url.pathname, headers }, host, options.keys);
  if (refused !== undefined) {
    tell(response, { status: refused.status, body: { code: refused.code } });
    return;
  }
  const name = `${method} ${url.pathname}`;
  if (name === 'GET /api/events') options.follow(response);
  else if (name === 'POST /api/enter') await enter(options, exchange);
  else if (url.pathname.startsWith('/api/')) {
    const call = options.calls[name];
    const body = method === 'POST' ? await bodyOf(request) : null;
    if (call === undefined) tell(response, { status: 404, body: { code: 'NOT_FOUND' } });
    else if (body === undefined) tell(response, { status: 400, body: { code: 'BODY_WRONG' } });
    else tell(response, await call(body, url.searchParams));
  } else file(options, url.pathname, exchange);
}

async function enter(options: PageServerOptions, { request, response, host }: Exchange) {
  const body = (await bodyOf(request)) as { token?: unknown } | undefined;
  const entered = options.keys.enter(typeof body?.token === 'string' ? body.token : '');
  if (entered === undefined) {
    tell(response, { status: 401, body: { code: 'ADDRESS_USED' } });
    return;
  }
  const cookie = `${cookieName(host)}=${entered.cookie}; Path=/; HttpOnly; SameSite=Strict`;
  response.setHeader('set-cookie', cookie);
  options.onEntered();
  tell(response, { status: 200, body: { key: entered.key } });
}

function file({ assets, document }: PageServerOptions, path: string, { response }: Exchange) {
  const [, ticket, extension = ''] = /^\/file\/([\w-]+)\/[\w.-]+\.(pdf|csv)$/.exec(path) ?? [];
  const bytes = ticket === undefined ? undefined : document(ticket);
  const type = DOCUMENT_TYPES[extension] ?? '';
  const found = bytes === undefined ? assets.get(path) : { type, bytes };
  if (found === undefined) {
    tell(response, { status: 404, body: { code: 'NOT_FOUND' } });
    return;
  }
  // A browser's viewer is no page of ours and needs what the policy of the page forbids.
  if (bytes) response.setHeader('content-security-policy', "frame-ancestors 'none'");
  response.writeHead(200, { 'content-type': found.type, 'content-length': found.bytes.length });
  response.end(found.bytes);
}

function tell(response: ServerResponse, { status, body = {} }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

/** The JSON of a request; undefined when it is none or too long. */
async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    length += piece.length;
    if (length > BODY_BYTES_MAX) return undefined;
    pieces.push(piece);
  }
  return parsedJson(Buffer.concat(pieces).toString('utf8'));
}
