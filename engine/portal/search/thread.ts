/**
 * The thread that searches: its own connection, which only reads, and one search after the other.
 * Started by engine.ts.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { assert } from '#engine/foundation/assert.ts';
import { systemHostClock } from '../../clock/index.ts';
import { openDatabaseReader } from '../../store/database/index.ts';
import type { ThreadAnswer, ThreadData, ThreadTask } from './engine.ts';
import { createFinder, TooSlow } from './finder.ts';

const { path, queryMsMax } = workerData as ThreadData;
const port = parentPort;
assert(port !== null, 'this is a thread of the search and no program');
const host = systemHostClock();
const nowMs = () => host.monotonicUs() / 1000;
const reader = openDatabaseReader(path);
const finder = createFinder(reader, nowMs);
finder.warm();

function answered(task: ThreadTask): ThreadAnswer {
  const { id } = task;
  const untilMs = nowMs() + queryMsMax;
  try {
    if ('choicesOf' in task) return { id, found: finder.choices(task.choicesOf, untilMs) };
    return { id, found: finder.find(task.query, untilMs) };
  } catch (error) {
    if (error instanceof TooSlow) return { id, isTooSlow: true };
    return { id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

port.on('message', (task: ThreadTask | 'close') => {
  if (task !== 'close') {
    port.postMessage(answered(task));
    return;
  }
  reader.close();
  port.close();
});
port.postMessage('ready');
