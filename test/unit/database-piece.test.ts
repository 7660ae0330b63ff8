/** Pieces of long work: whole or not at all, synced beside the event loop, all else as ever. */
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { CompiledQuery, type Database, openDatabase } from '#engine/store/database/index.ts';
import { temporaryDirectory } from '#test/support/system.ts';

const FULL = 2;
const NORMAL = 1;

function opened(): Database {
  const database = openDatabase(join(temporaryDirectory(), 'clickday.sqlite'));
  onTestFinished(() => database.close());
  return database;
}

function synchronous({ first }: Database): unknown {
  const query = { compile: () => CompiledQuery.raw('PRAGMA synchronous') };
  return first<{ synchronous: number }>(query as never)?.synchronous;
}

const put = ({ build, run }: Database, key: string) =>
  run(build.insertInto('settings').values({ key, value: '' }));
const keys = ({ build, all }: Database) =>
  all(build.selectFrom('settings').select('key').where('key', 'like', 'piece%')).map(
    ({ key }) => key,
  );

test('a piece is there at once, its sync is waited for, and what others commit syncs as ever', async () => {
  const database = opened();
  const levels: unknown[] = [];
  const kept = database.piece(() => {
    levels.push(synchronous(database));
    return put(database, 'piece one');
  });
  levels.push(synchronous(database));
  expect(keys(database)).toEqual(['piece one']);
  database.transaction(() => put(database, 'piece two'));
  expect(await kept).toBe(1);
  expect(levels).toEqual([NORMAL, FULL]);
  expect(keys(database)).toEqual(['piece one', 'piece two']);
});

test('of a piece that throws nothing is left, and the next commit syncs', async () => {
  const database = opened();
  const kept = database.piece(() => {
    put(database, 'piece one');
    throw new Error('no');
  });
  await expect(kept).rejects.toThrow('no');
  expect(keys(database)).toEqual([]);
  expect(synchronous(database)).toBe(FULL);
});

test('a piece is no part of a transaction, whose own commit decides', async () => {
  const database = opened();
  let kept: Promise<unknown> = Promise.resolve();
  database.transaction(() => {
    put(database, 'piece one');
    kept = database.piece(() => put(database, 'piece two'));
    kept.catch(() => undefined);
  });
  await expect(kept).rejects.toThrow('within a transaction');
  expect(keys(database)).toEqual(['piece one']);
});
