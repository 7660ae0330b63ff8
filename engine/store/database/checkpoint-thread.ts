/** The thread of checkpoints.ts: never waits for anybody, and nobody waits for it. */
import { DatabaseSync } from 'node:sqlite';
import { workerData } from 'node:worker_threads';
import type { CheckpointTask } from './checkpoints.ts';

const EVERY_MS = 2_000;
/** Each pass takes what came during the one before, which is less. */
const PASSES_MAX = 6;
const LITTLE = 16;

const { path, ending } = workerData as CheckpointTask;
const connection = new DatabaseSync(path);
connection.exec('PRAGMA synchronous = FULL'); // the log is synced before it is moved
const checkpoint = connection.prepare('PRAGMA wal_checkpoint(PASSIVE)');

/** Pages of the log that were in the file before, by anybody; a log that begins anew has none. */
let before = 0;

/** How many it moved. */
function pass(): number {
  const { checkpointed } = checkpoint.get() as { checkpointed: number };
  const more = checkpointed - before;
  before = checkpointed;
  return more < 0 ? checkpointed : more;
}

while (Atomics.wait(ending, 0, 0, EVERY_MS) === 'timed-out') {
  for (let passes = 0; passes < PASSES_MAX && pass() > LITTLE; passes += 1);
}
connection.close();
