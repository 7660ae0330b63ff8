/**
 * The thread that commits: hashes, transaction and syncs, away from the gate's event loop. It takes
 * one order at a time and answers each when it is on disk, or why it is not. Started by
 * threaded-committer.ts.
 *
 * Here the transaction waits for the disk in place: nothing else runs on this thread, and a failed
 * commit is one exception instead of two rejections.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { assert } from '#engine/foundation/assert.ts';
import { type Commit, grownBy, storedEnd, writeCommit, writeWatermark } from './committer.ts';
import { checkRoom } from './room.ts';
import { openLedgerTables } from './tables.ts';
import type { ThreadAnswer, ThreadOrder, ThreadSettings } from './threaded-committer.ts';

const { gate, ...options } = workerData as ThreadSettings;
const port = parentPort;
assert(port !== null, 'this is a thread of the ledger’s writer and no program');
const tables = openLedgerTables(options);
let end = storedEnd(tables);

function commit(commit: Commit): void {
  const growth = grownBy(end, commit.pages);
  checkRoom(
    options.path,
    growth.pages.map(({ bytes }) => bytes),
  );
  tables.environment.transactionSync(() => writeCommit(tables, gate, commit, growth));
  end = growth.end;
}

function obey(order: ThreadOrder): void {
  if (order.kind === 'commit') commit(order.commit);
  else sayWatermark(order.us);
}

function sayWatermark(us: number): void {
  checkRoom(options.path, []);
  tables.environment.transactionSync(() => writeWatermark(tables, us));
}

function answerTo(order: ThreadOrder): ThreadAnswer {
  try {
    obey(order);
    return { isDone: true };
  } catch (error) {
    return { isDone: false, error, code: (error as { code?: unknown }).code };
  }
}

port.on('message', (order: ThreadOrder | 'close') => {
  if (order === 'close') void tables.environment.close().then(() => port.close());
  else port.postMessage(answerTo(order));
});
port.postMessage({ isDone: true } satisfies ThreadAnswer);
