/** The benchmark at the smallest scale: two real gates on one directory, loaded and verified. */
import { expect, it } from 'vitest';
import { verdictOf } from '#bench/figures.ts';
import { measureTwoGates } from '#bench/scenarios/two-gates.ts';

it('loads two gates on one directory, each with a ledger that verifies', async () => {
  const said: string[] = [];
  const sizes = { runs: 2, connections: 10, inFlight: 4, applications: 400 };
  const figures = await measureTwoGates(sizes, (text) => said.push(text));
  const faults = figures.find(({ isCorrectness }) => isCorrectness)!;
  expect([verdictOf(faults), said.filter((text) => text.includes('FAULT'))]).toEqual([
    'reached',
    [],
  ]);
  expect(said.map((text) => text.split(':')[0])).toEqual(['g1', 'g1 and g2', 'g1 and g2', 'g2']);
});
