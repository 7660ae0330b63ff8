/** The ranking as a pure function of the entries: places, lines, histogram. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { freshMerge } from '#engine/register/index.ts';
import type { LedgerEntry } from '#protocol/entry.ts';
import { ArrivalCounter } from '#protocol/ranking/arrivals.ts';
import { rankingHead, rankingLine, rankingRow } from '#protocol/ranking/lines.ts';
import { type Quota, quotaOf, quotasOf } from '#protocol/ranking/quotas.ts';
import {
  createFirstOnly,
  createRanking,
  isWanted,
  type RankedEntry,
} from '#protocol/ranking/ranking.ts';
import { entryOf, memoryLedger, OPENING_US } from '#test/support/register-entries.ts';

const QUOTAS: readonly Quota[] = [{ id: 'reserved', models: ['A', 'B'], places: 3 }];

/** Ledgers of one to three gates with entries of two days, some applications sent twice. */
const ledgersOf = fc
  .array(
    fc.array(
      fc.record({
        gap: fc.integer({ min: 1, max: 5 }),
        application: fc.integer({ min: 0, max: 40 }),
        clickDay: fc.constantFrom('2011-01-31', '2011-02-02'),
        model: fc.constantFrom('A', 'B', 'VA'),
        office: fc.constantFrom('RM', 'MI'),
      }),
      { maxLength: 40 },
    ),
    { minLength: 1, maxLength: 3 },
  )
  .map((gates) =>
    gates.map((drafts, gate) => {
      const seen = new Set<number>();
      let stampUs = OPENING_US;
      return drafts.flatMap(({ gap, application, ...facts }) => {
        if (seen.has(application)) return [];
        seen.add(application);
        stampUs += gap;
        const id = `application-${application}`;
        return [entryOf(`g${gate}`, seen.size, { ...facts, application: id, stampUs })];
      });
    }),
  );

/** The rules said once more in the simplest way: sort, throw repeats out, count. */
function naive(entries: readonly LedgerEntry[], day: string): RankedEntry[] {
  const sorted = [...entries].sort(
    (a, b) => a.stampUs - b.stampUs || (a.gate < b.gate ? -1 : a.gate > b.gate ? 1 : a.seq - b.seq),
  );
  const first = sorted.filter(
    (entry, at) => sorted.findIndex((each) => each.application === entry.application) === at,
  );
  const list = first.filter((entry) => entry.clickDay === day);
  const quota = ({ model }: LedgerEntry) => (model === 'VA' ? 'VA' : 'reserved');
  return list.map((entry, at) => {
    const upTo = list.slice(0, at + 1).filter((each) => quota(each) === quota(entry));
    const officePlace = upTo.filter((each) => each.office === entry.office).length;
    const places = { place: at + 1, quotaPlace: upTo.length, officePlace };
    return { entry, quota: quota(entry), ...places };
  });
}

describe('the ranking', () => {
  it('is the sorted entries without repeats, counted, over one to three gates', () => {
    fc.assert(
      fc.property(ledgersOf, (gates) => {
        const ledgers = gates.map((entries, at) => {
          const ledger = memoryLedger(`g${at}`);
          if (entries.length > 0) ledger.write(...entries);
          return ledger;
        });
        for (const day of ['2011-01-31', '2011-02-02']) {
          const ranking = createRanking(QUOTAS);
          const isFirst = createFirstOnly();
          const ranked: RankedEntry[] = [];
          for (const { entry } of freshMerge(ledgers)) {
            if (isFirst(entry) && entry.clickDay === day) ranked.push(ranking.rank(entry));
          }
          expect(ranked).toEqual(naive(gates.flat(), day));
        }
      }),
      { seed: 20110131, numRuns: 200 },
    );
  });

  it('counts an application that two gates accepted once, where it came first', () => {
    const isFirst = createFirstOnly();
    const [one, other] = [entryOf('g1', 1), entryOf('g2', 1)];
    expect([isFirst(one), isFirst(other), isFirst(entryOf('g2', 2))]).toEqual([true, false, true]);
  });

  it('keeps the places of the whole day under every filter', () => {
    const ranking = createRanking(QUOTAS);
    const ranked = [
      ranking.rank(entryOf('g1', 1, { model: 'VA' })),
      ranking.rank(entryOf('g1', 2, { model: 'A', office: 'MI' })),
      ranking.rank(entryOf('g2', 1, { model: 'B', stampUs: OPENING_US + 7 })),
    ];
    const placesOf = (filter: Parameters<typeof isWanted>[1]) =>
      ranked.filter((each) => isWanted(each, filter)).map(({ place }) => place);
    expect(placesOf({})).toEqual([1, 2, 3]);
    expect(placesOf({ quota: 'reserved' })).toEqual([2, 3]);
    expect(placesOf({ quota: 'reserved', office: 'RM' })).toEqual([3]);
    expect(placesOf({ gate: 'g2' })).toEqual([3]);
    expect(placesOf({ fromUs: OPENING_US + 2, toUs: OPENING_US + 7 })).toEqual([2]);
  });
});

