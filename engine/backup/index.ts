/** The door of the backup: a verified copy, the way back, and a copy that follows. */
export { BackupRefused, takeBackup, type Verify } from './backup.ts';
export type { Manifest } from './manifest.ts';
export { type Epoch, type Restored, RestoreRefused, readEpochs, restoreBackup } from './restore.ts';
