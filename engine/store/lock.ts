/**
 * One writer a store: a lock that the kernel holds and that dies with its process, whatever killed
 * it. Node has no flock(2); SQLite's exclusive file lock (fcntl) is the same thing, well tested,
 * and already inside Node. The lock file holds no data.
 *
 * The process itself holds the file: one that nothing refers to would be closed by the collector,
 * and the lock with it.
 */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export class LockHeld extends Error {
  override name = 'LockHeld';
}

export interface Lock {
  release(): void;
}

/** Takes the lock `path` or throws LockHeld at once. Held until `release` or the process' end. */
export function takeLock(path: string): Lock {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const file = new DatabaseSync(path);
  try {
    file.exec('PRAGMA busy_timeout = 0; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (cause) {
    file.close();
    throw new LockHeld(`another process holds ${path}`, { cause });
  }
  const close = () => file.close();
  process.once('exit', close);
  return {
    release: () => {
      process.off('exit', close);
      close();
    },
  };
}
