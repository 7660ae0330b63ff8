/** A database followed through its write-ahead log: the copy is the same after each commit. */
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { seededRandom } from '#engine/foundation/random.ts';
import { checkDatabase, followDatabase } from '#engine/store/database/index.ts';

let folder: string;
let source: DatabaseSync;
const from = () => join(folder, 'original.sqlite');
const to = () => join(folder, 'copy.sqlite');
const open = () => {
  const database = new DatabaseSync(from());
  database.exec('PRAGMA journal_mode = WAL');
  return database;
};
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clickday-follow-'));
  source = open();
  source.exec('CREATE TABLE lines (number INTEGER PRIMARY KEY, text TEXT)');
});
afterEach(() => rmSync(folder, { recursive: true }));

const random = seededRandom(1, { nowUs: () => 0 });

let number = 0;
const write = (count = 1, bytes = 100) => {
  source.exec('BEGIN');
  const insert = source.prepare('INSERT INTO lines (text) VALUES (?)');
  for (let at = 0; at < count; at += 1) {
    number += 1;
    insert.run(String(number).padEnd(bytes, 'x'));
  }
  source.exec('COMMIT');
};
/** Of the original's log, as its head says. */
const generation = () => readFileSync(`${from()}-wal`).readUInt32BE(12);
const rows = (path: string) => {
  const database = new DatabaseSync(path);
  const found = database.prepare('SELECT * FROM lines').all();
  database.close();
  return found;
};
type Follower = ReturnType<typeof followDatabase>;
/** What a machine that stops now leaves: a copy of the files, opened elsewhere. */
const expectSame = () => {
  const [here, there] = [to(), join(folder, 'left.sqlite')];
  rmSync(there, { force: true });
  rmSync(`${there}-wal`, { force: true });
  copyFileSync(here, there);
  if (existsSync(`${here}-wal`)) copyFileSync(`${here}-wal`, `${there}-wal`);
  expect(checkDatabase(there)).toEqual([]);
  expect(rows(there).length).toBe(rows(from()).length);
  expect(rows(there)).toEqual(rows(from()));
};
/** Steps until all is copied; how often the whole file was. */
async function follow(follower: Follower): Promise<number> {
  for (let renewed = 0; ; ) {
    const news = follower.read();
    if (news === undefined) {
      await follower.renew();
      follower.install();
      renewed += 1;
      continue;
    }
    follower.write();
    if (news.isAll) return renewed;
  }
}

describe('a copy of a database', () => {
  it('has each commit, and copies the whole file once', async () => {
    const follower = followDatabase({ from: from(), to: to(), random });
    expect(await follow(follower)).toBe(1);
    expectSame();
    for (let commit = 0; commit < 30; commit += 1) {
      write(1 + (commit % 5), 3000);
      expect(await follow(follower)).toBe(0);
      expectSame();
    }
    source.exec('DELETE FROM lines WHERE number % 2 = 0');
    expect(await follow(follower)).toBe(0);
    expectSame();
    follower.close();
    source.close();
  });

  it('goes along when the log begins again, and lets it begin again', async () => {
    const follower = followDatabase({ from: from(), to: to(), random });
    await follow(follower);
    let begun = 0;
    for (let round = 0; round < 10; round += 1) {
      write(1500, 3000);
      expect(await follow(follower), `round ${round}`).toBe(0);
      write(20, 3000);
      const before = generation();
      source.exec('PRAGMA wal_checkpoint(PASSIVE)');
      write(3, 3000);
      if (generation() !== before) begun += 1;
      expect(await follow(follower), `round ${round}`).toBe(0);
      expectSame();
    }
    expect(begun).toBeGreaterThan(1);
    expect(begun).toBeLessThan(10);
    follower.close();
    source.close();
  });

  it('copies the whole again when a commit may have been missed', async () => {
    const follower = followDatabase({ from: from(), to: to(), random });
    await follow(follower);
    write(3000, 3000);
    await follow(follower);
    for (let times = 0; times < 2; times += 1) {
      write(5, 3000);
      source.exec('PRAGMA wal_checkpoint(RESTART)');
      write(1);
    }
    expect(await follow(follower), 'two generations at once').toBe(1);
    expectSame();
    write(3000, 3000);
    await follow(follower);
    source.exec('PRAGMA wal_checkpoint(RESTART)');
    write(3100, 3000);
    expect(await follow(follower), 'overwritten where it had read').toBe(1);
    expectSame();
    write(3000, 3000);
    await follow(follower);
    write(5);
    source.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    write(5);
    expect(await follow(follower), 'cut off').toBe(1);
    expectSame();
    follower.close();
    source.close();
  });

  it('goes on when the original is closed and opened, and when the copy is', async () => {
    const first = followDatabase({ from: from(), to: to(), random });
    await follow(first);
    write(10);
    source.close();
    source = open();
    write(10);
    await follow(first);
    expectSame();
    first.close();
    write(10);
    const second = followDatabase({ from: from(), to: to(), random });
    await follow(second);
    expectSame();
    write(10);
    expect(await follow(second)).toBe(0);
    expectSame();
    second.close();
    source.close();
  });

  it('has what is written while the whole file is copied', async () => {
    write(2000, 3000);
    const follower = followDatabase({ from: from(), to: to(), random });
    expect(follower.read()).toBeUndefined();
    const renewing = follower.renew();
    write(50, 3000);
    source.exec('PRAGMA wal_checkpoint(PASSIVE)');
    write(50, 3000);
    await renewing;
    follower.install();
    expect(await follow(follower)).toBe(0);
    expectSame();
    follower.close();
    source.close();
  });

  it('takes nothing of a transaction that is not committed', async () => {
    const follower = followDatabase({ from: from(), to: to(), random });
    await follow(follower);
    source.exec('PRAGMA cache_size = 2; BEGIN');
    const insert = source.prepare('INSERT INTO lines (text) VALUES (?)');
    for (let at = 0; at < 200; at += 1) insert.run('y'.repeat(3000));
    expect(await follow(follower)).toBe(0);
    expectSame();
    source.exec('ROLLBACK');
    write(3);
    await follow(follower);
    expectSame();
    follower.close();
    source.close();
  });
});
