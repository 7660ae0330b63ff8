/** The door of the backup: a verified copy, the way back, and a copy that follows. */
export { BackupRefused, takeBackup, type Verify } from './backup.ts';
export { type Follower, openFollower, type PartLag } from './follow.ts';
export type { Manifest } from './manifest.ts';
export { type Restored, RestoreRefused, restoreBackup } from './restore.ts';
