/** The door of the public log: signed checkpoints over a ledger, its tiles, and proofs. */

export type { WitnessReport } from './cosigning.ts';
export {
  addLogKey,
  type KnownLog,
  knownLog,
  retireLogKeys,
  revokeLogKey,
  verifierKeysIn,
} from './keys.ts';
export { createLogProofs, type LogProofs } from './log-proofs.ts';
export { type PublicLog, startPublicLog } from './public-log.ts';
export {
  lastCosigned,
  RecordUnreadable,
  readCosigned,
  readSigned,
  type SignedRecord,
} from './record.ts';
