/**
 * The door of the register: the one order over all gates, kept by the registrar (in the portal
 * process, the only writer), read in place by `verify`, `export` and anybody else.
 */
export { openRegisterCopy, type RegisterCopy } from './copy.ts';
export { createEntryReader } from './entry-reader.ts';
export { freshMerge, type LedgerSource } from './merge.ts';
export { createRankings, type Rankings, type RankingsParts } from './rankings.ts';
export { packReceipt } from './receipt-packing.ts';
export type { ReceiptBatch, ReceiptBytes, ReceiptFailure, ReceiptTable } from './receipt-table.ts';
export { openRegister, type Register, type RegisterEntry, registerExists } from './register.ts';
export {
  createRegistrar,
  type ReceiptQueue,
  type Registrar,
  type RegistrarParts,
  type RegistrarStatus,
  type Submissions,
} from './registrar.ts';
export { createRegisterScrub, type RegisterScrub } from './scrub.ts';
export {
  type ReceiptsReport,
  type RegisterReport,
  type RegisterViolation,
  verifyReceipts,
  verifyRegister,
} from './verify.ts';
