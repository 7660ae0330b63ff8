/**
 * Stands before a gate and changes what it says, so that a sound gate becomes a wrong one: frames,
 * the code of a close, HTTP answers. What a mangle leaves undefined goes through as it came.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';

type Json = Record<string, unknown>;

export interface Mangle {
  /** A frame of the gate; null swallows it. */
  readonly frame?: (frame: Json) => Json | null;
  /** A frame of the client; null swallows it. */
  readonly sent?: (frame: Json) => Json | null;
  /** The gate's close; null keeps the connection open. */
  readonly close?: (code: number) => number | null;
  readonly http?: (reply: HttpReply, path: string) => HttpReply;
}

export interface HttpReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface ManglingProxy {
  readonly url: string;
  mangle: Mangle;
  close(): Promise<void>;
}

/** A passbook of 500 lines in `Authorization` is about 95 KB. */
const HEADERS_BYTES_MAX = 256 * 1024;

/** A proxy before the gate at `ws://host:port/v1/submissions`, on a port of its own. */
export async function manglingProxy(gate: string): Promise<ManglingProxy> {
  const hand: { mangle: Mangle } = { mangle: {} };
  const server = createServer({ maxHeaderSize: HEADERS_BYTES_MAX }, (request, response) => {
    void pass(gate, hand, request, response);
  });
  const sockets = new WebSocketServer({ server, perMessageDeflate: false });
  sockets.on('connection', (client) => join(client, gate, hand));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return Object.assign(hand, {
    url: `ws://127.0.0.1:${port}/v1/submissions`,
    close: async () => {
      for (const client of sockets.clients) client.terminate();
      await new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      });
    },
  });
}

function join(client: WebSocket, gate: string, hand: { readonly mangle: Mangle }): void {
  const upstream = new WebSocket(gate, 'clickday.v1', { perMessageDeflate: false });
  const early: [Buffer, boolean][] = [];
  client.on('message', (data: Buffer, isBinary) => {
    const text = isBinary ? undefined : changed(String(data), hand.mangle.sent);
    if (text === null) return;
    const out = text === undefined ? data : Buffer.from(text);
    if (upstream.readyState === WebSocket.OPEN) upstream.send(out, { binary: isBinary });
    else early.push([out, isBinary]);
  });
  upstream.on('open', () => {
    for (const [data, binary] of early) upstream.send(data, { binary });
  });
  upstream.on('message', (data) => {
    const text = changed(String(data), hand.mangle.frame);
    if (text !== null) client.send(text);
  });
  upstream.on('close', (code, reason) => {
    const wanted = hand.mangle.close === undefined ? code : hand.mangle.close(code);
    if (wanted === null) return;
    if (wanted === 1006) client.terminate();
    else client.close(wanted, reason);
  });
  upstream.on('error', () => undefined);
  client.on('close', () => upstream.close());
  client.on('error', () => undefined);
}

/** The text as it came when it is no JSON or nothing is to be changed. */
function changed(text: string, change: Mangle['frame']): string | null {
  if (change === undefined) return text;
  try {
    const frame = change(JSON.parse(text) as Json);
    return frame === null ? null : JSON.stringify(frame);
  } catch {
    return text;
  }
}

async function pass(
  gate: string,
  hand: { readonly mangle: Mangle },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const path = request.url ?? '/';
  const { authorization } = request.headers;
  const answer = await fetch(new URL(path, gate.replace(/^ws/, 'http')), {
    method: request.method!,
    headers: authorization === undefined ? {} : { authorization },
    ...(request.method === 'POST' && { body: Buffer.concat(chunks) }),
  });
  const body = Buffer.from(await answer.arrayBuffer());
  const headers = Object.fromEntries(answer.headers);
  const came = { status: answer.status, headers, body };
  const reply = hand.mangle.http?.(came, path) ?? came;
  const { 'content-length': _length, ...rest } = reply.headers;
  response.writeHead(reply.status, rest).end(reply.body);
}
