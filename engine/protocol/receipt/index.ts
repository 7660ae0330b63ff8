/** Checking a receipt, in Node and in a browser. */
export { readTrustedKeys, type TrustedKeys } from './keys.ts';
export type { ReadLog } from './log-history.ts';
export { RECEIPT_BYTES_MAX } from './sealed-pdf.ts';
export type { ReceiptStatement } from './statement.ts';
export {
  addHistory,
  type Evidence,
  type GenuineVerdict,
  type ReceiptFacts,
  type RefusedVerdict,
  type Step,
  type Verdict,
  verifyReceipt,
} from './verify.ts';
export * from './words.ts';
