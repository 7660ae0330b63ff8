/**
 * The door of receipts: the queue, and the workshop that makes them. The PDF itself is made in
 * `worker.ts`, in threads that nobody else enters.
 */
import type { PractisedSubmission } from './rehearsal.ts';

export type { ReceiptFacts, ReceiptProof } from './facts.ts';
export { type PoolOptions, poolBounds, type ReceiptPool } from './pool.ts';
export type { ProofSource, ProofTrouble } from './proof-source.ts';
export {
  createReceipts,
  type Receipts,
  type ReceiptsParts,
  type ReceiptsStatus,
} from './receipts.ts';
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
export {
  createWorkshop,
  type Workshop,
  type WorkshopParts,
} from './workshop.ts';
export { serveWorkshop, type WorkshopLine, workshopOver } from './workshop-line.ts';
export type { PractisedSubmission };

/**
 * The receipt of a rehearsal, as a PDF. Loads what draws it when it is first asked for: most
 * programs that pass this door only look after keys.
 */
export async function rehearsalReceipt(practised: PractisedSubmission): Promise<Uint8Array> {
  return (await import('./rehearsal.ts')).rehearsalReceipt(practised);
}
