/** The door of the ledger: one writer, readers anywhere, and the check that trusts nobody. */
export { CopyDiffers, type LedgerCopy, openLedgerCopy } from './copy.ts';
export { type Damage, LedgerDamaged } from './damage.ts';
export {
  bytesOf,
  EMPTY_ROOT,
  EMPTY_TREE,
  extendTree,
  type Hash,
  hashOf,
  leafHash,
  NODE_BYTES,
  nodeHash,
  rootOf,
} from './merkle.ts';
export { type LeafHead, leafHeads, type NewEntry } from './page.ts';
export { type CommitRecord, type LedgerReader, ledgerExists, openLedgerReader } from './reader.ts';
export type { ScrubStatus } from './scrub.ts';
export { type Scrubber, startScrubber } from './scrubber.ts';
export { LedgerFormatUnknown } from './tables.ts';
export { type LedgerReport, type Violation, verifyLedger } from './verify.ts';
export { type LedgerWriter, openLedgerWriter, openThreadedWriter } from './writer.ts';
