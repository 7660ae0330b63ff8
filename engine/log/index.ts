/** The door of the public log: signed checkpoints over a ledger, and its tiles. */
export { addLogKey, type LogKeys, loadOrCreateLogKeys, retireLogKeys } from './keys.ts';
export { type PublicLog, startPublicLog } from './public-log.ts';
export { type LogPlaces, RecordUnreadable, readSigned, type SignedRecord } from './record.ts';
export { createSignedLog, type LogRefusal } from './signed-log.ts';
