/** The public ranking over HTTP: pages, filters, lists, histogram; no personal data, no login. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LedgerEntry } from '#protocol/entry.ts';
import type {
  RankingHistogram,
  RankingPage,
  RankingSummary,
  RankingsAnswer,
} from '#protocol/ranking/api.ts';
import { RANKING_COLUMNS, type RankingRow } from '#protocol/ranking/lines.ts';
import { type Caller, openWorld, START_US, type World } from '#test/contract/portal-world.ts';
import { applicationId, entryOf, OPENING_US } from '#test/support/register-entries.ts';

const DAY = '2011-01-31';
const LIST = `/api/rankings/${DAY}`;
const FIRST = 450;

let world: World;
beforeAll(async () => {
  world = await openWorld();
  const administrator = await world.administrator();
  await plan(administrator, DAY);
  await plan(administrator, 'later');
  world.clock.advance(OPENING_US - START_US);
  await world.register(entries(1, FIRST));
});
afterAll(() => world.close());

const plan = (by: Caller, id: string) =>
  by.call('POST', '/api/admin/click-days', {
    id,
    name: { it: 'Quote riservate', en: 'Reserved quotas' },
    opensAt: '2011-01-31T07:00:00.000000Z',
    closesAt: '2011-01-31T22:00:00.000000Z',
    rules: [{ models: ['A', 'B'], quota: 'reserved', places: 100 }, { models: ['VA'] }],
  });

/** Entries 1 … of two gates in turn; every seventh is a VA, every third of Milan. */
function entries(from: number, to: number): LedgerEntry[] {
  return Array.from({ length: to - from + 1 }, (_, at) => {
    const number = from + at;
    return entryOf(number % 2 === 0 ? 'g1' : 'g2', Math.ceil(number / 2), {
      application: applicationId(number),
      model: number % 7 === 0 ? 'VA' : 'B',
      office: number % 3 === 0 ? 'MI' : 'RM',
      stampUs: OPENING_US + 700 * number,
    });
  });
}

const get = <Body>(path: string, headers?: Record<string, string>) =>
  world.nobody.call<Body>('GET', path, undefined, headers);
const page = async (words = '') => (await get<RankingPage>(`${LIST}?${words}`)).body;
const text = async (words: string) => {
  const { body, headers } = await get<Buffer>(`${LIST}/${words}`);
  return { text: body.toString('utf8'), headers };
};
const rowsOf = (ndjson: string) =>
  ndjson
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as RankingRow);

