/**
 * A pool thread for tests of the queue: its receipts are a few bytes, so that it starts at once. A
 * receipt for the employer `KILL` ends the whole thread, as a crash in native code would; one for
 * `HANG` never comes back; one for `SLOW` gets nothing of the processor for a while.
 */
import { createHash } from 'node:crypto';
import { threadId } from 'node:worker_threads';
import type { ReceiptTask, ReceiptTaskResult } from '#engine/receipts/worker.ts';

const TEMPLATE = Buffer.from('%PDF-1.7\n');
const HASH = createHash('sha256').update(TEMPLATE).digest('base64url');
const NEVER = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
const SLOW_MS = 500;

export default function makeSmallReceipts(task: ReceiptTask): ReceiptTaskResult {
  if (task.thread) task.thread[0] = threadId;
  const employers = task.inputs.map(({ facts }) => facts.employer);
  if (employers.includes('KILL')) process.exit(3);
  if (employers.includes('HANG')) for (;;);
  if (employers.includes('SLOW')) Atomics.wait(NEVER, 0, 0, SLOW_MS);
  const appended = Buffer.from('%%EOF\n');
  return {
    made: task.inputs.map(({ place }) => ({ place, template: HASH, appended })),
    refused: [],
    templates: new Map([[HASH, TEMPLATE]]),
  };
}
