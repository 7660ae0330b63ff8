/** Mails that wait, in a copy that follows: where the row waits, its file is. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { followIncoming } from '#engine/backup/incoming.ts';
import { openFollower } from '#engine/backup/index.ts';
import { manualClock } from '#engine/clock/index.ts';
import { seededRandom } from '#engine/foundation/random.ts';
import { createSpool, type Spool } from '#engine/mail/incoming/spool.ts';
import { type Database, openDatabase } from '#engine/store/database/index.ts';
import { type DataDirectory, dataDirectory } from '#engine/store/index.ts';

const clock = manualClock({ nowUs: Date.UTC(2011, 0, 31) * 1000 });
const ENVELOPE = { sender: 'maria@example.it', recipient: 'aiuto@clickday.example' };
const random = seededRandom('incoming', clock);

let root: string;
let source: DataDirectory;
let database: Database;
let spool: Spool;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'clickday-incoming-'));
  source = dataDirectory(join(root, 'data'));
  database = openDatabase(source.database);
  const directory = source.incoming;
  spool = createSpool({ database, clock, random, freeBytesMin: 0, directory });
});
afterEach(() => {
  database.close();
  rmSync(root, { recursive: true });
});

async function taken(text: string): Promise<string> {
  async function* bytes() {
    yield Buffer.from(`Subject: ${text}\r\n\r\n${text}`);
  }
  await spool.take(bytes(), ENVELOPE);
  return basename(spool.path(spool.due()!.id), '.eml');
}

const inCopy = () => dataDirectory(join(root, 'copy', 'data'));
const statusInCopy = () => {
  const read = new DatabaseSync(inCopy().database, { readOnly: true });
  try {
    return read
      .prepare('SELECT status FROM incoming_mails')
      .all()
      .map(({ status }) => status);
  } finally {
    read.close();
  }
};
const filesInCopy = () => readdirSync(inCopy().incoming);

it('holds the file of what waits, and lets it go with the news that it was handled', async () => {
  const folder = join(root, 'copy');
  const follower = openFollower({ source, folder, clock, random, madeAt: 'now' });
  const settled = async () => {
    while (!(await follower.step()));
  };
  await settled();
  const id = await taken('a');
  await settled();
  expect([statusInCopy(), filesInCopy()]).toEqual([['waiting'], [`${id}.eml`]]);
  spool.conclude(id, { status: 'handled', outcome: 'opened' });
  await spool.drop(id);
  await settled();
  expect([statusInCopy(), filesInCopy()]).toEqual([['handled'], []]);
  await follower.close();
});

it('keeps the file of what was handled after the database was read', async () => {
  const part = followIncoming(source.incoming, inCopy().incoming);
  const id = await taken('a');
  part.look();
  part.copyNew();
  part.dropGone();
  part.look();
  spool.conclude(id, { status: 'handled', outcome: 'opened' });
  await spool.drop(id);
  part.copyNew();
  part.dropGone();
  expect(filesInCopy()).toEqual([`${id}.eml`]);
  part.look();
  part.dropGone();
  expect(filesInCopy()).toEqual([]);
});
