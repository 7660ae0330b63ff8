/** A copy of a database that is in use, and whether one is whole. */
import { backup, DatabaseSync } from 'node:sqlite';

/** All pages in one step: with several, a writer would make it begin again and again. */
const ALL_PAGES = 2_147_483_647;

/** Writes what the database at `path` holds at one moment to the file `target`. */
export async function copyDatabase(path: string, target: string): Promise<void> {
  const source = new DatabaseSync(path, { readOnly: true });
  try {
    await backup(source, target, { rate: ALL_PAGES });
  } finally {
    source.close();
  }
}

/** What SQLite finds wrong with a database that nobody else uses; empty when nothing. */
export function checkDatabase(path: string): string[] {
  const database = new DatabaseSync(path);
  try {
    const rows = database.prepare('PRAGMA quick_check').all() as { quick_check: string }[];
    return rows.map((row) => row.quick_check).filter((text) => text !== 'ok');
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  } finally {
    database.close();
  }
}
