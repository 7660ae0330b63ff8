/** Files of attachments in backups and in `verify`: carried whole, and missed when they are not. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { copyAttachments, followAttachments } from '#engine/backup/attachments.ts';
import { copyDirectory } from '#engine/backup/copy.ts';
import { verifyAttachments } from '#engine/commands/verify-attachments.ts';
import { type Database, openDatabase, sql } from '#engine/store/database/index.ts';
import { attachmentPath, type DataDirectory, dataDirectory } from '#engine/store/index.ts';

const FIRST = '01J00000000000000000000001';
const SECOND = '01K00000000000000000000002';

let root: string;
let directory: DataDirectory;
let database: Database;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'clickday-attachments-'));
  directory = dataDirectory(join(root, 'data'));
  database = openDatabase(directory.database);
});
afterEach(() => {
  database.close();
  rmSync(root, { recursive: true });
});

const fileOf = (id: string, of = directory) => attachmentPath(of.attachments, id);

function add(id: string, text: string, removedAtUs: number | null = null): void {
  mkdirSync(dirname(fileOf(id)), { recursive: true });
  writeFileSync(fileOf(id), text);
  const sha256 = createHash('sha256').update(text).digest('hex');
  database.run(
    database.build.insertInto('attachments').values({
      ...{ id, application: 'x', kind: 'passport', name: 'a.pdf', type: 'application/pdf' },
      ...{ bytes: text.length, sha256, account: 'y', added_at_us: 1, removed_at_us: removedAtUs },
    }),
  );
}

const codes = async (of = directory) =>
  (await verifyAttachments(of)).violations.map((each) => (each as { code: string }).code);

it('finds a file that is missing, and one that is not what it was', async () => {
  add(FIRST, 'one');
  add(SECOND, 'two');
  expect(await verifyAttachments(directory)).toEqual({ files: 2, bytes: 6, violations: [] });
  writeFileSync(fileOf(FIRST), 'eno');
  rmSync(fileOf(SECOND));
  expect(await codes()).toEqual(['ATTACHMENT_FILE_DAMAGED', 'ATTACHMENT_FILE_MISSING']);
});

it('leaves nothing behind where nobody uses the database, and tells of one it cannot read', async () => {
  add(FIRST, 'one');
  database.close();
  const folder = dirname(directory.database);
  const before = readdirSync(folder);
  expect(await codes()).toEqual([]);
  expect(readdirSync(folder)).toEqual(before);
  writeFileSync(directory.database, 'no database'.repeat(100));
  expect(await codes()).toEqual(['DATABASE_UNREADABLE']);
  rmSync(directory.database);
  database = openDatabase(directory.database);
});

it('tells when a version names other files than it is known to have', async () => {
  add(FIRST, 'one');
  const sha256 = createHash('sha256').update('one').digest('hex');
  const attachments = [{ kind: 'passport', sha256 }];
  const { build, run } = database;
  run({ compile: () => sql.raw('PRAGMA foreign_keys = OFF').compile(build) });
  const version = (digest: string, canonical: object) => ({
    ...{ digest, application: 'x', click_day: 'd', office: 'o', office_criterion: 'c' },
    ...{ title: 't', salt: 's', canonical: JSON.stringify(canonical), made_at_us: 1, issued: 0 },
  });
  run(build.insertInto('versions').values([version('a', {}), version('b', { attachments })]));
  run(build.insertInto('version_attachments').values({ digest: 'b', attachment: FIRST }));
  expect(await codes()).toEqual([]);
  run(build.deleteFrom('version_attachments'));
  expect(await codes()).toEqual(['VERSION_NAMES_OTHER_FILES']);
});

it('misses no file of what was taken away, unless a version names it', async () => {
  add(FIRST, 'one', 5);
  rmSync(fileOf(FIRST));
  expect(await codes()).toEqual([]);
});

it('is copied with the rest, and the copy verifies', async () => {
  add(FIRST, 'one');
  add(SECOND, 'two');
  mkdirSync(join(directory.attachments, 'incoming'));
  writeFileSync(join(directory.attachments, 'incoming', 'z.part'), 'half');
  await copyDirectory(directory, join(root, 'copy'));
  const copy = dataDirectory(join(root, 'copy'));
  expect(await verifyAttachments(copy)).toEqual({ files: 2, bytes: 6, violations: [] });
  expect(existsSync(join(copy.attachments, 'incoming'))).toBe(false);
});

it('is followed: what is new comes, what is gone goes', () => {
  const copy = dataDirectory(join(root, 'copy'));
  const part = followAttachments(directory.attachments, copy.attachments);
  part.copyNew();
  add(FIRST, 'one');
  part.copyNew();
  add(SECOND, 'two');
  part.copyNew();
  expect([existsSync(fileOf(FIRST, copy)), existsSync(fileOf(SECOND, copy))]).toEqual([true, true]);
  rmSync(fileOf(FIRST));
  part.dropGone();
  expect([existsSync(fileOf(FIRST, copy)), existsSync(fileOf(SECOND, copy))]).toEqual([
    false,
    true,
  ]);
  expect(copyAttachments(directory.attachments, copy.attachments)).toBe(0);
});
