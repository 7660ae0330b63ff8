/**
 * The judges of fairness: each is compared with the plain definition, or shown what it must
 * see.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  inboundUnfairness,
  inversionRate,
  largestInversionUs,
  longestRun,
  type Place,
  placesAmong,
} from '#bench/fairness/order.ts';
import { atMost, type Figure, isCorrect, verdictOf } from '#bench/figures.ts';

const places = fc
  .array(fc.record({ connection: fc.nat(3), sentAtUs: fc.nat(40) }), { maxLength: 24 })
  .chain((sends) => {
    const numbers = sends.map((_, at) => at + 1);
    return fc
      .shuffledSubarray(numbers, { minLength: numbers.length })
      .map((seqs) => sends.map((send, at): Place => ({ ...send, seq: seqs[at]! })));
  });

/** Pairs of different connections with s_j − s_i ≥ δ, as the definition has them: O(n²). */
function pairsOf(all: readonly Place[], deltaUs: number) {
  return all.flatMap((one) =>
    all
      .filter((other) => other.connection !== one.connection)
      .filter((other) => other.sentAtUs - one.sentAtUs >= deltaUs)
      .map((other) => ({
        apartUs: other.sentAtUs - one.sentAtUs,
        isInverted: one.seq > other.seq,
      })),
  );
}

describe('the inversion rate', () => {
  it('is that of its definition, pair by pair', () => {
    fc.assert(
      fc.property(places, fc.integer({ min: 1, max: 20 }), (all, deltaUs) => {
        const pairs = pairsOf(all, deltaUs);
        const inverted = pairs.filter(({ isInverted }) => isInverted);
        const rate = pairs.length === 0 ? 0 : inverted.length / pairs.length;
        expect(inversionRate(all, deltaUs)).toBeCloseTo(rate, 12);
      }),
      { seed: 7 },
    );
  });

  it('has the largest inversion of its definition', () => {
    fc.assert(
      fc.property(places, (all) => {
        const inverted = pairsOf(all, 1).filter(({ isInverted }) => isInverted);
        const largest = Math.max(0, ...inverted.map(({ apartUs }) => apartUs));
        expect(largestInversionUs(all)).toBe(largest);
      }),
      { seed: 7 },
    );
  });

  it('sees a server that reads socket by socket', () => {
    const sent = Array.from({ length: 100 }, (_, at) => ({
      connection: at % 10,
      sentAtUs: at * 1000,
    }));
    const inOrder = sent.map((one, at) => ({ ...one, seq: at + 1 }));
    expect(inversionRate(inOrder, 1000)).toBe(0);
    expect(largestInversionUs(inOrder)).toBe(0);
    const bySocket = sent
      .toSorted((a, b) => a.connection - b.connection)
      .map((one, at) => ({ ...one, seq: at + 1 }));
    expect(inversionRate(bySocket, 1000)).toBeGreaterThan(0.4);
    expect(largestInversionUs(bySocket)).toBe(89_000);
  });

  it('takes a hundred thousand entries within a test', () => {
    const count = 100_000;
    const reversed = Array.from({ length: count }, (_, at) => ({
      ...{ connection: at % 2, sentAtUs: at },
      seq: count - at,
    }));
    expect(inversionRate(reversed, 1)).toBe(1);
  });
});

describe('the longest run', () => {
  it('counts only while another connection waits', () => {
    expect(longestRun([1, 2, 1, 2, 1, 1, 1])).toBe(1);
    expect(longestRun([1, 1, 2])).toBe(2);
    expect(longestRun([1, 2, 2, 2, 1, 3])).toBe(3);
    expect(longestRun([1, 1, 1])).toBe(0);
    expect(longestRun([])).toBe(0);
  });
});

describe('places and stamps', () => {
  it('are counted among the first, and against the one before', () => {
    expect(placesAmong([0, 1, 0, 2, 0], 3, new Set([0]))).toBe(2);
    const entry = (seq: number, stampUs: number) => ({ seq, stampUs });
    expect(inboundUnfairness([entry(2, 20), entry(1, 10), entry(3, 20)])).toBe(0);
    expect(inboundUnfairness([entry(1, 10), entry(2, 9), entry(3, 11), entry(4, 12)])).toBe(0.25);
  });
});

describe('a verdict', () => {
  const figure = (values: number[], more: Partial<Figure> = {}): Figure => ({
    ...{ scenario: 'one', target: '≤ 1', ...atMost(1), values },
    ...more,
  });

  it('is that of the worst run, and a control must miss', () => {
    expect(verdictOf(figure([0, 1]))).toBe('reached');
    expect(verdictOf(figure([0, 2]))).toBe('missed');
    expect(verdictOf(figure([]))).toBe('missed');
    expect(verdictOf(figure([2], { isControl: true }))).toBe('caught');
    expect(verdictOf(figure([1], { isControl: true }))).toBe('NOT CAUGHT');
  });

  it('fails the suite for correctness and blind judges, not for time', () => {
    expect(isCorrect([figure([2])])).toBe(true);
    expect(isCorrect([figure([2], { isCorrectness: true })])).toBe(false);
    expect(isCorrect([figure([1], { isControl: true })])).toBe(false);
  });
});
