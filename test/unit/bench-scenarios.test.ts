/** What the scenarios make of their runs, without running anything. */
import { describe, expect, it } from 'vitest';
import type { SwarmResult } from '#bench/drivers/swarm.ts';
import { verdictOf } from '#bench/figures.ts';
import { cumulative } from '#bench/scenarios/first-second.ts';
import { unanswered } from '#bench/scenarios/gate-load.ts';
import { curveOf } from '#bench/scenarios/load-curve.ts';
import { GATE, type PeerRun, shortened } from '#bench/scenarios/peers.ts';
import { peerFigures } from '#bench/scenarios/peers-figures.ts';
import { faultsOf, runTable } from '#bench/scenarios/run-table.ts';
import { commonRate, createBarrier } from '#bench/scenarios/two-gates.ts';

const SHAPE = { connections: 100, inFlight: 1, applications: 1_000 };

function resultOf(ratePerSecond: number, more: Partial<SwarmResult> = {}): SwarmResult {
  return {
    acknowledgements: [{ application: 'a', seq: 1, stamp: '' }],
    ...{ refusals: {}, ratePerSecond, latenciesMs: [1, 2, 3], elapsedMs: 2_000 },
    ...{ cpuShare: 0.5, failures: [], retries: 0 },
    ...more,
  };
}

function run(peer: string, door: PeerRun['door'], rate: number): PeerRun {
  const violations: string[] = [];
  return {
    ...{ peer, door, shape: SHAPE, violations, version: '', serverCpuShare: 1 },
    result: resultOf(rate),
  };
}

describe('the comparison with peers', () => {
  const turns = [1, 2].flatMap((factor) => [
    run(GATE, 'WebSocket', 60_000 * factor),
    run('ws + one file', 'WebSocket', 30_000 * factor),
    run(GATE, 'HTTP', 20_000 * factor),
    run('Fastify + Redis Streams', 'HTTP', 10_000 * factor),
  ]);
  const missing = new Map([['Fastify + NATS JetStream', 'no server']]);
  const figures = peerFigures(turns, missing);
  const figure = (scenario: string) => figures.find((one) => one.scenario === scenario)!;

  it('takes the gate by its own door, and by the door of the peer', () => {
    expect(figure('gate ÷ Fastify + Redis Streams, own doors').values).toEqual([6, 6]);
    expect(figure('gate ÷ Fastify + Redis Streams, both HTTP').values).toEqual([2, 2]);
    expect(verdictOf(figure('gate ÷ Fastify + Redis Streams, own doors'))).toBe('reached');
    expect(verdictOf(figure('gate ÷ Fastify + Redis Streams, both HTTP'))).toBe('missed');
  });

  it('takes each server under the load under which it does most', () => {
    const many = (one: PeerRun): PeerRun => ({ ...one, shape: { ...SHAPE, connections: 1_000 } });
    const runs = [1, 2].flatMap((factor) => [
      run(GATE, 'HTTP', 20_000 * factor),
      run('Fastify + Redis Streams', 'HTTP', 10_000 * factor),
      many(run(GATE, 'HTTP', 50_000 * factor)),
      many(run('Fastify + Redis Streams', 'HTTP', 5_000 * factor)),
    ]);
    const both = peerFigures(runs, missing).find(({ scenario }) =>
      scenario.includes('Redis Streams, both HTTP'),
    );
    expect(both?.values).toEqual([5, 5]);
  });

  it('has no second figure where the door is the same', () => {
    const names = figures.map(({ scenario }) => scenario).filter((name) => name.includes('ws'));
    expect(names).toEqual(['gate ÷ ws + one file, both WebSocket']);
  });

  it('says which peer could not be had, with its target', () => {
    const absent = figure('gate ÷ Fastify + NATS JetStream, own doors');
    expect(absent).toMatchObject({ target: '≥ 5', notDone: 'no server', values: [] });
  });

  it('counts no run that lost something', () => {
    const untrue = { ...run(GATE, 'HTTP', 1), violations: ['a is not there'] };
    expect(peerFigures([untrue], missing).at(-1)).toMatchObject({ values: [1] });
    const silent = { ...untrue, result: resultOf(1, { acknowledgements: [] }), violations: [] };
    expect(faultsOf(silent)).toEqual(['nothing was acknowledged']);
  });

  it('shortens a load to whole connections, never to none', () => {
    const load = { door: 'HTTP', shape: SHAPE, directory: '', accounts: [] } as const;
    const amount = (wanted: number) =>
      shortened({ ...load, data: '', clickDays: [] }, wanted).shape.applications;
    expect([amount(250), amount(5), amount(9_999)]).toEqual([200, 100, 1_000]);
  });
});

