/** The door of the public log: signed checkpoints over a ledger, and its tiles. */
export { addLogKey, retireLogKeys, verifierKeysIn } from './keys.ts';
export { type PublicLog, startPublicLog } from './public-log.ts';
export { RecordUnreadable, readSigned, type SignedRecord } from './record.ts';
