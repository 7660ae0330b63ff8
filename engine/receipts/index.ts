/**
 * The door of receipts: the queue and its pool. The PDF itself is made in `worker.ts`, in threads
 * that nobody else enters.
 */
export type { ReceiptFacts, ReceiptProof } from './facts.ts';
export type { PoolOptions, ReceiptPool } from './pool.ts';
export type { ProofSource, ProofTrouble } from './proof-source.ts';
export {
  createReceipts,
  type Receipts,
  type ReceiptsParts,
  type ReceiptsStatus,
} from './receipts.ts';
export { type PractisedSubmission, rehearsalReceipt } from './rehearsal.ts';
export type { SealKey } from './seal/cms.ts';
export {
  addSeal,
  type KnownSeal,
  knownSeals,
  openSeals,
  retireSeals,
  revokeSeal,
  type SealMaking,
  SealUnusable,
} from './seal/keys.ts';
export { describeSeal, type SealMaterial } from './seal/material.ts';
export { readPkcs12 } from './seal/p12.ts';
export { Pkcs12Unreadable } from './seal/p12-cryptography.ts';
