/**
 * A real gate for a test: a listening socket, LMDB in a fresh directory, signed passbooks and a
 * signed calendar on disk; only its clock and its timers are in the test's hand. Immediates stay
 * those of the event loop, since the gate's passes over the sockets are those of the loop.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as realTime } from 'node:timers/promises';
import {
  type ClockAlarm,
  type ManualClock,
  type ManualTimers,
  manualClock,
  manualTimers,
  systemTimers,
} from '#engine/clock/index.ts';
import { silentLog } from '#engine/foundation/log.ts';
import { createGate, createRehearsalLedger } from '#engine/gate/index.ts';
import {
  type LedgerReader,
  type LedgerReport,
  openLedgerReader,
  openLedgerWriter,
  verifyLedger,
} from '#engine/ledger/index.ts';
import type { ClickDay } from '#protocol/calendar.ts';
import type { LedgerEntry } from '#protocol/entry.ts';
import { GateClient } from '#test/support/gate-client.ts';
import { type HeldLedger, heldLedger, passes } from '#test/support/gate-ledger.ts';
import {
  clickDay,
  createPapers,
  type Papers,
  type PassbookOrder,
  SECOND_US,
} from '#test/support/gate-papers.ts';
import { OPENING_US } from '#test/support/register-entries.ts';

export const UNCERTAINTY_US = 250;
const PLENTY_BYTES = 1e12;
const LOOKS_EVERY_MS = 500;

export interface GateWorld {
  readonly url: string;
  readonly http: string;
  readonly clock: ManualClock;
  readonly timers: ManualTimers;
  readonly ledger: HeldLedger;
  readonly papers: Papers;
  /** Errors for which the process would have ended. */
  readonly fatal: unknown[];
  /** The disk as the gate measures it. */
  readonly disk: { freeBytes: number };
  /** What the gate measures that it holds, of the 1,000 bytes that it may. */
  readonly memory: { heldBytes: number };
  /** What the clock says is the matter with it; empty at first. */
  readonly clockAlarms: ClockAlarm[];
  /** Lays a text where the gate looks for its calendar, and lets it look. */
  publish(text: string): Promise<void>;
  /** Moves time on, then lets the event loop go round. */
  pass(ms: number): Promise<void>;
  connect(options?: { language?: string }): Promise<GateClient>;
  /** A connection that has said hello for these applications. */
  greeted(order: PassbookOrder): Promise<GateClient>;
  /** What a reader finds in the ledger. */
  entries(): Promise<LedgerEntry[]>;
  /** The same of the ledger of rehearsals. */
  rehearsed(): Promise<LedgerEntry[]>;
  verify(): Promise<LedgerReport>;
  /** Ends the gate as a signal would. */
  end(): Promise<void>;
  /** Ends it and removes its directory. */
  close(): Promise<void>;
}

export interface WorldOptions {
  /** A second after the opening when left out. */
  readonly nowUs?: number;
  readonly days?: readonly ClickDay[];
  /** Windows to practise in; left out: the gate knows no rehearsals. */
  readonly rehearsals?: readonly ClickDay[];
  /** Entries of the ledger of rehearsals at most. */
  readonly rehearsalEntriesMax?: number;
}

/** How practice rests around the real click day. */
export const REST = { beforeUs: 600 * SECOND_US, afterUs: 1200 * SECOND_US };

export async function openGateWorld(options: WorldOptions = {}): Promise<GateWorld> {
  const { nowUs = OPENING_US + SECOND_US, days = [clickDay()], rehearsals } = options;
  const folder = mkdtempSync(join(tmpdir(), 'clickday-gate-'));
  const clock = manualClock({ nowUs, uncertaintyUs: UNCERTAINTY_US });
  const timers = manualTimers(clock);
  const papers = createPapers(join(folder, 'notice'));
  papers.lay(papers.calendar(days, undefined, rehearsals));
  const ledgerPath = join(folder, 'ledger');
  const ledger = heldLedger(openLedgerWriter({ path: ledgerPath, gate: 'g1' }));
  const fatal: unknown[] = [];
  const disk = { freeBytes: PLENTY_BYTES };
  const memory = { heldBytes: 0 };
  const clockAlarms: ClockAlarm[] = [];
  const rehearsalPath = join(folder, 'rehearsal');
  const practice =
    rehearsals &&
    createRehearsalLedger({
      ...{ gate: 'g1', log: silentLog(), entriesMax: options.rehearsalEntriesMax ?? 1_000 },
      open: async () => openLedgerWriter({ path: rehearsalPath, gate: 'g1' }),
      wipe: () => rmSync(rehearsalPath, { recursive: true, force: true }),
    });
  const gate = createGate({
    ...(practice && { rehearsal: { ledger: practice, rest: REST } }),
    ...{ gate: 'g1', clock, ledger, ledgerPath, notice: papers.paths, origins: [] },
    timers: { ...timers, immediate: systemTimers().immediate },
    log: silentLog(),
    onFatal: (error) => fatal.push(error),
    measureFreeBytes: async () => disk.freeBytes,
    memoryLimitBytes: 1_000,
    measureHeldBytes: () => memory.heldBytes,
    clockAlarms: () => clockAlarms,
  });
  const port = await gate.listen({ host: '127.0.0.1', port: 0 });
  await passes();
  const hands = { clock, timers, ledger, papers, fatal, disk, memory, clockAlarms };
  const place = { folder, ledgerPath, rehearsalPath, days };
  return { ...hands, ...manner({ port, timers, papers }), ...ends(place) };

  function ends(place: {
    folder: string;
    ledgerPath: string;
    rehearsalPath: string;
    days: readonly ClickDay[];
  }) {
    const reading = async <T>(
      read: (reader: LedgerReader) => T,
      path = place.ledgerPath,
    ): Promise<T> => {
      const reader = openLedgerReader({ path, gate: 'g1' });
      try {
        return read(reader);
      } finally {
        await reader.close();
      }
    };
    let ending: Promise<void> | undefined;
    const end = () => {
      ending ??= whileTimePasses(gate.close(), timers);
      return ending;
    };
    return {
      entries: () => reading((reader) => reader.entries(1, 100_000)),
      rehearsed: () => reading((reader) => reader.entries(1, 100_000), place.rehearsalPath),
      verify: () => reading((reader) => verifyLedger({ reader, clickDays: place.days })),
      end,
      close: async () => {
        await ledger.release();
        await end();
        rmSync(place.folder, { recursive: true });
      },
    };
  }
}

/** How a test deals with the gate that listens on `port`. */
function manner(world: { port: number; timers: ManualTimers; papers: Papers }) {
  const { port, timers, papers } = world;
  const url = `ws://127.0.0.1:${port}/v1/submissions`;
  const pass = async (ms: number) => {
    timers.advance(ms);
    await passes();
  };
  const connect = (how?: { language?: string }) => GateClient.open(url, how);
  return {
    ...{ url, http: `http://127.0.0.1:${port}`, pass, connect },
    publish: async (text: string) => {
      papers.lay(text);
      await pass(LOOKS_EVERY_MS);
    },
    greeted: async (order: PassbookOrder) => {
      const client = await connect();
      client.hello(papers.passbook(order));
      await client.next('welcome');
      return client;
    },
  };
}

/**
 * Time goes on by itself while something is awaited that waits for timers; no faster than twice the
 * real one, so that the disk is done before the gate's patience is.
 */
async function whileTimePasses(work: Promise<void>, timers: ManualTimers): Promise<void> {
  let isDone = false;
  const done = work.finally(() => {
    isDone = true;
  });
  while (!isDone) {
    timers.advance(2);
    await realTime(1);
  }
  await done;
}
