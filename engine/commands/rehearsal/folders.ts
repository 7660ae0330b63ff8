/** Where a rehearsal is played: always in a folder of its own. */
import { mkdirSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Refused } from '../context.ts';

/** A new folder of the system's temporary ones. */
export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'clickday-rehearsal-'));
}

/** A rehearsal is deleted afterwards, so it never begins where something is. */
export function freshFolder(path: string): string {
  mkdirSync(path, { recursive: true });
  if (readdirSync(path).length > 0) {
    throw new Refused('DIRECTORY_NOT_EMPTY', `${path} is not empty: name a new folder`);
  }
  return path;
}
