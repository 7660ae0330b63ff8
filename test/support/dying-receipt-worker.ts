/**
 * A pool thread for tests: like the real one, but a receipt for the employer `KILL` ends the whole
 * thread, as a crash in native code would, and one for `HANG` never comes back.
 */
import makeReceipts, { type ReceiptTask, type ReceiptTaskResult } from '#engine/receipts/worker.ts';

export default async function dying(task: ReceiptTask): Promise<ReceiptTaskResult> {
  const employers = task.inputs.map(({ facts }) => facts.employer);
  if (employers.includes('KILL')) process.exit(3);
  if (employers.includes('HANG')) for (;;);
  return makeReceipts(task);
}
