/**
 * A copy of a database that is renewed when the database has changed. Each renewal is a whole copy
 * of one moment that takes the place of the one before by a rename: whoever looks finds a database
 * that was, never half of one.
 */

import { existsSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { syncFile, syncFolder } from '../index.ts';
import { copyDatabase } from './copy.ts';

export interface DatabaseFollower {
  /** Whether something was committed since the last `copy` began. Some 10 µs. */
  hasChanged(): boolean;
  /** Makes the next copy beside the present one. */
  copy(): Promise<void>;
  /** The copy made last takes its place. */
  install(): void;
  /** A value of the table `settings` in the copy that waits for `install`. */
  setting(key: string): string | undefined;
  close(): void;
}

export function followDatabase(options: { from: string; to: string }): DatabaseFollower {
  const { from, to } = options;
  const draft = `${to}.part`;
  const source = new DatabaseSync(from, { readOnly: true });
  const version = source.prepare('PRAGMA data_version');
  const versionNow = () => (version.get() as { data_version: number }).data_version;
  let copied = Number.NaN;
  return {
    hasChanged: () => versionNow() !== copied,
    copy: async () => {
      copied = versionNow();
      for (const name of [draft, `${draft}-wal`, `${draft}-shm`]) rmSync(name, { force: true });
      try {
        await copyDatabase(from, draft);
      } catch (error) {
        copied = Number.NaN;
        throw error;
      }
    },
    install: () => {
      syncFile(draft);
      for (const name of [`${to}-wal`, `${to}-shm`]) rmSync(name, { force: true });
      renameSync(draft, to);
      syncFolder(dirname(to));
    },
    setting: (key) => {
      if (!existsSync(draft)) return undefined;
      const database = new DatabaseSync(draft);
      try {
        const find = database.prepare('SELECT value FROM settings WHERE key = ?');
        return (find.get(key) as { value: string } | undefined)?.value;
      } finally {
        database.close();
      }
    },
    close: () => source.close(),
  };
}
