/**
 * The arithmetic of synchronisation with tables: what one exchange proves, which exchange counts,
 * and what a majority of servers says whatever the minority claims.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agree, bestOf, errorAt, estimateOf } from '../../engine/clock/selection.ts';

fc.configureGlobal({ seed: 2011_01_31, numRuns: 500 });

const MS = 1_000;
const interval = (offsetUs: number, errorUs: number) => ({ offsetUs, errorUs, atUs: 0 });

describe('the offset of one exchange', () => {
  it.each([
    ['no delay at all', { offsetMs: 7, outMs: 0, backMs: 0 }, 7, 0],
    ['equal delays', { offsetMs: 0, outMs: 20, backMs: 20 }, 0, 20],
    ['all delay on the way out', { offsetMs: 0, outMs: 40, backMs: 0 }, 20, 20],
    ['all delay on the way back', { offsetMs: 5, outMs: 0, backMs: 40 }, -15, 20],
    ['an offset smaller than the delay', { offsetMs: 5, outMs: 20, backMs: 20 }, 5, 20],
    ['a server behind us', { offsetMs: -90_000, outMs: 10, backMs: 20 }, -90_005, 15],
  ])('%s', (_name, { offsetMs, outMs, backMs }, middleMs, errorMs) => {
    const serverMs = 1_000 + offsetMs + outMs;
    const estimate = estimateOf({
      sentUs: 1_000 * MS,
      serverReceivedUs: serverMs * MS,
      serverSentUs: (serverMs + 3) * MS,
      receivedUs: (1_000 + outMs + 3 + backMs) * MS,
      resolutionUs: 0,
      rootDelayUs: 0,
      rootDispersionUs: 0,
    });
    expect(estimate?.offsetUs).toBe(middleMs * MS);
    expect(estimate?.errorUs).toBe(errorMs * MS);
  });

  it('adds the root dispersion and half the root delay of the server', () => {
    const estimate = estimateOf({
      ...{ sentUs: 0, serverReceivedUs: 500, serverSentUs: 500, receivedUs: 1_000 },
      ...{ resolutionUs: 0, rootDelayUs: 3_000, rootDispersionUs: 700 },
    });
    expect(estimate).toEqual({ offsetUs: 0, errorUs: 500 + 1_500 + 700, atUs: 1_000 });
  });

  it('refuses timestamps that would need a packet to arrive before it was sent', () => {
    const estimate = estimateOf({
      ...{ sentUs: 0, serverReceivedUs: 0, serverSentUs: 9_000, receivedUs: 1_000 },
      ...{ resolutionUs: 1_000, rootDelayUs: 0, rootDispersionUs: 0 },
    });
    expect(estimate).toBeUndefined();
  });

  it('always holds the true offset, also when the server rounds down to whole milliseconds', () => {
    const us = fc.integer({ min: 0, max: 50_000 });
    const offset = fc.integer({ min: -10_000_000, max: 10_000_000 });
    fc.assert(
      fc.property(offset, us, us, us, us, (offsetUs, sentUs, outUs, heldUs, backUs) => {
        const receivedUs = sentUs + outUs + heldUs + backUs;
        const floor = (value: number) => Math.floor(value / MS) * MS;
        const estimate = estimateOf({
          ...{ sentUs, receivedUs, resolutionUs: MS, rootDelayUs: 0, rootDispersionUs: 0 },
          serverReceivedUs: floor(sentUs + outUs + offsetUs),
          serverSentUs: floor(sentUs + outUs + heldUs + offsetUs),
        });
        expect(estimate).toBeDefined();
        const distanceUs = Math.abs((estimate?.offsetUs ?? Number.NaN) - offsetUs);
        expect(distanceUs).toBeLessThanOrEqual(estimate?.errorUs ?? Number.NaN);
      }),
    );
  });
});

describe('the best of several exchanges', () => {
  it('is the one with the smallest error', () => {
    const estimates = [interval(4, 30), interval(5, 10), interval(6, 20)];
    expect(bestOf(estimates, 0, 15)).toBe(estimates[1]);
    expect(bestOf([], 0, 15)).toBeUndefined();
  });

  it('is a newer one once the drift has made the older one worse', () => {
    const old = { offsetUs: 0, errorUs: 100, atUs: 0 };
    const recent = { offsetUs: 0, errorUs: 200, atUs: 64_000_000 };
    expect(bestOf([old, recent], 64_000_000, 15)).toBe(recent);
    expect(errorAt(old, 64_000_000, 15)).toBe(100 + 960);
  });
});

describe('the vote of the servers', () => {
  it.each([
    ['one alone is believed', [interval(3, 10)], 3, 10, []],
    ['two that overlap', [interval(0, 10), interval(8, 10)], 4, 6, []],
    ['two that touch', [interval(0, 10), interval(20, 10)], 10, 0, []],
    ['a liar among three', [interval(0, 10), interval(2, 10), interval(1e7, 1)], 1, 9, [2]],
    [
      'a liar that pretends to be sharp',
      [interval(0, 10), interval(6, 10), interval(3, 0)],
      3,
      7,
      [],
    ],
    ['two liars among five', [0, 1, 2, 1e6, -1e6].map((at) => interval(at, 10)), 1, 9, [3, 4]],
  ])('%s', (_name, estimates, offsetUs, errorUs, outvoted) => {
    const agreement = agree(estimates, 0, 15);
    expect(agreement).toEqual({
      kind: 'agreed',
      estimate: { offsetUs, errorUs, atUs: 0 },
      outvoted,
    });
  });

  it.each([
    ['two that contradict', [interval(0, 10), interval(100, 10)]],
    ['three that all contradict', [interval(0, 1), interval(100, 1), interval(-100, 1)]],
    ['two pairs', [interval(0, 1), interval(1, 1), interval(50, 1), interval(51, 1)]],
    ['nobody', []],
  ])('has no majority: %s', (_name, estimates) => {
    expect(agree(estimates, 0, 15)).toEqual({ kind: 'no-majority' });
  });

  it('holds the true offset whatever a minority claims', () => {
    const truthUs = 123;
    const honest = fc
      .record({
        errorUs: fc.integer({ min: 1, max: 5_000 }),
        share: fc.double({ min: -1, max: 1, noNaN: true }),
      })
      .map(({ errorUs, share }) => interval(truthUs + share * errorUs, errorUs));
    const liar = fc
      .record({
        offsetUs: fc.integer({ min: -10_000, max: 10_000 }),
        errorUs: fc.integer({ min: 0, max: 9_000 }),
      })
      .map(({ offsetUs, errorUs }) => interval(offsetUs, errorUs));
    const servers = fc
      .integer({ min: 0, max: 3 })
      .chain((liars) =>
        fc.tuple(
          fc.array(honest, { minLength: liars + 1, maxLength: liars + 3 }),
          fc.array(liar, { minLength: liars, maxLength: liars }),
        ),
      );
    fc.assert(
      fc.property(servers, ([honestOnes, liars]) => {
        const agreement = agree([...liars, ...honestOnes], 0, 15);
        if (agreement.kind === 'no-majority') throw new Error('the honest are a majority');
        const { offsetUs, errorUs } = agreement.estimate;
        expect(Math.abs(offsetUs - truthUs)).toBeLessThanOrEqual(errorUs + 1e-6);
      }),
    );
  });
});
