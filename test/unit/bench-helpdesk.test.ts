/** What the benchmark of the help desk says of the gate beside it. */
import { expect, it } from 'vitest';
import { besideFigures } from '#bench/scenarios/helpdesk-beside.ts';

it('judges all latencies of an arm together, and says how far two equal arms lie apart', () => {
  const flat = (ms: number, slow: number) => [
    ...Array.from({ length: 970 }, () => ms),
    ...Array.from({ length: 30 }, () => slow),
  ];
  const latencies = { quiet: flat(1, 4), again: flat(1, 5), tickets: flat(1, 6) };
  const figures = besideFigures({
    latencies,
    p99s: { quiet: [4], again: [5], tickets: [90] },
  });
  const figureOf = (words: string) =>
    figures.find(({ scenario }) => scenario.endsWith(words))?.values.map(Math.round);
  expect(figureOf('without tickets: p99 of all, ms')).toEqual([5]);
  expect(figureOf('beside tickets at 14/s: change of p99, %')).toEqual([20]);
  expect(figureOf('beside tickets at 14/s: change of p50, %')).toEqual([0]);
  expect(figureOf('beside nothing, twice: p99 lie apart, %')).toEqual([25]);
  const judged = figures.filter(({ target }) => target === '≤ 10');
  expect(judged.map(({ meets, values }) => meets?.(values[0]!))).toEqual([false]);
});
