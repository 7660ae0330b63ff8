/**
 * The door of receipts: the queue and its pool. The PDF itself is made in `worker.ts`, in threads
 * that nobody else enters.
 */
export type { ReceiptFacts } from './facts.ts';
export type { PoolOptions, ReceiptPool } from './pool.ts';
export {
  createReceipts,
  type Receipts,
  type ReceiptsParts,
  type ReceiptsStatus,
} from './receipts.ts';
