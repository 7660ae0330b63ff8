/**
 * The door of the gate: one process that admits, orders, stores and acknowledges. `path.ts` is the
 * place to begin reading.
 */

import {
  App,
  SSLApp,
  type TemplatedApp,
  type us_listen_socket,
  us_listen_socket_close,
  us_socket_local_port,
} from 'uWebSockets.js';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import {
  EMPTY_NOTICE,
  followNotice,
  type NoticeFiles,
  type NoticePaths,
} from '#engine/calendar/index.ts';
import type { Clock, ClockAlarm, Timers } from '#engine/clock/index.ts';
import type { Log } from '#engine/foundation/log.ts';
import type { LedgerWriter, Scrubber } from '#engine/ledger/index.ts';
import type { PublicLog } from '#engine/log/index.ts';
import { JsonBytes } from '#protocol/json-bytes.ts';
import type { Rest } from '#protocol/rehearsal.ts';
import { limits } from '../limits.ts';
import { createConnections } from './connections.ts';
import { serveHttp } from './http.ts';
import { createLedgerHealth } from './ledger-health.ts';
import { createMemoryGuard } from './memory.ts';
import { createMetrics } from './metrics.ts';
import { createOpenings } from './opening.ts';
import { createPath } from './path.ts';
import { freePort, isServed, PortTaken } from './port.ts';
import { createPresence } from './presence.ts';
import { createRehearsal } from './rehearsal.ts';
import type { RehearsalLedger } from './rehearsal-ledger.ts';
import { serveSockets } from './socket.ts';
import { bytesAnEntry, createStorage } from './storage.ts';
import { createTally } from './tally.ts';

export { PortTaken } from './port.ts';
export { createRehearsalLedger, type RehearsalLedger } from './rehearsal-ledger.ts';

export interface GateOptions {
  readonly gate: string;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly ledger: LedgerWriter;
  readonly ledgerPath: string;
  /** Practice: its own ledger, and how it rests around real openings. None: no rehearsals here. */
  readonly rehearsal?: { readonly ledger: RehearsalLedger; readonly rest: Rest };
  /** Where the register would lie on this machine: its growth takes room too. */
  readonly registerPath?: string;
  /** Alarm when the disk has room for fewer further entries; 0 or left out: never. */
  readonly roomAlarmEntries?: number;
  /** Memory beyond which newcomers are refused; 0 or left out: none. */
  readonly memoryLimitBytes?: number;
  /** Signed checkpoints and tiles; none in stages that do without. */
  readonly publicLog?: PublicLog;
  /** Re-reads the ledger in the background; the caller ends it. */
  readonly scrubber?: Scrubber;
  readonly notice: NoticePaths;
  readonly log: Log;
  /** Told a minute before each opening, so that the clock is left alone until then. */
  readonly beforeOpening?: (opensAtUs: number) => void;
  /** What somebody should know about the clock, for `/health`. */
  readonly clockAlarms?: () => readonly ClockAlarm[];
  readonly origins: readonly string[];
  readonly tls?: { certificate: string; key: string } | undefined;
  /** A write failed for good: the process must end without answering anybody. */
  readonly onFatal: (error: unknown) => void;
  /** Free bytes of the file system that holds a path; the host's own when left out. */
  readonly measureFreeBytes?: (path: string) => Promise<number>;
  /** Memory that this process holds; the kernel's word when left out. */
  readonly measureHeldBytes?: () => number;
  /** Where its numbers are registered; one of its own when left out. */
  readonly registry?: Registry;
  /** The sockets of a simulation; the library's own when left out. */
  readonly app?: TemplatedApp;
  /** The files of a simulation; the disk's own when left out. */
  readonly noticeFiles?: NoticeFiles;
}

export interface Gate {
  /** Listens; resolves with the port. Rejects when the address is taken. */
  listen(address: { host: string; port: number; shared?: boolean }): Promise<number>;
  /** Stops admitting, answers what has its turn, asks clients to come back, closes the ledger. */
  close(): Promise<void>;
}

const WATERMARK_EVERY_MS = 500;
/** The opening is late by twice this; from here on somebody should look. */
const UNCERTAINTY_US_ALARM = 100_000;
const FAREWELL_MS = 50;

