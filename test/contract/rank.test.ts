/**
 * `clickday rank` against logs that are right and logs that lie: what it writes, what it refuses,
 * and that nothing is written where it was asked for before all of it is proven.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { type RankFlags, rank } from '#engine/commands/rank.ts';
import { leafHash } from '#engine/ledger/index.ts';
import type { ClickDay } from '#protocol/calendar.ts';
import { type LedgerEntry, leafText } from '#protocol/entry.ts';
import { rankingHead, rankingLine, rankingRow } from '#protocol/ranking/lines.ts';
import { compareEntries } from '#protocol/ranking/order.ts';
import { createRanking } from '#protocol/ranking/ranking.ts';
import { type PublishedLog, publishLog, signedCalendar } from '#test/support/published-logs.ts';
import { applicationId, entryOf, OPENING_US } from '#test/support/register-entries.ts';
import { temporaryDirectory } from '#test/support/system.ts';

const QUOTAS = [{ id: 'shared', models: ['A', 'B'] }];
const DAYS: ClickDay[] = [
  {
    id: '2011-01-31',
    opensAt: '2011-01-31T07:00:00.000000Z',
    closesAt: '2011-01-31T22:00:00.000000Z',
    quotas: QUOTAS,
  },
  {
    id: '2011-02-02',
    opensAt: '2011-02-02T07:00:00.000000Z',
    closesAt: '2011-02-02T22:00:00.000000Z',
  },
];
const CALENDAR = signedCalendar(DAYS);

/** g1 has odd instants, g2 even ones; the last of g2 is a repeat of the first of g1. */
function entriesOf(gate: 'g1' | 'g2', count: number): LedgerEntry[] {
  const shift = gate === 'g1' ? 1 : 2;
  return Array.from({ length: count }, (_, at) =>
    entryOf(gate, at + 1, {
      application: applicationId(gate === 'g2' && at === count - 1 ? 1 : 2 * at + shift),
      model: at % 5 === 0 ? 'VA' : at % 2 === 0 ? 'A' : 'B',
      clickDay: at % 11 === 10 ? '2011-02-02' : '2011-01-31',
      stampUs: OPENING_US + 2 * at + shift,
    }),
  );
}

const G1 = entriesOf('g1', 700);
const G2 = entriesOf('g2', 300);

/** The list said once more in the simplest way. */
function expectedList(format: 'ndjson' | 'csv', clickDay = '2011-01-31'): string {
  const ranking = createRanking(clickDay === '2011-01-31' ? QUOTAS : []);
  const sorted = [...G1, ...G2.slice(0, -1)].toSorted(compareEntries);
  const lines = sorted
    .filter((entry) => entry.clickDay === clickDay)
    .map((entry) => {
      const hash = leafHash(leafText(entry)).toString('base64url');
      return rankingLine(rankingRow(ranking.rank(entry), hash), format);
    });
  return rankingHead(format) + lines.join('');
}

let folder = '';
let one: PublishedLog;
let two: PublishedLog;
let said: string[] = [];
let out = '';

beforeEach(async () => {
  folder = temporaryDirectory();
  out = join(folder, 'list.ndjson');
  one = await publishLog({ origin: 'test/g1', entries: G1, calendar: CALENDAR, folder });
  two = await publishLog({ origin: 'test/g2', entries: G2, calendar: CALENDAR, folder });
  said = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0);
  onTestFinished(() => {
    one.close();
    two.close();
    vi.restoreAllMocks();
  });
});

const run = (flags: Partial<RankFlags> = {}) =>
  rank({ fromLog: [two.url, one.url], clickDay: '2011-01-31', out, ...flags });
const refusal = async (flags: Partial<RankFlags> = {}) => {
  const error = await run(flags).then(
    () => undefined,
    (reason: unknown) => reason as { code: string; message: string },
  );
  return `${error?.code}: ${error?.message}`;
};

