/** What is committed comes into the database file by a thread; without it, as SQLite does it. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startCheckpoints } from '#engine/store/database/checkpoints.ts';
import { temporaryDirectory } from '#test/support/system.ts';

const PATIENCE = { timeout: 60_000, interval: 50 };
/** Some 500 pages: fewer than what SQLite waits for by itself. */
const BYTES = 2_000_000;
/** More than 8 MiB, and far from what the writer moves itself. */
const MUCH = 12_000_000;

function opened() {
  const path = join(temporaryDirectory(), 'some.sqlite');
  const connection = new DatabaseSync(path);
  connection.exec('PRAGMA journal_mode = WAL; CREATE TABLE kept (bytes)');
  onTestFinished(() => {
    if (connection.isOpen) connection.close();
  });
  const write = () => connection.exec(`INSERT INTO kept VALUES (randomblob(${BYTES}))`);
  const logged = () =>
    (connection.prepare('PRAGMA wal_autocheckpoint').get() as Record<string, number>)
      .wal_autocheckpoint;
  return { path, connection, write, logged };
}

test('a thread moves what was committed, and the log begins anew', async () => {
  const { path, connection, write, logged } = opened();
  const failed = vi.fn();
  const checkpoints = startCheckpoints(connection, { path, failed });
  expect(logged()).toBeGreaterThan(1_000);
  write();
  expect(statSync(path).size).toBeLessThan(BYTES);
  await vi.waitFor(() => {
    const { size } = statSync(`${path}-wal`);
    connection.exec('INSERT INTO kept VALUES (NULL)');
    expect(statSync(`${path}-wal`).size).toBe(size); // written over from its beginning
  }, PATIENCE);
  expect(statSync(path).size).toBeGreaterThan(BYTES);
  await checkpoints.close();
  connection.close();
  expect(failed).not.toHaveBeenCalled();
  expect(existsSync(`${path}-wal`)).toBe(false); // the last one to leave has tidied up
  const reader = new DatabaseSync(path, { readOnly: true });
  const kept = reader.prepare('SELECT max(length(bytes)) AS bytes FROM kept').get();
  expect(kept).toEqual({ bytes: BYTES });
  reader.close();
});

test('what is much is moved soon, without waiting for the time of the little', async () => {
  const { path, connection, write } = opened();
  const looksMax = Number.MAX_SAFE_INTEGER;
  const checkpoints = startCheckpoints(connection, { path, failed: vi.fn(), looksMax });
  for (let written = 0; written < MUCH; written += BYTES) write();
  await vi.waitFor(() => expect(statSync(path).size).toBeGreaterThan(MUCH), PATIENCE);
  await checkpoints.close();
});

test('where the thread has ended by itself, SQLite does it as ever', async () => {
  const { path, connection, logged } = opened();
  const failed = vi.fn();
  const thread = new URL('data:text/javascript,throw new Error("gone")');
  startCheckpoints(connection, { path, failed, thread });
  await vi.waitFor(() => expect(failed).toHaveBeenCalledOnce(), PATIENCE);
  expect(logged()).toBe(1_000);
});