describe('the rate of loads that ran at once', () => {
  const stamps = (fromUs: number, count: number) =>
    Array.from({ length: count }, (_, at) => fromUs + at * 1_000);

  it('is counted while all of them were under way, without the warm-up', () => {
    expect(commonRate([stamps(0, 1_000)])).toBeCloseTo(1_000);
    expect(commonRate([stamps(0, 1_000), stamps(0, 1_000)])).toBeCloseTo(2_000);
    expect(commonRate([stamps(0, 1_000), stamps(500_000, 1_000)])).toBeCloseTo(2_000, -1);
  });

  it('is none when they never were', () => {
    expect(commonRate([stamps(0, 100), stamps(5_000_000, 100)])).toBeNaN();
    expect(commonRate([[], stamps(0, 10)])).toBeNaN();
  });
});

describe('a barrier', () => {
  it('lets all pass together', async () => {
    const passed: number[] = [];
    const barrier = createBarrier(2);
    const first = barrier().then(() => passed.push(1));
    await new Promise(setImmediate);
    expect(passed).toEqual([]);
    await Promise.all([first, barrier().then(() => passed.push(2))]);
    expect(passed).toEqual([1, 2]);
  });

  it('waits no longer than it was told for one who never comes', async () => {
    await expect(createBarrier(2, 1)()).resolves.toBeUndefined();
  });
});

describe('what a scenario draws', () => {
  it('counts stamps up to each instant of the first second', () => {
    const points = cumulative([0, 5_000, 10_000, 999_999, 1_000_001]);
    expect(points).toHaveLength(101);
    expect(points[0]).toEqual([0, 1]);
    expect(points[1]).toEqual([10, 3]);
    expect(points.at(-1)).toEqual([1_000, 4]);
  });

  it('takes the median of each level of a load curve, of one server', () => {
    const level = (connections: number, rates: number[], peer = 'gate') =>
      rates.map((rate) => ({
        ...{ peer, serverCpuShare: 1, violations: [] },
        shape: { ...SHAPE, connections },
        result: resultOf(rate, { latenciesMs: [rate / 100] }),
      }));
    const runs = [...level(10, [100, 300, 200]), ...level(50, [900]), ...level(10, [5], 'echo')];
    expect(curveOf('gate', runs).points).toEqual([
      [200, 2],
      [900, 9],
    ]);
  });
});

describe('a run in words', () => {
  it('is a row a load and server, with its refusals and what limited it', () => {
    const busy = { ...run(GATE, 'HTTP', 10), serverCpuShare: 0.99 };
    const refused = resultOf(30, { refusals: { OVERLOADED: 2 }, cpuShare: 0.2 });
    const { columns, rows } = runTable([busy, { ...busy, result: refused }]);
    const cell = (name: string) => rows[0]![columns.indexOf(name)];
    expect(rows).toHaveLength(1);
    expect(cell('load')).toBe('HTTP, 100 × 1 in flight');
    expect(cell('runs')).toBe('2');
    expect(cell('answers/s median (low–high)')).toBe('10 (10–30)');
    expect(cell('limited by')).toBe('server');
    expect(cell('refused')).toBe('OVERLOADED 2');
  });

  it('has a fault when an answer is missing, with the refusals that explain it', () => {
    expect(unanswered(resultOf(1), 1)).toEqual([]);
    const refused = resultOf(1, { refusals: { CLOSED: 1 }, failures: ['cut'] });
    expect(unanswered(refused, 2)).toEqual(['1 of 2 were acknowledged', 'cut', '1 × CLOSED']);
  });
});
