/** The thread of checkpoints.ts: never waits for anybody, and nobody waits for it. */
import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { systemTimers } from '#engine/clock/index.ts';

const EVERY_MS = 2_000;
/** Each pass takes what came during the one before, which is less. */
const PASSES_MAX = 6;
const LITTLE = 16;

const connection = new DatabaseSync(workerData as string);
connection.exec('PRAGMA synchronous = FULL'); // the log is synced before it is moved
const checkpoint = connection.prepare('PRAGMA wal_checkpoint(PASSIVE)');
const timers = systemTimers();

/** Pages that were moved before, by anybody; the log that begins anew counts from 0. */
let moved = 0;

function pass(): number {
  const { checkpointed } = checkpoint.get() as { checkpointed: number };
  const more = checkpointed - moved;
  moved = checkpointed;
  return more < 0 ? checkpointed : more;
}

function run(): void {
  for (let passes = 0; passes < PASSES_MAX && pass() > LITTLE; passes += 1);
  cancel = timers.after(EVERY_MS, run);
}

let cancel = timers.after(EVERY_MS, run);
parentPort?.once('message', () => {
  cancel();
  connection.close();
  parentPort?.close();
});