export function createGate(options: GateOptions): Gate {
  const { gate, clock, timers, ledger, log } = options;
  const { tls, registerPath } = options;
  const app = options.app ?? createApp(tls);
  const tally = createTally();
  const connections = createConnections();
  const storage = createStorage({
    path: options.ledgerPath,
    timers,
    log,
    onFatal: options.onFatal,
    ...(options.measureFreeBytes && { measure: options.measureFreeBytes }),
    alarmEntries: options.roomAlarmEntries ?? 0,
    bytesAnEntry: () =>
      bytesAnEntry({
        entries: ledger.nextSeq() - 1,
        ledgerBytes: sizeOf(options.ledgerPath) ?? 0,
        registerBytes: registerPath === undefined ? undefined : sizeOf(registerPath),
      }),
  });
  const openings = createOpenings({
    clock,
    timers,
    connections: connections.count,
    onApproach: (day) => options.beforeOpening?.(day.opensAtUs),
    onOpen: (day) => log.info({ clickDay: day.id, clock: clock.read() }, 'open'),
  });
  const presence = createPresence(ledger);
  const ledgerHealth = createLedgerHealth({ ledger, log });
  const scrub = () => options.scrubber?.status() ?? NO_SCRUB;
  options.scrubber?.onDamage(ledgerHealth.report);
  const { publicLog } = options;
  const witnesses = () => publicLog?.witnesses() ?? [];
  const path = createPath({
    ...{ clock, timers, ledger, openings, presence, storage, tally },
    health: ledgerHealth,
  });
  const memory = createMemoryGuard({
    ...{ limitBytes: options.memoryLimitBytes ?? 0, timers, log },
    ...(options.measureHeldBytes && { measure: options.measureHeldBytes }),
  });
  const rehearsal =
    options.rehearsal &&
    createRehearsal({
      ...{ clock, timers, log, storage, connections: connections.count },
      ...options.rehearsal,
    });
  let notice = EMPTY_NOTICE;
  const scratch = new JsonBytes();
  const own = { gate, clock, path, connections, presence, rehearsal, scratch };
  const context = { ...own, notice: () => notice };
  const { origins } = options;
  const sockets = serveSockets(app, context, { timers, origins, hasRoom: memory.hasRoom });
  const metrics = createMetrics({
    registry: options.registry ?? new Registry(),
    tally,
    clock,
    connections: connections.count,
    freeBytes: storage.freeBytes,
    roomEntries: storage.roomEntries,
    damagedPages: () => ledgerHealth.damages().length,
    scrub,
    clockAlarms: () => options.clockAlarms?.().length ?? 0,
    memory: () => memory.status(),
    isLogWell: () => publicLog?.trouble() === undefined,
    witnesses,
    rehearsal: () => rehearsal?.status(),
  });
  serveHttp(app, context, { health, metrics: () => metrics.metrics(), publicLog });

  const stopFollowing = followNotice({
    paths: options.notice,
    ...(options.noticeFiles && { files: options.noticeFiles }),
    timers,
    log,
    onChange: (next) => {
      notice = next;
      openings.setCalendar(next.windows);
      rehearsal?.setCalendar(next);
      sockets.announce([...next.clickDays, ...(rehearsal?.days() ?? [])]);
      log.info({ clickDays: next.clickDays.map((day) => day.id) }, 'calendar read');
    },
  });
  const stopWatermark = timers.every(WATERMARK_EVERY_MS, () => {
    if (isWatermarkDue()) path.watermark();
  });
  let listening: us_listen_socket | undefined;

  /** While a day is open, and once after its close: other gates' last entries wait for it. */
  function isWatermarkDue(): boolean {
    const nowUs = clock.nowUs();
    const lastUs = ledger.lastStampUs();
    return openings.days().some((day) => day.opensAtUs <= nowUs && lastUs < day.closesAtUs);
  }

  function health() {
    const { sync, uncertaintyUs } = clock.read();
    const alarms = options.clockAlarms?.() ?? [];
    const detail = {
      clock: { sync, uncertaintyUs, alarms },
      connections: connections.count(),
      accepted: tally.counts.accepted,
      lastSeq: ledger.nextSeq() - 1,
      isWritable: storage.isWritable(),
      freeBytes: storage.freeBytes(),
      roomEntries: storage.roomEntries(),
      isRoomLow: storage.isLow(),
      memory: memory.status(),
      ledger: { damaged: ledgerHealth.damages(), scrub: scrub() },
      log: { trouble: publicLog?.trouble() ?? null, witnesses: witnesses() },
      rehearsal: rehearsal?.status() ?? null,
    };
    const isClockWell =
      sync === 'synchronised' && uncertaintyUs <= UNCERTAINTY_US_ALARM && alarms.length === 0;
    const isAdmitting = storage.isWritable() && ledgerHealth.isAllRead();
    const isLogWell = publicLog?.trouble() === undefined;
    const isWhole = ledgerHealth.damages().length === 0 && isLogWell;
    const hasRoom = memory.hasRoom() && !storage.isLow();
    const isWitnessed = witnesses().every(({ trouble }) => trouble === null);
    const isWell = isAdmitting && isClockWell && isWhole && isWitnessed && hasRoom;
    return {
      status: isAdmitting ? ('ok' as const) : ('degraded' as const),
      detail: { ...detail, alarm: !isWell },
    };
  }

  return {
    listen: async ({ host, port, shared = false }) => {
      if (!shared && port !== 0 && (await isServed(host, port))) throw new PortTaken(host, port);
      const chosen = port === 0 ? await freePort(host) : port;
      return new Promise((resolve, reject) => {
        app.listen(host, chosen, (socket) => {
          if (socket === false) return reject(new PortTaken(host, port));
          listening = socket;
          resolve(us_socket_local_port(socket as never));
        });
      });
    },
    close: async () => {
      if (listening !== undefined) us_listen_socket_close(listening);
      stopFollowing();
      stopWatermark();
      openings.stop();
      const drained = Promise.all([path.drained(), rehearsal?.drained()]);
      await Promise.race([drained, pause(timers, limits.drainMs)]);
      sockets.endAll();
      sockets.stop();
      memory.stop();
      storage.stop();
      await pause(timers, FAREWELL_MS);
      app.close();
      await ledger.close();
      await rehearsal?.close();
    },
  };
}

const NO_SCRUB = { passes: 0, lastPassAtUs: null, progress: 0 } as const;

/** Bytes of an environment's file; undefined while there is none. */
function sizeOf(path: string): number | undefined {
  return statSync(join(path, 'data.mdb'), { throwIfNoEntry: false })?.size;
}

function createApp(tls: GateOptions['tls']): TemplatedApp {
  return tls ? SSLApp({ cert_file_name: tls.certificate, key_file_name: tls.key }) : App();
}

function pause(timers: Timers, ms: number): Promise<void> {
  return new Promise((resolve) => {
    timers.after(ms, resolve);
  });
}
