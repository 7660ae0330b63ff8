/** Client-side clock arithmetic: the truth lies within the bound, whatever the network did. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bestEstimate,
  type ClockExchange,
  certainlyPassedAtUs,
  EXCHANGES_MAX,
  estimateFrom,
  isPlausible,
  keepExchange,
  officialTimeUs,
} from '#protocol/clock-estimate.ts';
import { createGateClock } from '../../mini-client/core/index.ts';

/** An exchange that began at `atUs` of a client's clock `offsetUs` behind official time. */
function exchange(options: {
  atUs: number;
  offsetUs: number;
  thereUs: number;
  backUs: number;
  serverUs?: number;
  uncertaintyUs?: number;
}): ClockExchange {
  const { atUs, offsetUs, thereUs, backUs, serverUs = 0, uncertaintyUs = 0 } = options;
  return {
    sentAtUs: atUs,
    serverReceivedAtUs: atUs + offsetUs + thereUs,
    serverSentAtUs: atUs + offsetUs + thereUs + serverUs,
    receivedAtUs: atUs + thereUs + serverUs + backUs,
    serverUncertaintyUs: uncertaintyUs,
  };
}

const delay = fc.integer({ min: 0, max: 300_000 });

describe('the estimate of official time', () => {
  it('holds the true offset within its uncertainty for every asymmetry', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(delay, delay, fc.integer({ min: 0, max: 5_000 })), {
          minLength: 1,
          maxLength: 40,
        }),
        fc.integer({ min: -3_600_000_000, max: 3_600_000_000 }),
        (ways, offsetUs) => {
          const exchanges = ways.map(([thereUs, backUs, serverUs], index) =>
            exchange({ atUs: index * 1_000_000, offsetUs, thereUs, backUs, serverUs }),
          );
          const estimate = bestEstimate(exchanges, 41_000_000)!;
          expect(Math.abs(estimate.offsetUs - offsetUs)).toBeLessThanOrEqual(
            estimate.uncertaintyUs + 1,
          );
        },
      ),
    );
  });

  it('prefers the quickest exchange, until drift makes a newer one tighter', () => {
    const quick = exchange({ atUs: 0, offsetUs: 500, thereUs: 1_000, backUs: 1_000 });
    const slow = exchange({ atUs: 9_000_000, offsetUs: 500, thereUs: 9_000, backUs: 1_000 });
    expect(bestEstimate([quick, slow], 9_100_000, 100)?.roundTripUs).toBe(2_000);
    expect(bestEstimate([quick, slow], 90_000_000, 600)?.roundTripUs).toBe(10_000);
  });

  it('adds up server uncertainty, half the round trip and drift', () => {
    const one = exchange({
      ...{ atUs: 0, offsetUs: 0, thereUs: 4_000, backUs: 6_000 },
      uncertaintyUs: 300,
    });
    expect(estimateFrom(one, 1_000_000, 100).uncertaintyUs).toBe(300 + 5_000 + 100);
    expect(officialTimeUs(estimateFrom(one, 0), 10)).toBe(10 - 1_000);
  });

  it('lets nothing leave before opening and uncertainty have passed', () => {
    const one = exchange({ atUs: 0, offsetUs: 0, thereUs: 10_000, backUs: 10_000 });
    const estimate = estimateFrom(one, 0, 0);
    expect(certainlyPassedAtUs(estimate, 1_000_000)).toBe(1_010_000);
  });

  it('forgets what a clock said before it jumped', () => {
    const before = exchange({ atUs: 0, offsetUs: 0, thereUs: 100, backUs: 100 });
    const after = exchange({ atUs: 1_000, offsetUs: 60_000_000, thereUs: 900, backUs: 900 });
    const kept = keepExchange(keepExchange([], before), after);
    expect(kept).toEqual([after]);
  });

  it('keeps a bounded number, the tightest and the newest', () => {
    let kept: readonly ClockExchange[] = [];
    for (let index = 0; index < 100; index += 1) {
      const thereUs = index === 5 ? 50 : 1_000;
      const one = exchange({ atUs: index * 10_000, offsetUs: 0, thereUs, backUs: thereUs });
      kept = keepExchange(kept, one);
    }
    expect(kept).toHaveLength(EXCHANGES_MAX);
    expect(kept.some(({ sentAtUs }) => sentAtUs === 50_000)).toBe(true);
    expect(kept.at(-1)?.sentAtUs).toBe(990_000);
  });

  it.each([
    ['received before it was sent', { receivedAtUs: -1 }],
    ['sent by the server before it was received', { serverSentAtUs: 0 }],
    ['without a number', { serverReceivedAtUs: Number.NaN }],
    ['with a negative uncertainty', { serverUncertaintyUs: -1 }],
  ])('ignores an exchange %s', (_, wrong) => {
    const one = { ...exchange({ atUs: 0, offsetUs: 9, thereUs: 5, backUs: 5 }), ...wrong };
    expect(isPlausible(one)).toBe(false);
    expect(keepExchange([], one)).toEqual([]);
  });
});