describe('rank', () => {
  it('rebuilds the list of both logs, byte for byte, whichever log is named first', async () => {
    await run();
    expect(readFileSync(out, 'utf8')).toBe(expectedList('ndjson'));
    const csv = join(folder, 'list.csv');
    await run({ fromLog: [one.url, `${two.url.replace('http', 'ws')}/`], out: csv });
    expect(readFileSync(csv, 'utf8')).toBe(expectedList('csv'));
    await run({ clickDay: '2011-02-02' });
    expect(readFileSync(out, 'utf8')).toBe(expectedList('ndjson', '2011-02-02'));
  });

  it('finds a published list the same, an older one its beginning, a false one different', async () => {
    const published = join(folder, 'published.ndjson');
    const list = expectedList('ndjson');
    const lines = list.split('\n');
    const compared = async (text: string) => {
      writeFileSync(published, text);
      return refusal({ compare: published });
    };
    expect(await compared(list)).toBe('undefined: undefined');
    expect(said.join('')).toContain('Identical: all');
    // The day is long over: a list that ends early keeps somebody's place from the public.
    expect(await compared(`${lines.slice(0, 400).join('\n')}\n`)).toContain('RANKING_DIFFERS');
    expect(said.join('')).toContain('ends 509 places early');
    for (const wrong of [
      lines.with(9, lines[10]!).with(10, lines[9]!).join('\n'),
      lines.toSpliced(9, 1).join('\n'),
      list.slice(0, -1),
      `${list}\n`,
      list.replaceAll('\n', '\r\n'),
      `${list}${lines[3]}\n`,
      '',
    ]) {
      expect(await compared(wrong)).toContain('RANKING_DIFFERS');
    }
    expect(said.join('')).toContain('line 10 differs');
  });

  it('lists what a filter lets through, with the places of the whole day', async () => {
    const to = '2011-01-31T07:00:00.000501Z';
    await run({ quota: 'VA', gate: 'g2', to });
    const wanted = expectedList('ndjson')
      .split('\n')
      .filter((line) => /"quota":"VA".*"gate":"g2"/.test(line))
      .filter((line) => (JSON.parse(line) as { stamp: string }).stamp < to);
    expect(wanted.length).toBeGreaterThan(10);
    expect(readFileSync(out, 'utf8')).toBe(`${wanted.join('\n')}\n`);
  });

  it('trusts given keys alone', async () => {
    await run({ key: [one.key, two.key] });
    expect(said.join('')).toContain('a key that you gave');
    expect(await refusal({ key: [one.key] })).toContain('LOG_INVALID');
    expect(await refusal({ key: ['nonsense'] })).toContain('USAGE');
  });

  it('tries again while a log is busy, and keeps full tiles for the next time', async () => {
    let busy = 2;
    one.change = (path, body) => {
      if (!path.includes('entries/001') || busy === 0) return body;
      busy -= 1;
      return undefined;
    };
    const cache = join(folder, 'cache');
    await run({ cache });
    expect(readFileSync(out, 'utf8')).toBe(expectedList('ndjson'));
    expect(said.filter((line) => line.includes('trying again')).length).toBe(2);
    one.asked.length = 0;
    await run({ cache });
    expect(one.asked.filter((path) => path.startsWith('tile/'))).toEqual([
      'tile/entries/002.p/188',
    ]);
    expect(readFileSync(out, 'utf8')).toBe(expectedList('ndjson'));
  });
});

describe('rank refuses', () => {
  const isTile = (path: string) => path === 'tile/entries/001';
  const lies: [string, string, (path: string, body: Buffer) => Buffer][] = [
    [
      'an entry of which one byte was changed',
      'root that was signed',
      (path, body) =>
        isTile(path)
          ? Buffer.from(body.toString('latin1').replace('"RM"', '"RN"'), 'latin1')
          : body,
    ],
    [
      'an entry that was taken away',
      'no whole tile',
      (path, body) => (isTile(path) ? body.subarray(2 + body.readUInt16BE(0)) : body),
    ],
    [
      'entries that were exchanged',
      'says that it is',
      (path, body) => {
        if (!isTile(path)) return body;
        const length = 2 + body.readUInt16BE(0);
        const [first, rest] = [body.subarray(0, length), body.subarray(length)];
        const next = 2 + rest.readUInt16BE(0);
        return Buffer.concat([rest.subarray(0, next), first, rest.subarray(next)]);
      },
    ],
    [
      'a checkpoint of another size',
      'is not signed by a key that the log names',
      (path, body) =>
        path === 'checkpoint' ? Buffer.from(String(body).replace('\n700\n', '\n699\n')) : body,
    ],
    [
      'a calendar that was changed',
      'calendar does not verify',
      (path, body) =>
        path === 'calendar' ? Buffer.from(String(body).replace(/\.(.)/, '.A')) : body,
    ],
    ['a file that is too large', 'larger', () => Buffer.alloc(2_000_000)],
  ];
  it.each(lies)('%s', async (_name, words, lie) => {
    writeFileSync(out, 'as it was');
    one.change = lie;
    expect(await refusal()).toMatch(new RegExp(`LOG_INVALID: .*${words}`));
    expect(readFileSync(out, 'utf8')).toBe('as it was');
  });

  it('two logs of one gate, and calendars of two portals', async () => {
    expect(await refusal({ fromLog: [one.url, one.url] })).toContain('two logs are of one gate');
    const calendar = signedCalendar(DAYS);
    const other = await publishLog({ origin: 'test/g2', entries: G2, calendar, folder });
    onTestFinished(other.close);
    expect(await refusal({ fromLog: [one.url, other.url] })).toContain('another portal');
  });

  it('a log whose stamps do not rise, though it is signed', async () => {
    const entries = [...G2.slice(0, 5), { ...G2[5]!, stampUs: G2[4]!.stampUs }];
    const log = await publishLog({ origin: 'test/g3', entries, calendar: CALENDAR, folder });
    onTestFinished(log.close);
    expect(await refusal({ fromLog: [log.url] })).toContain('no later stamp');
  });

  it('what is not there, in words that say what to do', async () => {
    expect(await refusal({ clickDay: '2050-01-01' })).toContain('2011-01-31, 2011-02-02');
    expect(await rank({ fromLog: [one.url], out }).catch((error) => error.code)).toBe(
      'CLICK_DAY_UNKNOWN',
    );
    expect(await refusal({ fromLog: ['somewhere'] })).toContain('USAGE');
    expect(await refusal({ to: 'tomorrow' })).toContain('USAGE');
    expect(await refusal({ compare: join(folder, 'nothing') })).toContain('USAGE');
    expect(await refusal({ out: join(folder, 'no', 'such') })).toContain('OUT_UNWRITABLE');
    expect(existsSync(out)).toBe(false);
  });
});
