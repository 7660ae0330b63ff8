/**
 * The WebSocket door, `/v1/submissions` (and `/`, for who has only host and port), on
 * uWebSockets.js. Bounded here: bytes of a frame, unread
 * answers (who does not read is closed), silence, connections. The message's buffer dies with the
 * handler: its text is copied out at once. `permessage-deflate` is off.
 */
import type {
  HttpRequest,
  HttpResponse,
  TemplatedApp,
  WebSocket,
  WebSocketBehavior,
} from 'uWebSockets.js';
import type { Timers } from '#engine/clock/index.ts';
import type { ClickDay } from '#protocol/calendar.ts';
import { SUBPROTOCOL } from '#protocol/frames.ts';
import { outcomes } from '#protocol/outcomes.ts';
import { limits } from '../limits.ts';
import { Connection, type GateContext } from './connection.ts';
import { acceptsOrigin } from './http.ts';
import { languageOf, sendProblem } from './reply.ts';
import { SocketWire } from './wire.ts';

interface SocketData {
  readonly language: 'it' | 'en';
  readonly openedAtUs: number;
  address: string;
  isCounted: boolean;
  connection: Connection | undefined;
  wire: SocketWire | undefined;
}

type Socket = WebSocket<SocketData>;

export interface Sockets {
  announce(clickDays: readonly ClickDay[]): void;
  /** Asks every client to come back at once (1012). */
  endAll(): void;
  stop(): void;
}

const SWEEP_EVERY_MS = 500;
const COME_BACK = { 'Retry-After': '5' };

export function serveSockets(
  app: TemplatedApp,
  context: GateContext,
  options: {
    timers: Timers;
    origins: readonly string[];
    /** Whether there is memory for a newcomer. */
    hasRoom: () => boolean;
  },
): Sockets {
  const open = new Set<Socket>();
  const { clock, connections } = context;

  const upgrade = (
    response: HttpResponse,
    request: HttpRequest,
    socketContext: Parameters<HttpResponse['upgrade']>[4],
  ) => {
    const offered = request.getHeader('sec-websocket-protocol');
    const protocols = offered.split(',').map((name) => name.trim());
    if (!acceptsOrigin(request, options.origins)) return sendProblem(response, 'ORIGIN_REFUSED');
    if (offered !== '' && !protocols.includes(SUBPROTOCOL)) {
      return sendProblem(response, 'SUBPROTOCOL_UNKNOWN');
    }
    if (!options.hasRoom()) return sendProblem(response, 'OVERLOADED', COME_BACK);
    const data: SocketData = {
      language: languageOf(request),
      openedAtUs: clock.nowUs(),
      address: '',
      isCounted: false,
      connection: undefined,
      wire: undefined,
    };
    response.upgrade(
      data,
      request.getHeader('sec-websocket-key'),
      offered === '' ? '' : SUBPROTOCOL,
      '',
      socketContext,
    );
  };

  const sweep = () => {
    const nowUs = clock.nowUs();
    for (const socket of open) {
      const data = socket.getUserData();
      const { connection } = data;
      if (connection === undefined) continue;
      if (!connection.isGreeted) {
        if (nowUs - data.openedAtUs > limits.helloWithinMs * 1000) connection.end('HELLO_REQUIRED');
      } else if (nowUs - connection.lastFrameAtUs > limits.idleMs * 1000) connection.end('IDLE');
    }
  };

  const behaviour: WebSocketBehavior<SocketData> = {
    compression: 0,
    maxPayloadLength: limits.socketBytesMax,
    maxBackpressure: limits.unreadBytesMax,
    closeOnBackpressureLimit: true,
    idleTimeout: limits.silentSocketSeconds,
    sendPingsAutomatically: true,
    upgrade,
    open: (socket) => {
      open.add(socket);
      const data = socket.getUserData();
      data.address = Buffer.from(socket.getRemoteAddressAsText()).toString('latin1');
      data.isCounted = connections.enter(data.address);
      if (!data.isCounted) {
        return socket.end(outcomes.CONNECTIONS_TOO_MANY.close, 'CONNECTIONS_TOO_MANY');
      }
      data.wire = new SocketWire(socket, options.timers);
      data.connection = new Connection(context, data.wire, data.language);
    },
    message: (socket, message, isBinary) => {
      const { connection } = socket.getUserData();
      if (isBinary) return connection?.end('FRAME_BINARY');
      connection?.receive(new Uint8Array(message));
    },
    ping: (socket) => socket.getUserData().connection?.stir(),
    close: (socket) => {
      open.delete(socket);
      const { connection, wire, address, isCounted } = socket.getUserData();
      wire?.gone();
      connection?.gone();
      if (isCounted) connections.leave(address, connection?.accounts ?? []);
    },
  };
  app.ws('/v1/submissions', behaviour);
  app.ws('/', behaviour);

  const cancelSweep = options.timers.every(SWEEP_EVERY_MS, sweep);
  return {
    announce: (clickDays) => {
      for (const socket of open) socket.getUserData().connection?.announce(clickDays);
    },
    endAll: () => {
      for (const socket of [...open]) socket.getUserData().connection?.end('RESTARTING');
    },
    stop: cancelSweep,
  };
}