describe('the public ranking', () => {
  it('says how many places each click day, quota, office and gate has', async () => {
    const { body } = await get<RankingsAnswer>('/api/rankings');
    const day: RankingSummary | undefined = body.rankings.find(({ clickDay }) => clickDay === DAY);
    expect(day).toMatchObject({ count: FIRST, finalUntil: '2011-01-31T07:00:00.315001Z' });
    expect(day?.quotas).toEqual([
      { id: 'reserved', models: ['A', 'B'], places: 100, count: FIRST - 64 },
      { id: 'VA', models: ['VA'], places: null, count: 64 },
    ]);
    expect(day?.offices).toEqual([
      { id: 'MI', count: 150 },
      { id: 'RM', count: 300 },
    ]);
    expect(day?.gates.map(({ id }) => id)).toEqual(['g1', 'g2']);
  });

  it('is walked page by page, each place once, in order', async () => {
    const seen: number[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { rows, next, total }: RankingPage = await page(
        `limit=200${cursor && `&cursor=${cursor}`}`,
      );
      expect(total).toBe(FIRST);
      seen.push(...rows.map(({ place }) => place));
      cursor = next;
    }
    expect(seen).toEqual(Array.from({ length: FIRST }, (_, at) => at + 1));
  });

  it('is filtered by quota, office, gate and instant, the places staying those of the day', async () => {
    const { rows, total } = await page('quota=VA&office=MI&limit=3');
    expect(rows.map(({ place }) => place)).toEqual([21, 42, 63]);
    expect(rows.map(({ quotaPlace }) => quotaPlace)).toEqual([3, 6, 9]);
    expect(rows.map(({ officePlace }) => officePlace)).toEqual([1, 2, 3]);
    expect(total).toBe(21);
    const instants = 'from=2011-01-31T07:00:00.007000Z&to=2011-01-31T07:00:00.008400Z';
    expect((await page(instants)).rows.map(({ place }) => place)).toEqual([10, 11]);
    expect((await page('gate=g2&limit=2')).rows.map(({ gate }) => gate)).toEqual(['g2', 'g2']);
    expect((await page('office=XX')).total).toBe(0);
  });

  it('finds one application by its id, and by its protocol number', async () => {
    const [row] = (await page(`application=${applicationId(42)}`)).rows;
    expect(row).toMatchObject({ place: 42, quota: 'VA', protocol: `${DAY}/g1/000000021` });
    const found = { place: 42, duplicateOf: null } as never;
    world.entries.set(`${DAY}/g1/000000021`, found);
    expect((await page(`application=${DAY}/g1/21`)).rows).toEqual([row]);
    expect((await page('application=nobody')).rows).toEqual([]);
  });

  it('goes on where a page ended while entries arrive, and what was shown stays', async () => {
    const before = await page('limit=200');
    await world.register(entries(FIRST + 1, FIRST + 60));
    const again = await page('limit=200');
    expect(again.rows).toEqual(before.rows);
    expect(again.count).toBe(FIRST + 60);
    const after = await page(`limit=200&cursor=${before.next}`);
    expect(after.rows[0]?.place).toBe(201);
  });

  it('does not give a repeat of an application a place', async () => {
    const repeat = { ...entries(5, 5)[0]!, gate: 'g3', seq: 1, stampUs: OPENING_US + 400_000 };
    await world.register([repeat]);
    expect((await page()).count).toBe(FIRST + 60);
  });

  it('is downloaded whole in both forms, the older list the beginning of the newer', async () => {
    const { text: list, headers } = await text('list.ndjson');
    const rows = rowsOf(list);
    expect(rows.map(({ place }) => place)).toEqual(Array.from(rows, (_, at) => at + 1));
    expect(rows.length).toBe(FIRST + 60);
    expect(headers.get('content-type')).toContain('application/x-ndjson');
    expect(headers.get('content-disposition')).toContain(`clickday-${DAY}.ndjson`);
    const until = headers.get('clickday-final-until')!;
    await world.register(entries(FIRST + 61, FIRST + 70));
    const newer = (await text('list.ndjson')).text;
    expect(newer.startsWith(list) && newer.length > list.length).toBe(true);
    expect((await text(`list.ndjson?to=${until}`)).text).toBe(list);
    const csv = (await text('list.csv?quota=VA')).text.split('\n');
    expect(csv[0]).toBe(RANKING_COLUMNS.join(','));
    expect(csv[1]).toContain(`${DAY},7,VA,1,RM,1,${applicationId(7)},${DAY}/g2/000000004,`);
  });

  it('shows nothing but what is published: no person, no digest, no account', async () => {
    for (const row of [
      ...(await page('limit=1')).rows,
      rowsOf((await text('list.ndjson')).text)[0],
    ]) {
      expect(Object.keys(row!).sort()).toEqual([...RANKING_COLUMNS].sort());
    }
  });

  it('counts arrivals from the opening, and again when there are more', async () => {
    const histogram = async (words = '') =>
      (await get<RankingHistogram>(`${LIST}/histogram?${words}`)).body;
    const { firstSecond, total, closePairs, closestUs, minutes } = await histogram();
    expect([total, closePairs, closestUs]).toEqual([FIRST + 70, FIRST + 69, 700]);
    // Stamps 700 µs apart: numbers 1 to 14 fall into the first 10 ms.
    expect([firstSecond[0], firstSecond[1], minutes]).toEqual([14, 14, [FIRST + 70]]);
    expect((await histogram('quota=VA')).total).toBe(74);
    await world.register(entries(FIRST + 71, FIRST + 71));
    expect((await histogram()).total).toBe(FIRST + 71);
  });

  it('answers 304 to who has it already, and may be kept for a second', async () => {
    const first = await get(LIST);
    expect(first.headers.get('cache-control')).toBe('public, max-age=1');
    const etag = first.headers.get('etag')!;
    for (const path of [LIST, `${LIST}/histogram`, `${LIST}/summary`]) {
      expect((await get(path, { 'if-none-match': etag })).status, path).toBe(304);
    }
    await world.register(entries(FIRST + 72, FIRST + 72));
    expect((await get(LIST, { 'if-none-match': etag })).status).toBe(200);
  });

  it('says what cannot be asked', async () => {
    for (const words of ['limit=0', 'cursor=x', 'from=yesterday']) {
      expect((await get(`${LIST}?${words}`)).status, words).toBe(422);
    }
    for (const path of ['', '/histogram', '/list.csv', '/list.ndjson', '/summary']) {
      expect((await get(`/api/rankings/2050-01-01${path}`)).status, path).toBe(404);
    }
  });

  it('is empty before the opening, and does not let the quotas change after it', async () => {
    expect((await get<RankingPage>('/api/rankings/later')).body).toMatchObject({
      ...{ count: 0, finalUntil: null, rows: [], next: null },
    });
    const times = {
      opensAt: '2011-01-31T07:00:00.000000Z',
      closesAt: '2011-02-01T22:00:00.000000Z',
    };
    const change = { name: { it: 'Quote', en: 'Quotas' }, ...times };
    // The session of two weeks ago is over.
    const again = await world.person('admin@clickday.example', 'una parola lunga');
    const put = (rules: object[]) =>
      again.call('PUT', `/api/admin/click-days/${DAY}`, { ...change, rules });
    const other = await put([{ models: ['A'], quota: 'reserved' }]);
    expect([other.status, other.body.code]).toEqual([409, 'QUOTAS_FIXED']);
    // How many places there are may still be corrected.
    expect((await put([{ models: ['A', 'B'], quota: 'reserved', places: 120 }])).status).toBe(200);
  });

  it('is asked for only so often by one address', async () => {
    const busy = await openWorld({
      limits: { rankingsPerMinutePerAddress: 5, listsPerMinutePerAddress: 2 },
    });
    await plan(await busy.administrator(), DAY);
    const ask = async (path: string) => (await busy.nobody.call('GET', path)).status;
    const statuses: number[] = [];
    for (let times = 0; times < 3; times += 1) statuses.push(await ask(`${LIST}/list.csv`));
    expect(statuses).toEqual([200, 200, 429]);
    for (let times = 0; times < 6; times += 1) statuses.push(await ask(LIST));
    expect(statuses.slice(-2)).toEqual([200, 429]);
    await busy.close();
  });
});
