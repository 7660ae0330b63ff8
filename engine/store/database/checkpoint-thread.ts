/** The thread of checkpoints.ts: never waits for anybody, and nobody waits for it. */
import { DatabaseSync } from 'node:sqlite';
import { workerData } from 'node:worker_threads';
import type { CheckpointTask } from './checkpoints.ts';

const LOOK_MS = 250;
/** Moved at the next look: 8 MiB, what a long work writes in a quarter of a second. */
const MANY = 2_048;
/** Each pass takes what came during the one before, which is less. */
const PASSES_MAX = 12;
const LITTLE = 16;

const { path, looksMax, ending } = workerData as CheckpointTask;
const connection = new DatabaseSync(path);
connection.exec('PRAGMA synchronous = FULL'); // the log is synced before it is moved
const checkpoint = connection.prepare('PRAGMA wal_checkpoint(PASSIVE)');
const look = connection.prepare('PRAGMA wal_checkpoint(NOOP)');

/** Pages of the log that were in the file before, by anybody; a log that begins anew has none. */
let before = 0;

/** How many it moved. */
function pass(): number {
  const { checkpointed } = checkpoint.get() as { checkpointed: number };
  const more = checkpointed - before;
  before = checkpointed;
  return more < 0 ? checkpointed : more;
}

/** Whether more waits than may be left for later. */
function isMuch(): boolean {
  const { log, checkpointed } = look.get() as { log: number; checkpointed: number };
  return log - checkpointed > MANY;
}

for (let looks = 1; Atomics.wait(ending, 0, 0, LOOK_MS) === 'timed-out'; looks += 1) {
  if (looks < looksMax && !isMuch()) continue;
  looks = 0;
  for (let passes = 0; passes < PASSES_MAX && pass() > LITTLE; passes += 1);
}
connection.close();
