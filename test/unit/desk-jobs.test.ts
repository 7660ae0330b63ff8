/** Work of the desk in the background: each piece once, no long hold of the event loop. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  type ManualClock,
  type ManualTimers,
  manualClock,
  manualTimers,
} from '#engine/clock/index.ts';
import { silentLog } from '#engine/foundation/log.ts';
import { seededRandom } from '#engine/foundation/random.ts';
import {
  createJobRunner,
  type JobKind,
  type JobRunner,
} from '#engine/portal/helpdesk-tools/jobs/runner.ts';
import { jobStore, stateOf } from '#engine/portal/helpdesk-tools/jobs/store.ts';
import { createPresence } from '#engine/portal/helpdesk-tools/presence/presence.ts';
import { Refusal } from '#engine/portal/http/refusal.ts';
import { type Database, openDatabase } from '#engine/store/database/index.ts';

let root: string;
let database: Database;
let clock: ManualClock;
let timers: ManualTimers;
let runner: JobRunner;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'clickday-jobs-'));
  database = openDatabase(join(root, 'clickday.sqlite'));
  clock = manualClock({ nowUs: 1 });
  timers = manualTimers(clock);
});
afterEach(async () => {
  await runner.close();
  database.close();
  rmSync(root, { recursive: true });
});

const key = (n: number) => String(n).padStart(4, '0');
/** What each piece writes, in its transaction. */
const write = (name: string) =>
  database.run(database.build.insertInto('settings').values({ key: name, value: 'x' }));
const written = () =>
  database.all(database.build.selectFrom('settings').select('key')).map((row) => row.key);

/** Pieces 1 to `count`; `perform` is what is done with each, before it is written down. */
function numbered(count: number, perform: (n: number) => void = () => {}): JobKind {
  return {
    items: ({ cursor }, limit) =>
      Array.from({ length: count }, (_, at) => ({ key: key(at + 1) }))
        .filter((piece) => piece.key > cursor)
        .slice(0, limit),
    perform: (_job, piece) => {
      write(piece.key); // fails when it is done twice
      perform(Number(piece.key));
      return true;
    },
  };
}

function start(kind: JobKind): void {
  const random = seededRandom('jobs', clock);
  const mail = { enqueue: () => '', wake: () => undefined };
  const parts = { database, clock, random, timers, mail, log: silentLog(), audit: () => undefined };
  runner = createJobRunner(parts, { bulk: kind, incident: kind, hours: kind });
  runner.wake();
}

function add(id: string): void {
  const fresh = { cursor: '', total: 0, done: 0, skipped: 0, created_at_us: 1 };
  const row = { id, kind: 'bulk', account: null, detail_json: '{}', finished_at_us: null };
  database.run(database.build.insertInto('desk_jobs').values({ ...row, ...fresh }));
}

const state = (id: string) => stateOf(jobStore(database).byId(id)!);
/** Lets the page under way end, and the pause after it pass. */
async function page(pauseMs = 10): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
  timers.advance(pauseMs);
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
}

it('does each piece once, also when it is stopped between and begun again', async () => {
  add('J');
  start(numbered(250));
  await page();
  await runner.close();
  const before = written().length;
  expect(before).toBeGreaterThan(0);
  expect(before).toBeLessThan(250);
  start(numbered(250));
  for (let pages = 0; pages < 5; pages += 1) await page();
  expect(written()).toHaveLength(250);
  expect(state('J')).toMatchObject({ done: 250, skipped: 0, isFinished: true });
});

it('skips what is refused, with nothing of it left, and what is a defect', async () => {
  add('J');
  start(
    numbered(4, (n) => {
      if (n === 2) throw new Refusal('TICKET_STATE');
      if (n === 3) throw new TypeError('a defect');
    }),
  );
  await page();
  await page();
  expect(written()).toEqual([key(1), key(4)]);
  expect(state('J')).toMatchObject({ total: 4, done: 2, skipped: 2, isFinished: true });
});

it('waits while the outbox is full, and then does the same piece', async () => {
  add('J');
  let isFull = true;
  start(
    numbered(2, (n) => {
      if (n === 2 && isFull) throw new Refusal('BUSY');
    }),
  );
  await page(4999);
  expect(written()).toEqual([key(1)]);
  isFull = false;
  await page(1);
  await page();
  expect(written()).toEqual([key(1), key(2)]);
  expect(state('J')).toMatchObject({ done: 2, skipped: 0 });
});

it('holds the event loop no longer than 8 ms and a piece', async () => {
  add('J');
  start(numbered(9, () => void clock.advance(5000)));
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
  expect(written()).toHaveLength(2);
  await page();
  expect(written()).toHaveLength(4);
});

it('syncs the disk once for the pieces between two pauses', async () => {
  add('J');
  const outside = openDatabase(database.path);
  const seen: number[] = [];
  const look = () =>
    void seen.push(outside.all(outside.build.selectFrom('settings').select('key')).length);
  start(numbered(3, look));
  await page();
  look();
  outside.close();
  expect(seen).toEqual([0, 0, 0, 3]);
});

it('goes on by itself when the database could not be read for a while', async () => {
  add('J');
  const kind = numbered(2);
  let isBroken = true;
  start({
    ...kind,
    items: (job, limit) => {
      if (isBroken) throw new Error('disk I/O error');
      return kind.items(job, limit);
    },
  });
  await page(4999);
  isBroken = false;
  await page(1);
  await page();
  expect(written()).toEqual([key(1), key(2)]);
});

it('takes the job that waits longest first', async () => {
  add('A');
  add('B');
  const order: string[] = [];
  start({
    items: (job) => (job.cursor === '' ? [{ key: 'x' }] : []),
    perform: (job) => order.push(job.id) > 0,
  });
  for (let pages = 0; pages < 5; pages += 1) await page();
  expect(order).toEqual(['A', 'B']);
});

it('forgets after 30 days what was done, and takes no more than 100 that wait', () => {
  start(numbered(0));
  const store = jobStore(database);
  const insert = (id: string, days: number) =>
    store.insert({
      ...({ id, kind: 'bulk', account: null, detail: {}, total: 0 } as const),
      nowUs: days * 24 * 3_600_000_000,
    });
  insert('OLD', 0);
  store.update('OLD', { finished_at_us: 1 });
  insert('A', 30);
  expect(store.byId('OLD')).toBeDefined();
  insert('B', 31);
  expect(store.byId('OLD')).toBeUndefined();
  for (let more = 0; more < 98; more += 1) expect(insert(`M${more}`, 31)).toBe(true);
  expect(insert('Z', 31)).toBe(false);
});

it('remembers no more pages than it may: the one silent longest is forgotten', () => {
  start(numbered(0));
  const presence = createPresence(clock, 3);
  const say = (account: string) => {
    clock.advance(1);
    return presence
      .say('T', { account, name: account, state: 'reading' })
      .map((other) => other.account);
  };
  for (const account of ['a', 'b', 'c', 'a']) say(account);
  expect(say('d')).toEqual(['a', 'c']);
});

it('refuses the hundred-and-first that waits, and takes it when one is done', () => {
  const store = jobStore(database);
  const wish = { kind: 'bulk', account: null, detail: {}, total: 0, nowUs: 1 } as const;
  const insert = (n: number) => store.insert({ ...wish, id: key(n) });
  const taken = Array.from({ length: 101 }, (_, at) => insert(at + 1));
  expect(taken).toEqual([...Array(100).fill(true), false]);
  expect(store.byId(key(101))).toBeUndefined();
  store.update(key(1), { finished_at_us: 1 });
  expect(insert(101)).toBe(true);
  start(numbered(0));
});
