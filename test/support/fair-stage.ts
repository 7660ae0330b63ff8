/**
 * The gate's path with connections and without a network: buffers as a kernel keeps them, passes of
 * an event loop that reads them socket by socket as the socket library does, a clock and timers in
 * the test's hand, a ledger in memory. What the real gate leaves to luck, a test decides here.
 *
 *     write ──► buffer of the connection ──pass: read all, then immediates──► turns ──► ledger
 */
import { readNotice } from '#engine/calendar/index.ts';
import { manualClock, manualTimers } from '#engine/clock/index.ts';
import { silentLog } from '#engine/foundation/log.ts';
import { Connection } from '#engine/gate/connection.ts';
import { createConnections } from '#engine/gate/connections.ts';
import { createLedgerHealth } from '#engine/gate/ledger-health.ts';
import { createOpenings, type Openings } from '#engine/gate/opening.ts';
import type { createPath as createPathOf } from '#engine/gate/path.ts';
import { createPresence } from '#engine/gate/presence.ts';
import type { Storage } from '#engine/gate/storage.ts';
import { createTally } from '#engine/gate/tally.ts';
import type { GateFrame } from '#protocol/frames.ts';
import { JsonBytes } from '#protocol/json-bytes.ts';
import { heldLedger, memoryWriter } from '#test/support/gate-ledger.ts';
import { clickDay, createPapers, DAY } from '#test/support/gate-papers.ts';
import { OPENING_US } from '#test/support/register-entries.ts';

/** A client whose frames lie in a buffer until the gate reads them. */
export interface StageClient {
  readonly index: number;
  /** Every frame the gate sent, oldest first. */
  readonly frames: GateFrame[];
  submit(application: string, ref?: string): void;
  /** Called with every frame, as soon as the gate has sent it. */
  onFrame: (frame: GateFrame) => void;
}

export type FairStage = ReturnType<typeof openFairStage>;

const PASSES_MAX = 5_000;
export const UNCERTAINTY_US = 400;

const storage: Pick<Storage, 'isWritable' | 'failed' | 'retryAfterMs'> = {
  isWritable: () => true,
  failed: async () => 'fatal',
  retryAfterMs: 0,
};

/** A stage `opensInMs` before its opening (negative: after it). `folder` is for its papers. */
export function openFairStage(options: {
  folder: string;
  createPath: typeof createPathOf;
  opensInMs: number;
  openings?: (parts: Parameters<typeof createOpenings>[0]) => Openings;
}) {
  const clock = manualClock({
    nowUs: OPENING_US - options.opensInMs * 1000,
    uncertaintyUs: UNCERTAINTY_US,
  });
  const timers = manualTimers(clock);
  const papers = createPapers(options.folder);
  papers.lay(papers.calendar([clickDay()]));
  const notice = readNotice(papers.paths)!;
  const ledger = heldLedger(memoryWriter());
  const openings = (options.openings ?? createOpenings)({ clock, timers, connections: () => 1 });
  openings.setCalendar(notice.windows);
  const presence = createPresence(ledger);
  const path = options.createPath({
    ...{ clock, timers, ledger, openings, presence, storage },
    tally: createTally(),
    health: createLedgerHealth({ ledger, log: silentLog() }),
  });
  const connections = createConnections();
  const scratch = new JsonBytes();
  const parts = { clock, path, connections, presence, scratch };
  const context = { gate: 'g1', ...parts, notice: () => notice };
  const buffers: { connection: Connection; texts: string[] }[] = [];
  const owners = new Map<string, number>();

  const read = () => {
    for (const { connection, texts } of buffers) {
      for (const text of texts.splice(0)) connection.receive(Buffer.from(text));
    }
  };
  const isEmpty = () => buffers.every(({ texts }) => texts.length === 0);
  /**
   * One pass of the event loop: every socket is read, then the immediates run; then the disk. With
   * `rounds` sockets are read again while there is something, as libuv does when they are many.
   */
  const pass = async ({ rounds = 1 } = {}) => {
    for (let round = 0; round < rounds && !(round > 0 && isEmpty()); round += 1) read();
    timers.runImmediates();
    for (let step = 0; step < 12; step += 1) await Promise.resolve();
  };

  return {
    clock,
    timers,
    ledger,
    pass,
    /** Connects a client that has said hello for these applications. */
    connect: (account: string, applications: readonly string[]): StageClient => {
      const frames: GateFrame[] = [];
      const texts: string[] = [];
      const index = buffers.length;
      const client: StageClient = {
        ...{ index, frames, onFrame: () => undefined },
        submit: (application, ref) => {
          owners.set(application, index);
          texts.push(JSON.stringify({ type: 'submit', application, ref }));
        },
      };
      const wire = {
        send: (frame: string | Uint8Array) => {
          const text = String(typeof frame === 'string' ? frame : Buffer.from(frame));
          const told = JSON.parse(text) as GateFrame;
          frames.push(told);
          client.onFrame(told);
        },
        close: () => undefined,
        cork: (work: () => void) => work(),
      };
      const connection = new Connection(context, wire, 'en');
      const passbooks = [papers.passbook({ account, applications, clickDay: DAY })];
      const hello = JSON.stringify({ type: 'hello', passbooks, client: 'test/1' });
      connection.receive(Buffer.from(hello));
      buffers.push({ connection, texts });
      return client;
    },
    /** Passes until nothing happens any more. */
    settle: async () => {
      await pass();
      for (let passes = 0; timers.pending() > 0; passes += 1) {
        if (passes > PASSES_MAX) throw new Error('something is always due');
        await pass();
      }
    },
    /** Every entry in the order of the ledger. */
    entries: () => ledger.batches.flat(),
    /** The connection of each place, in the order of the ledger. */
    order: () => ledger.batches.flat().map(({ application }) => owners.get(application)!),
  };
}