describe('quotas', () => {
  it('come from the rules that name them; each model belongs to one', () => {
    const rules = [
      { quota: 'reserved', models: ['A', 'B'], places: 52_080 },
      { models: ['Z'] },
      { quota: 'descent', models: ['B', 'C'] },
      { quota: 'reserved', models: ['D'], places: 1 },
      { quota: 'empty', models: ['A'] },
    ];
    const quotas = quotasOf(rules);
    expect(quotas).toEqual([
      { id: 'reserved', models: ['A', 'B', 'D'], places: 52_080 },
      { id: 'descent', models: ['C'] },
    ]);
    expect(['A', 'B', 'C', 'Z'].map((model) => quotaOf(quotas, model))).toEqual([
      'reserved',
      'reserved',
      'descent',
      'Z',
    ]);
  });
});

describe('a line of the list', () => {
  const ranked = createRanking([]).rank(entryOf('g1', 7, { stampUs: OPENING_US + 123 }));
  const row = rankingRow(ranked, 'dYjPBBM3ZDYcgc_p7RBciLonnBdD5jwl6MYJ2pm1Iyc');

  it('is this text, to the byte', () => {
    expect(rankingLine(row, 'ndjson')).toBe(
      '{"clickDay":"2011-01-31","place":1,"quota":"B","quotaPlace":1,"office":"RM",' +
        '"officePlace":1,"application":"01J00000000000000000000007",' +
        '"protocol":"2011-01-31/g1/000000007","stamp":"2011-01-31T07:00:00.000123Z",' +
        '"uncertaintyUs":250,"gate":"g1","model":"B",' +
        '"leafHash":"dYjPBBM3ZDYcgc_p7RBciLonnBdD5jwl6MYJ2pm1Iyc"}\n',
    );
    expect(rankingHead('ndjson')).toBe('');
    expect(rankingHead('csv') + rankingLine(row, 'csv')).toBe(
      'clickDay,place,quota,quotaPlace,office,officePlace,application,protocol,stamp,' +
        'uncertaintyUs,gate,model,leafHash\n' +
        '2011-01-31,1,B,1,RM,1,01J00000000000000000000007,2011-01-31/g1/000000007,' +
        '2011-01-31T07:00:00.000123Z,250,g1,B,dYjPBBM3ZDYcgc_p7RBciLonnBdD5jwl6MYJ2pm1Iyc\n',
    );
  });

  it('starts no formula in a spreadsheet, and quotes what CSV must', () => {
    const odd = { ...row, office: '=1+1', model: 'a,"b"\n' };
    const line = rankingLine(odd, 'csv');
    expect(line).toContain(`,'=1+1,`);
    expect(line).toContain(`,"a,""b""\n",`);
  });
});

describe('arrivals', () => {
  it('are counted from the opening in buckets, with neighbours less than 1 ms apart', () => {
    const counter = new ArrivalCounter(OPENING_US);
    const afterUs = [0, 999, 1_999, 9_999, 10_000, 999_999, 1_000_000, 59_999_999, 60_000_000];
    for (const each of afterUs) counter.add(OPENING_US + each);
    counter.add(OPENING_US + 86_400_000_000);
    const { firstSecond, firstMinute, minutes, ...rest } = counter.result();
    expect([firstSecond[0], firstSecond[1], firstSecond[99]]).toEqual([4, 1, 1]);
    expect([firstSecond.length, firstMinute.length]).toEqual([100, 60]);
    expect([firstMinute[0], firstMinute[1], firstMinute[59]]).toEqual([6, 1, 1]);
    expect(minutes).toEqual([8, 1]);
    // 0–999, 9999–10000, 999999–1000000 and 59999999–60000000; 999–1999 is a whole millisecond.
    expect(rest).toEqual({ total: 10, later: 1, closePairs: 4, closestUs: 1 });
  });

  it('of nobody are nothing', () => {
    const { total, minutes, closestUs } = new ArrivalCounter(OPENING_US).result();
    expect([total, minutes, closestUs]).toEqual([0, [], null]);
  });
});
