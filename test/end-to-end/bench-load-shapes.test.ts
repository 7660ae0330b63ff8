/** The load shapes at the smallest scale, on real gates: what they measure must be correct. */
import { describe, expect, it } from 'vitest';
import { type Figure, isCorrect } from '#bench/figures.ts';
import { measureDecree } from '#bench/scenarios/decree.ts';
import { measureGreeting } from '#bench/scenarios/greeting.ts';
import { measureHalfLoad } from '#bench/scenarios/half-load.ts';
import { measureHammer } from '#bench/scenarios/hammer.ts';
import { measureOverload } from '#bench/scenarios/overload.ts';

const silent = () => undefined;
const figureOf = (figures: readonly Figure[], words: string) =>
  figures.find(({ scenario }) => scenario.includes(words))?.values[0];

describe('a small load', () => {
  it('greets everybody', async () => {
    const figures = await measureGreeting({ runs: 1, connections: 40, lines: 3 }, silent);
    expect(isCorrect(figures)).toBe(true);
    expect(figureOf(figures, '40 connections with hello')).toBeGreaterThan(0);
  });

  it('is measured at half of the capacity', async () => {
    const figures = await measureHalfLoad({ runs: 1, capacity: 2_000, seconds: 0.2 }, silent);
    expect(isCorrect(figures)).toBe(true);
    expect(figureOf(figures, 'p99, ms')).toBeGreaterThan(0);
    expect(figureOf(figures, 'refused')).toBe(0);
  });

  it('hammers across an opening', async () => {
    const rounds = { rounds: 20, saturatedRounds: 60 };
    const sizes = { runs: 1, connections: 40, capacity: { perSecond: 5_000 }, ...rounds };
    const figures = await measureHammer(sizes, silent);
    expect(isCorrect(figures)).toBe(true);
    expect(Number.isFinite(figureOf(figures, 'first stamp'))).toBe(true);
  });

  it('is a decree with bulk senders', async () => {
    const sizes = { runs: 1, applications: 1_000, connections: 80, bulkDivisor: 20 };
    const figures = await measureDecree(sizes, silent);
    expect(isCorrect(figures)).toBe(true);
    expect(figureOf(figures, 'last acknowledgement')).toBeLessThan(30);
  });

  it('is ten times too much', async () => {
    // So long that a slow machine, too, sends each connection the 10,000 it may: the refusals begin
    // when 1,024 wait, and a fifth of a second of a tenth of the usual rate is less than that.
    const sizes = { runs: 1, connections: 2, capacity: 2_000, seconds: 2 };
    const figures = await measureOverload(sizes, silent);
    expect(isCorrect(figures)).toBe(true);
    expect(figureOf(figures, 'RATE_LIMITED')).toBeGreaterThan(0);
  });
});