describe('the clock of a gate', () => {
  it('asks in a burst at first, seldom afterwards, often shortly before an opening', () => {
    const count = (opensSoon: boolean) => {
      const clock = createGateClock();
      const answer = { type: 'time', t0: 0, t1Us: 10, t2Us: 10, uncertaintyUs: 0 } as const;
      clock.add({ ...answer, sync: 'synchronised' }, 20);
      let asked = 0;
      for (let us = 0; us < 10_000_000; us += 1_000) {
        if (clock.wantsExchange(us, opensSoon)) asked += 1;
      }
      return asked;
    };
    expect(count(false)).toBeLessThan(23);
    expect(count(true)).toBeGreaterThan(48);
    expect(count(true)).toBeLessThan(68);
  });
});

describe('the lead of a frame', () => {
  /** A clock that was answered over ways of `waysUs` there, a second apart, the last at 63 s. */
  function clockAfter(waysUs: readonly number[], uncertaintyUs = 700) {
    const clock = createGateClock();
    for (const [index, wayUs] of waysUs.entries()) {
      const sentAtUs = (64 - waysUs.length + index) * 1_000_000;
      const atGateUs = sentAtUs + 5_000_000 + wayUs;
      const answer = { t0: sentAtUs / 1000, t1Us: atGateUs, t2Us: atGateUs, uncertaintyUs };
      const frame = { type: 'time', ...answer, sync: 'synchronised' } as const;
      clock.add(frame, sentAtUs + wayUs + 90_000);
    }
    return clock;
  }
  const times = (count: number, us: (index: number) => number) =>
    Array.from({ length: count }, (_, index) => us(index));

  it('is unknown until sixteen ways were seen', () => {
    expect(clockAfter(times(15, () => 30_000)).lead(63_000_000)).toBeUndefined();
    expect(clockAfter(times(16, () => 30_000)).lead(63_000_000)).toBeDefined();
  });

  it('is the way there and the offset on an even line, however slow the way back', () => {
    const lead = clockAfter(times(20, () => 30_000)).lead(63_000_000);
    expect(lead).toEqual({
      ...{ soonestUs: 5_030_000, latestUs: 5_030_000, gateUncertaintyUs: 700 },
    });
  });

  it('leaves room below the quickest way: fifteen spacings, and the drift since', () => {
    const ways = times(40, (index) => 30_000 + 100 * index);
    // The quickest is the newest, a second old.
    const lead = clockAfter(ways.toReversed()).lead(64_000_000)!;
    expect(lead.soonestUs).toBe(5_030_000 - 600 - 1_500);
    expect(lead.latestUs).toBe(5_030_000 + 3_900);
  });

  it('forgets the ways that were seen before a clock jumped', () => {
    const clock = clockAfter(times(20, () => 30_000));
    const jumped = { type: 'time', t0: 64_000, t1Us: 9e9, t2Us: 9e9, uncertaintyUs: 0 } as const;
    clock.add({ ...jumped, sync: 'synchronised' }, 64_100_000);
    expect(clock.lead(64_100_000)).toBeUndefined();
  });
});
