/**
 * Commits whose sync holds nobody up.
 *
 *   COMMIT (write-ahead log, not synced) ─► event loop goes on ─► fdatasync in a thread ─► kept
 *
 * A sync takes a millisecond on a disk that has nothing else to do, and was seen to take 300 where
 * something else was writing: all that time a COMMIT of SQLite holds the event loop. A person who
 * saves waits for it anyway; thousands of rows of an import must not make everybody wait.
 *
 * Order and atomicity are the log's own: a crash of the machine may lose the last pieces whose
 * promise was not kept, whole and from the end. Any other commit syncs the log, these with it.
 */
import { open } from 'node:fs/promises';
import type { DatabaseSync } from 'node:sqlite';

/** `commit` is the whole transaction; throws at once what it throws, and nothing is kept. */
export async function pieceOf<Result>(
  connection: DatabaseSync,
  { path, commit }: { path: string; commit: () => Result },
): Promise<Result> {
  if (connection.isTransaction) throw new TypeError('a piece within a transaction');
  connection.exec('PRAGMA synchronous = NORMAL');
  let result: Result;
  try {
    result = commit();
  } finally {
    connection.exec('PRAGMA synchronous = FULL');
  }
  await onDisk(`${path}-wal`);
  return result;
}

/** SQLite's locks lie on its other two files: to close this one gives none of them away. */
async function onDisk(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.datasync();
  } finally {
    await file.close();
  }
}
