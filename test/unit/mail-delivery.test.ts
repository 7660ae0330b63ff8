/** What the outbox does with slow, dead and refusing domains, and with a server that is gone. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Compilable } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type ManualClock,
  type ManualTimers,
  manualClock,
  manualTimers,
} from '#engine/clock/index.ts';
import { silentLog } from '#engine/foundation/log.ts';
import { seededRandom } from '#engine/foundation/random.ts';
import { type Delivery, startDelivery } from '#engine/mail/delivery.ts';
import { createOutbox, type Outbox } from '#engine/mail/outbox.ts';
import { NOTE_WAIT_MS, NOTES_MAX } from '#engine/mail/sent-notes.ts';
import { type Database, openDatabase } from '#engine/store/database/index.ts';
import { START_US } from '#test/contract/portal-world.ts';

type Answer = 'taken' | 'never' | 'later' | 'gone' | 'silent';

let root: string;
let database: Database;
let clock: ManualClock;
let timers: ManualTimers;
let outbox: Outbox;
let delivery: Delivery | undefined;
/** Recipients in the order in which they were taken. */
let taken: string[];
let tried: string[];
let answers: Record<string, Answer>;
let release: () => void;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'clickday-mail-'));
  database = openDatabase(join(root, 'mail.sqlite'));
  clock = manualClock({ nowUs: START_US });
  timers = manualTimers(clock);
  outbox = createOutbox({ database, clock, random: seededRandom('outbox', clock), queuedMax: 500 });
  [taken, tried, answers] = [[], [], {}];
});
afterEach(async () => {
  release?.();
  await delivery?.close();
  database.close();
  rmSync(root, { recursive: true });
});

/** Of transactions that are not within another. */
function countCommits() {
  const commits = { count: 0 };
  const { transaction } = database;
  database.transaction = (work) => {
    commits.count += 1;
    return transaction(work);
  };
  return commits;
}

const domain = (address: string) => address.split('@')[1] ?? '';

function start(pace = { perMinute: 1000, atOnce: 2 }): Delivery {
  const silence = new Promise<void>((resolve) => {
    release = resolve;
  });
  const said: Record<Exclude<Answer, 'taken' | 'silent'>, object> = {
    never: { responseCode: 550, command: 'RCPT TO', code: 'EENVELOPE' },
    later: { responseCode: 450, command: 'RCPT TO', code: 'EENVELOPE' },
    gone: { code: 'ESOCKET', command: 'CONN' },
  };
  delivery = startDelivery({
    ...{ outbox, clock, timers, random: seededRandom('mail', clock), log: silentLog() },
    ...{ pace, connections: 6 },
    transport: {
      keepText: true,
      deliver: async (_id, { to }) => {
        tried.push(to);
        const answer = answers[domain(to)] ?? answers['*'] ?? 'taken';
        if (answer === 'silent') await silence;
        else if (answer !== 'taken') throw Object.assign(new Error(answer), said[answer]);
        taken.push(to);
      },
      forget: () => undefined,
      close: () => undefined,
    },
  });
  return delivery;
}

const write = (to: string) => outbox.enqueue({ to, subject: 'S', text: 'T' }) ?? '';
const writeMany = (count: number, at: string) => {
  for (let n = 0; n < count; n += 1) write(`p${n}@${at}`);
};
const takenOf = (at: string) => taken.filter((to) => domain(to) === at).length;

describe('the pace of a domain', () => {
  it('gives one domain no more than its pace in any minute, and the others theirs', async () => {
    writeMany(50, 'big.example');
    writeMany(5, 'small.example');
    const running = start({ perMinute: 20, atOnce: 2 });
    await running.settle();
    expect([takenOf('big.example'), takenOf('small.example')]).toEqual([20, 5]);
    timers.advance(59_000);
    await running.settle();
    expect(takenOf('big.example')).toBe(20);
    timers.advance(1_000);
    await running.settle();
    expect(takenOf('big.example')).toBe(40);
    timers.advance(60_000);
    await running.settle();
    expect(takenOf('big.example')).toBe(50);
  });

  it('goes on while a domain says nothing: that one holds two connections', async () => {
    writeMany(50, 'slow.example');
    writeMany(50, 'quick.example');
    answers = { 'slow.example': 'silent' };
    start();
    await expect.poll(() => takenOf('quick.example')).toBe(50);
    expect(tried.filter((to) => domain(to) === 'slow.example')).toHaveLength(2);
  });

  it('serves domains by turns, whoever was first', async () => {
    for (let n = 0; n < 10; n += 1) writeMany(6, `d${n}.example`);
    await start().settle();
    expect(new Set(taken.slice(0, 24).map(domain)).size).toBe(10);
  });

  it('lets a domain rest that says "later" again and again, then tries one mail', async () => {
    writeMany(40, 'ill.example');
    answers = { 'ill.example': 'later' };
    const running = start();
    await running.settle();
    expect(tried.length).toBeLessThanOrEqual(4);
    expect(running.status().resting.map((each) => each.domain)).toEqual(['ill.example']);
    const before = tried.length;
    timers.advance(60_000);
    await running.settle();
    expect(tried.length).toBe(before + 1);
    answers = {};
    timers.advance(600_000);
    await running.settle();
    timers.advance(600_000);
    await running.settle();
    expect(takenOf('ill.example')).toBe(40);
  });
});

