/** What changes in the database is told: by whose row it is, after the commit, whoever wrote it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { newDraft } from '#engine/portal/applications/service.ts';
import {
  type Change,
  type Changes,
  type Database,
  openDatabase,
  sql,
} from '#engine/store/database/index.ts';
import { formOf } from '#test/support/models.ts';

const OUTSIDE: Change = { table: 'of another process', topic: null, row: null };
let root: string;
let database: Database;
let changes: Changes;
let told: Change[];
const path = () => join(root, 'clickday.sqlite');
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'clickday-changes-'));
  database = openDatabase(path());
  insertAccount(database, 'anna');
  insertAccount(database, 'bruno');
  changes = database.watch();
  told = [];
  changes.onCommit((committed) => told.push(...(committed ?? [OUTSIDE])));
});
afterEach(() => {
  database.close();
  rmSync(root, { recursive: true });
});

function insertAccount({ build, run }: Database, id: string) {
  run(
    build.insertInto('accounts').values({
      ...{ id, email: `${id}@example.it`, given_name: id, family_name: '', role: 'applicant' },
      ...{ codice_fiscale: null, office: null, language: 'it', password_hash: null },
      ...{ must_change_password: 0, applications_max: 5, confirmed_at_us: 1, created_at_us: 1 },
    }),
  );
}

function insertSession({ build, run }: Database, account: string, hash: string) {
  const times = { created_at_us: 1, expires_at_us: 2 };
  const values = { account, token_hash: hash, kind: 'cookie', ...times };
  run(build.insertInto('sessions').values(values));
}

function insertDraft({ build, run }: Database, account: string, id: string) {
  const form = formOf('A');
  const row = newDraft({
    id,
    account: { id: account, organisation: null },
    form,
    nowUs: 1,
  });
  run(build.insertInto('applications').values(row));
}

const isUnchanged = (at: number, topics: string[], tables: string[] = []) =>
  changes.isUnchanged({ at, topics, tables });

it('tells of a row by its account, and of nobody else', () => {
  const at = changes.count();
  insertDraft(database, 'anna', 'a1');
  const whose = { topic: 'anna', row: 'a1' };
  expect(told).toEqual([
    { table: 'applications', ...whose },
    { table: 'search', ...whose }, // written by a trigger
  ]);
  expect(isUnchanged(at, ['anna'])).toBe(false);
  expect(isUnchanged(at, ['bruno'])).toBe(true);
  expect(isUnchanged(changes.count(), ['anna'])).toBe(true);
});

it('tells of the pages of an application by the account it belongs to', () => {
  insertDraft(database, 'anna', 'a1');
  const at = changes.count();
  told.length = 0;
  const page = { application: 'a1', number: 1, values_json: '{}', complete: 0, version: 1 };
  database.run(database.build.insertInto('pages').values({ ...page, saved_at_us: 1 }));
  expect(told).toEqual([{ table: 'pages', topic: 'anna', row: 'a1' }]);
  expect(isUnchanged(at, ['anna'])).toBe(false);
});

it('tells of what a foreign key takes along', () => {
  insertSession(database, 'anna', 'hash');
  told.length = 0;
  database.run(database.build.deleteFrom('accounts').where('id', '=', 'anna'));
  expect(told).toContainEqual({ table: 'sessions', topic: 'anna', row: 'anna' });
});

it('tells both when a row goes from one account to another', () => {
  insertDraft(database, 'anna', 'a1');
  const at = changes.count();
  database.run(database.build.updateTable('applications').set({ account: 'bruno' }));
  expect(isUnchanged(at, ['anna'])).toBe(false);
  expect(isUnchanged(at, ['bruno'])).toBe(false);
});

it('tells after the commit, all at once, and nothing of what is undone', () => {
  const work = () =>
    database.transaction(() => {
      insertDraft(database, 'anna', 'a1');
      throw new Error('no');
    });
  expect(work).toThrow('no');
  expect(told).toEqual([]);
  database.transaction(() => {
    insertDraft(database, 'anna', 'a2');
    insertDraft(database, 'bruno', 'b1');
    expect(told).toEqual([]);
  });
  expect([...new Set(told.map(({ row }) => row))]).toEqual(['a2', 'b1']);
});

it('takes a table it knows nothing of as one', () => {
  const at = changes.count();
  database.run(database.build.insertInto('settings').values({ key: 'k', value: 'v' }));
  expect(isUnchanged(at, ['anna'], ['settings'])).toBe(false);
  expect(isUnchanged(at, ['anna'], ['applications'])).toBe(true);
});

it('takes what another process writes as a change of everything', () => {
  const at = changes.count();
  const other = openDatabase(path());
  insertSession(other, 'bruno', 'hash');
  other.close();
  expect(isUnchanged(at, ['anna'])).toBe(false);
  expect(told).toEqual([OUTSIDE]);
});

it('says which tables were read, and when one of them cannot be watched', () => {
  const other = openDatabase(join(root, 'other.sqlite'));
  const plain = (text: string) => ({
    compile: () => sql.raw<object>(text).compile(other.build),
  });
  other.run(plain('CREATE VIEW spoken AS SELECT key FROM settings'));
  const watching = other.watch();
  const read = (text: string) => watching.reading(() => other.all(plain(text)));
  expect(read('SELECT id FROM mails')).toEqual({ value: [], tables: ['mails'] });
  expect(read('SELECT key FROM spoken').tables).toBeNull();
  other.close();
});
