/** The door of the public log: signed checkpoints over a ledger, and its tiles. */

export type { WitnessReport } from './cosigning.ts';
export { addLogKey, retireLogKeys, verifierKeysIn } from './keys.ts';
export { type PublicLog, startPublicLog } from './public-log.ts';
export {
  lastCosigned,
  RecordUnreadable,
  readCosigned,
  readSigned,
  type SignedRecord,
} from './record.ts';
