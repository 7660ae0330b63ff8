/** The portal's database: all or nothing, on disk, one form. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Database, openDatabase, sql } from '#engine/store/database/index.ts';
import { titles } from '#engine/store/database/steps/titles.ts';

let root: string;
let database: Database;
const path = () => join(root, 'clickday.sqlite');
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'clickday-database-'));
  database = openDatabase(path());
});
afterEach(() => {
  database.close();
  rmSync(root, { recursive: true });
});

const put = (key: string) =>
  database.run(database.build.insertInto('settings').values({ key, value: 'x' }));
const keys = () =>
  database.all(database.build.selectFrom('settings').select('key')).map((row) => row.key);
/** Runs SQL that the builder has no word for. */
const plain = (on: Database, text: string) =>
  on.all<object>({ compile: () => sql.raw<object>(text).compile(on.build) });

describe('a transaction', () => {
  it('leaves nothing behind when it throws', () => {
    const work = () =>
      database.transaction(() => {
        put('a');
        throw new Error('no');
      });
    expect(work).toThrow('no');
    expect(keys()).toEqual([]);
  });

  it('joins the one it stands in', () => {
    const work = () =>
      database.transaction(() => {
        database.transaction(() => put('inner'));
        throw new Error('no');
      });
    expect(work).toThrow('no');
    expect(keys()).toEqual([]);
  });

  it('has parts that fail by themselves', () => {
    database.transaction(() => {
      put('a');
      const part = () =>
        database.part(() => {
          put('b');
          throw new Error('no');
        });
      expect(part).toThrow('no');
      expect(database.part(() => put('c'))).toBe(1);
    });
    expect(keys()).toEqual(['a', 'c']);
    expect(() => database.part(() => put('d'))).toThrow('no transaction');
  });

  it('refuses to wait, and undoes what it did', () => {
    expect(() => database.transaction(async () => put('a'))).toThrow('must not await');
    expect(keys()).toEqual([]);
  });

  it('is not had through the query builder, which yields', async () => {
    const work = database.build.transaction().execute(async () => put('a'));
    await expect(work).rejects.toThrow('use Database.transaction');
    expect(keys()).toEqual([]);
  });
});

describe('the file', () => {
  it('is synced with every commit and written ahead', () => {
    expect(plain(database, 'PRAGMA synchronous')).toMatchObject([{ synchronous: 2 }]);
    expect(plain(database, 'PRAGMA journal_mode')).toMatchObject([{ journal_mode: 'wal' }]);
    expect(plain(database, 'PRAGMA foreign_keys')).toMatchObject([{ foreign_keys: 1 }]);
  });

  it('is seen by a second process that opens it, in the same form', () => {
    put('a');
    const second = openDatabase(path());
    const rows = second.all(second.build.selectFrom('settings').selectAll());
    second.close();
    expect(rows).toMatchObject([{ key: 'a', value: 'x' }]);
  });

  it('is refused when a newer program has written it', () => {
    const newer = openDatabase(join(root, 'newer.sqlite'));
    plain(newer, 'PRAGMA user_version = 999');
    newer.close();
    expect(() => openDatabase(join(root, 'newer.sqlite'))).toThrow('knows fewer');
  });

  it('finds what waits to leave the search without reading all of it', () => {
    const plan = plain(database, 'EXPLAIN QUERY PLAN DELETE FROM search WHERE id IS NULL');
    expect(plan).toMatchObject([{ detail: 'SCAN search USING INDEX search_gone' }]);
  });

  it('keeps rows that belong together together', () => {
    const session = { token_hash: 'h', account: 'nobody', kind: 'cookie' };
    const times = { created_at_us: 1, expires_at_us: 2 };
    const orphan = database.build.insertInto('sessions').values({ ...session, ...times });
    expect(() => database.run(orphan)).toThrow('FOREIGN KEY');
  });
});

describe('drafts of earlier versions', () => {
  it('lose the name of their form, and keep that of a person', () => {
    const account = { id: 'a', email: 'a@x.it', role: 'applicant', language: 'it' };
    const named = { given_name: 'A', family_name: 'B', must_change_password: 0, created_at_us: 1 };
    database.run(database.build.insertInto('accounts').values({ ...account, ...named }));
    for (const [id, worker] of Object.entries({ nobody: '', somebody: 'Rossi Ada' })) {
      const row = {
        id,
        account: 'a',
        model: 'A',
        model_version: 1,
        status: 'draft',
        title: 'Form A',
      };
      const times = { created_at_us: 1, updated_at_us: 1 };
      database.run(database.build.insertInto('applications').values({ ...row, ...times }));
      plain(database, `UPDATE search SET worker = '${worker}' WHERE id = '${id}'`);
    }
    plain(database, titles);
    const rows = database.all(database.build.selectFrom('applications').select(['id', 'title']));
    expect(rows).toEqual([
      { id: 'nobody', title: '' },
      { id: 'somebody', title: 'Form A' },
    ]);
  });
});