describe('what a server says', () => {
  it('fails a mail at once that is refused for good, and keeps why', async () => {
    answers = { 'none.example': 'never' };
    const id = write('nobody@none.example');
    await start().settle();
    expect(outbox.read(id)).toMatchObject({ status: 'failed', attempts: 1, error: 'never' });
  });

  it('blames no mail for a server that is gone, and tries it with one', async () => {
    writeMany(10, 'a.example');
    answers = { '*': 'gone' };
    const running = start();
    await running.settle();
    const first = tried.length;
    for (let hour = 0; hour < 30; hour += 1) {
      timers.advance(3_600_000);
      await running.settle();
    }
    expect(tried.length - first).toBeLessThanOrEqual(60);
    expect(running.status().trouble).toBe('gone');
    expect(outbox.list({ limit: 20 }).every(({ attempts }) => attempts === 0)).toBe(true);
    answers = {};
    timers.advance(120_000);
    await running.settle();
    expect(takenOf('a.example')).toBe(10);
    expect(running.status().trouble).toBeNull();
  });
});

describe('what was sent and is not noted yet', () => {
  const sentCount = () => outbox.counts().sent;

  it('is noted together, in one commit half a second after the first, and sent once', async () => {
    writeMany(20, 'a.example');
    const commits = countCommits();
    const running = start();
    await expect.poll(() => taken.length).toBe(20);
    expect([sentCount(), commits.count]).toEqual([0, 0]);
    running.refresh();
    timers.advance(NOTE_WAIT_MS);
    expect([sentCount(), commits.count]).toEqual([20, 1]);
    await running.settle();
    expect(taken).toHaveLength(20);
    expect(outbox.list({ limit: 1 })).toMatchObject([{ status: 'sent', sent_at_us: START_US }]);
  });

  it('holds further mails back when it cannot be noted, and sends none again', async () => {
    writeMany(NOTES_MAX + 30, 'a.example');
    const { markSent } = outbox;
    outbox = { ...outbox, markSent: () => expect.fail('the disk is full') };
    const running = start();
    await expect.poll(() => taken.length).toBeGreaterThanOrEqual(NOTES_MAX);
    timers.advance(10 * NOTE_WAIT_MS);
    await running.settle();
    expect(taken.length).toBeLessThan(NOTES_MAX + 6);
    Object.assign(outbox, { markSent });
    timers.advance(NOTE_WAIT_MS);
    await running.settle();
    expect([taken.length, new Set(taken).size]).toEqual([NOTES_MAX + 30, NOTES_MAX + 30]);
    expect(sentCount()).toBe(NOTES_MAX + 30);
  });
});

describe('the outbox', () => {
  it('refuses beyond its bound, and counts what stands in it', () => {
    writeMany(500, 'a.example');
    expect(outbox.enqueue({ to: 'x@a.example', subject: '', text: '' })).toBeNull();
    const [first, second, third] = outbox.list({ limit: 3 });
    outbox.markSent([{ id: first!.id, atUs: START_US }], { keepText: true });
    outbox.markAttempt(second!.id, { attempts: 1, error: 'no', nextAttemptUs: null });
    outbox.forget(third!.recipient);
    const { n } = database.first<{ n: number }>(
      database.build.selectFrom('mails').select((m) => m.fn.countAll<number>().as('n')),
    )!;
    const counts = outbox.counts();
    expect(counts).toEqual({ queued: 497, sent: 1, failed: 1 });
    expect(n).toBe(499);
  });

  it('finds what waits for a domain by an index, whatever else waits', () => {
    writeMany(20, 'a.example');
    const plans: string[] = [];
    const explain = <Row>(query: Compilable<Row>): Row | undefined => {
      const { sql: text, ...rest } = query.compile();
      const compile = () => ({ ...rest, sql: `EXPLAIN QUERY PLAN ${text}` });
      plans.push(...database.all({ compile } as Compilable<{ detail: string }>).map(detailOf));
      return undefined;
    };
    const random = seededRandom('explained', clock);
    const explained = createOutbox({ database: { ...database, first: explain }, clock, random });
    explained.due('a.example', ['x']);
    explained.dueUs('a.example', []);
    explained.firstDueUs();
    expect(plans).toEqual([
      'SEARCH mails USING INDEX mails_by_domain (<expr>=? AND next_attempt_us<?)',
      'SEARCH mails USING INDEX mails_by_domain (<expr>=?)',
      'SEARCH mails USING INDEX mails_waiting (status=?)',
    ]);
  });
});

const detailOf = ({ detail }: { detail: string }) => detail;
