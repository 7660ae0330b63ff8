/** Serves the fake day on a socket; `GET /v1/time` answers as a gate's does. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { SUBPROTOCOL } from '#protocol/frames.ts';
import type { FakeDay } from './day.ts';

const FRAME_BYTES_MAX = 256 * 1024;

export interface ServedDay {
  readonly url: string;
  close(): void;
}

/** Rejects when the address cannot be had. */
export async function serveFakeDay(
  day: FakeDay,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<ServedDay> {
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://gate');
    const t0 = Number(searchParams.get('t0') ?? Number.NaN);
    const isTime = pathname === '/v1/time' && Number.isFinite(t0);
    const t1Us = day.nowUs();
    const about = { uncertaintyUs: 1_500, sync: 'synchronised' };
    const body = isTime ? { type: 'time', t0, t1Us, t2Us: t1Us, ...about } : { code: 'NOT_FOUND' };
    response.writeHead(isTime ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  });
  const sockets = new WebSocketServer({
    ...{ server, maxPayload: FRAME_BYTES_MAX, perMessageDeflate: false },
    handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
  });
  sockets.on('connection', (socket) => {
    const connection = day.connect({
      send: (frame) => socket.send(JSON.stringify(frame)),
      close: (code) => socket.close(code),
      cut: () => socket.terminate(),
    });
    socket.on('message', (data, isBinary) => {
      if (isBinary) socket.close(1003);
      else connection.receive(String(data));
    });
    socket.on('close', connection.ended);
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const bound = (server.address() as AddressInfo).port;
  return {
    url: `ws://${host.includes(':') ? `[${host}]` : host}:${bound}/v1/submissions`,
    close: () => {
      for (const socket of sockets.clients) socket.terminate();
      server.closeAllConnections();
      server.close();
    },
  };
}
