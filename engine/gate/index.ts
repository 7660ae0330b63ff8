/**
 * The door of the gate: one process that admits, orders, stores and acknowledges. `path.ts` is the
 * place to begin reading.
 */
import {
  App,
  SSLApp,
  type us_listen_socket,
  us_listen_socket_close,
  us_socket_local_port,
} from 'uWebSockets.js';
import { EMPTY_NOTICE, followNotice, type NoticePaths } from '#engine/calendar/index.ts';
import type { Clock, Timers } from '#engine/clock/index.ts';
import type { Log } from '#engine/foundation/log.ts';
import type { LedgerWriter } from '#engine/ledger/index.ts';
import { limits } from '../limits.ts';
import { createConnections } from './connections.ts';
import { serveHttp } from './http.ts';
import { createMetrics } from './metrics.ts';
import { createOpenings } from './opening.ts';
import { createPath } from './path.ts';
import { serveSockets } from './socket.ts';
import { createStorage } from './storage.ts';
import { createTally } from './tally.ts';

export interface GateOptions {
  readonly gate: string;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly ledger: LedgerWriter;
  readonly ledgerPath: string;
  readonly notice: NoticePaths;
  readonly log: Log;
  readonly origins: readonly string[];
  readonly tls?: { certificate: string; key: string } | undefined;
  /** A write failed for good: the process must end without answering anybody. */
  readonly onFatal: (error: unknown) => void;
}

export interface Gate {
  /** Listens; resolves with the port. Rejects when the address is taken. */
  listen(address: { host: string; port: number; shared?: boolean }): Promise<number>;
  /** Stops admitting, answers what has its turn, asks clients to come back, closes the ledger. */
  close(): Promise<void>;
}

/** uSockets shares a port by default; only this makes a second listener fail. */
const LISTEN_EXCLUSIVE = 1;
const WATERMARK_EVERY_MS = 500;
const FAREWELL_MS = 50;

type ListenWithOptions = (
  host: string,
  port: number,
  options: number,
  done: (socket: us_listen_socket | false) => void,
) => void;

export function createGate(options: GateOptions): Gate {
  const { gate, clock, timers, ledger, log } = options;
  const { tls } = options;
  const app = tls ? SSLApp({ cert_file_name: tls.certificate, key_file_name: tls.key }) : App();
  const tally = createTally();
  const connections = createConnections();
  const storage = createStorage({
    path: options.ledgerPath,
    timers,
    log,
    onFatal: options.onFatal,
  });
  const openings = createOpenings({
    clock,
    timers,
    connections: connections.count,
    onOpen: (day) => log.info({ clickDay: day.id, clock: clock.read() }, 'open'),
  });
  const path = createPath({ clock, timers, ledger, openings, storage, tally });
  let notice = EMPTY_NOTICE;
  const context = { gate, clock, path, connections, notice: () => notice };
  const sockets = serveSockets(app, context, { timers, origins: options.origins });
  const metrics = createMetrics({
    tally,
    clock,
    connections: connections.count,
    freeBytes: storage.freeBytes,
  });
  serveHttp(app, context, { health, metrics: () => metrics.metrics() });

  const stopFollowing = followNotice({
    paths: options.notice,
    timers,
    log,
    onChange: (next) => {
      notice = next;
      openings.setCalendar(next.windows);
      sockets.announce(next.clickDays);
      log.info({ clickDays: next.clickDays.map((day) => day.id) }, 'calendar read');
    },
  });
  const stopWatermark = timers.every(WATERMARK_EVERY_MS, () => {
    if (isAnyDayOpen()) path.watermark();
  });
  let listening: us_listen_socket | undefined;

  function isAnyDayOpen(): boolean {
    const nowUs = clock.nowUs();
    return openings.days().some((day) => day.opensAtUs <= nowUs && nowUs < day.closesAtUs);
  }

  function health() {
    const { sync, uncertaintyUs } = clock.read();
    const detail = {
      clock: { sync, uncertaintyUs },
      connections: connections.count(),
      accepted: tally.counts.accepted,
      lastSeq: ledger.nextSeq() - 1,
      freeBytes: storage.freeBytes(),
    };
    const isWell = storage.isWritable() && sync !== 'unsynchronised';
    return {
      status: storage.isWritable() ? ('ok' as const) : ('degraded' as const),
      detail: { ...detail, alarm: !isWell },
    };
  }

  return {
    listen: ({ host, port, shared = false }) =>
      new Promise((resolve, reject) => {
        const listen = app.listen.bind(app) as unknown as ListenWithOptions;
        listen(host, port, shared ? 0 : LISTEN_EXCLUSIVE, (socket) => {
          if (socket === false) return reject(new Error(`cannot listen on ${host}:${port}`));
          listening = socket;
          resolve(us_socket_local_port(socket as never));
        });
      }),
    close: async () => {
      if (listening !== undefined) us_listen_socket_close(listening);
      stopFollowing();
      stopWatermark();
      openings.stop();
      await Promise.race([path.drained(), pause(timers, limits.drainMs)]);
      sockets.endAll();
      sockets.stop();
      storage.stop();
      await pause(timers, FAREWELL_MS);
      app.close();
      await ledger.close();
    },
  };
}

function pause(timers: Timers, ms: number): Promise<void> {
  return new Promise((resolve) => {
    timers.after(ms, resolve);
  });
}
