/** What the benchmark says of its figures: verdicts, ratios, the table, and the page it keeps. */
import { describe, expect, it } from 'vitest';
import {
  atMost,
  type Figure,
  isCorrect,
  medianAtLeast,
  noneOf,
  notDoneFigure,
  reported,
  verdictOf,
} from '#bench/figures.ts';
import { SCENARIOS } from '#bench/registry.ts';
import { figuresTable, markdown, rowOf, wrapped } from '#bench/report.ts';
import { type Result, resultOf, resultsPage } from '#bench/results-page.ts';
import { type Scenario, select, sized } from '#bench/scenario.ts';
import { ratesOf, ratiosOf } from '#bench/scenarios/ratios.ts';

const speed = (values: number[], more: Partial<Figure> = {}): Figure => ({
  ...{ scenario: 'gate ÷ echo', target: '≥ 0.60', ...medianAtLeast(0.6), values, digits: 2 },
  ...more,
});

describe('a target of speed', () => {
  it('binds the median, however bad one run was', () => {
    expect(verdictOf(speed([0.7, 0.1, 0.8]))).toBe('reached');
    expect(verdictOf(speed([0.7, 0.5, 0.5]))).toBe('missed');
  });

  it('is told with the worst run and with why it does not bind here', () => {
    expect(rowOf(speed([0.7, 0.1, 0.8]))).toMatchObject({ median: '0.70', worst: '0.10' });
    expect(rowOf(speed([4429, 23_671], { digits: 0 })).median).toBe('4429');
    expect(rowOf(speed([23_671], { digits: 0 })).median).toBe('23,671');
    expect(rowOf(speed([0.5], { notBinding: 'only 2 cores' })).verdict).toBe('only 2 cores');
  });

  it('fails nothing when it is missed or was not measured', () => {
    const missing = notDoneFigure('gate ÷ Redis', '≥ 5', 'redis-server is not installed');
    expect(isCorrect([speed([0.1]), missing])).toBe(true);
    expect(rowOf(missing)).toMatchObject({ median: '', runs: 0, isJudged: true });
    expect(rowOf(missing).verdict).toBe('not done: redis-server is not installed');
    expect(isCorrect([speed([0.9]), noneOf('lost', [0, 1])])).toBe(false);
  });
});

describe('a ratio', () => {
  const run = (peer: string, ratePerSecond: number) => ({ peer, result: { ratePerSecond } });

  it('is that of one turn, not of two medians', () => {
    const runs = [run('gate', 10), run('echo', 20), run('gate', 90), run('echo', 100)];
    expect(ratiosOf(ratesOf(runs, 'gate'), ratesOf(runs, 'echo'))).toEqual([0.5, 0.9]);
  });

  it('leaves out a turn that one of them lacks', () => {
    expect(ratiosOf([10, 20], [20])).toEqual([0.5]);
  });
});

describe('the table', () => {
  it('aligns its columns and fills what a row lacks', () => {
    const text = markdown({ columns: ['a', 'long'], rows: [['12345', '1'], ['2']] });
    expect(text).toBe(
      ['| a     | long |', '|-------|------|', '| 12345 | 1    |', '| 2     |      |'].join('\n'),
    );
  });

  it('has its paragraphs broken anew', () => {
    expect(wrapped('one two\nthree four\n\nfive', 9)).toBe('one two\nthree\nfour\n\nfive');
  });

  it('says what, target, median, worst and verdict', () => {
    const [head, , row] = figuresTable([rowOf(speed([0.7, 0.5]))]).split('\n');
    expect(head).toMatch(/^\| what +\| target +\| runs +\| median +\| worst +\| verdict +\|$/);
    expect(row).toBe('| gate ÷ echo | ≥ 0.60 | 2    | 0.50   | 0.50  | missed  |');
  });
});

const about = { day: '2011-01-31', machine: 'a machine', seconds: 1.4 };

function scenario(name: string): Scenario {
  const measure = () => Promise.resolve({ figures: [] });
  return { name, group: 'some', title: `About ${name}`, method: `How ${name} is done.`, measure };
}

function result(name: string, figure: Partial<Figure> = {}): Result {
  return resultOf(name, { figures: [speed([0.123456789], figure)] }, about);
}

describe('the page of results', () => {
  const scenarios = [scenario('one'), scenario('two'), scenario('three')];

  it('has one section a result, in the order of the registry, with machine and method', () => {
    const page = resultsPage(scenarios, [result('one'), result('two')], []);
    const headings = page.split('\n').filter((line) => line.startsWith('## '));
    expect(headings).toEqual(['## About one', '## About two']);
    expect(page).toContain(
      '`npm run bench -- --only one --write` on 2011-01-31, 1 s.\n\na machine',
    );
    expect(page).toContain('How two is done.');
    expect(page).not.toContain('three');
  });

  it('begins with all that has a target, and its charts', () => {
    const told = result('one', { scenario: 'echo, answers/s', ...reported });
    const page = resultsPage(
      scenarios,
      [told, result('two')],
      [{ file: 'memory.svg', title: 'Memory' }],
    );
    const [front = ''] = page.split('\n## ');
    expect(front).toContain('| gate ÷ echo |');
    expect(front).not.toContain('echo, answers/s');
    expect(front).toContain('![Memory](results/memory.svg)');
  });

  it('is made of files that are small and hold every run and curve', () => {
    const curve = { chart: 'memory', name: 'gate', points: [[1, 2.000000001]] } as const;
    const kept = JSON.parse(JSON.stringify(result('one', { curve }))) as Result;
    expect(kept.figures[0]).toMatchObject({ values: [0.123457], median: '0.12', target: '≥ 0.60' });
    expect(kept.curves).toEqual([{ ...curve, points: [[1, 2]] }]);
    expect(resultsPage(scenarios, [kept], [])).toContain('| gate ÷ echo | ≥ 0.60 | 1 ');
  });
});

describe('the registry', () => {
  it('has names that a file and a command line take, once each', () => {
    const names = SCENARIOS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    const groups = new Set(SCENARIOS.map(({ group }) => group));
    expect(names.filter((name) => groups.has(name))).toEqual([]);
    expect(new Set(SCENARIOS.map(({ title }) => title)).size).toBe(names.length);
  });

  it('gives all, those named, or those of a group, and says what is unknown', () => {
    const all = [scenario('one'), { ...scenario('two'), group: 'others' }];
    const asked = (...words: string[]) => {
      const { chosen, unknown } = select(all, words);
      return [chosen.map(({ name }) => name), unknown];
    };
    expect(asked()).toEqual([['one', 'two'], []]);
    expect(asked('two', 'one')).toEqual([['one', 'two'], []]);
    expect(asked('others', 'nix')).toEqual([['two'], ['nix']]);
    const daily = (...words: string[]) =>
      select(all, words, 'others').chosen.map((one) => one.name);
    expect([daily(), daily('others')]).toEqual([['one'], ['two']]);
  });

  it('plays the sizes that are asked for', async () => {
    const seen: unknown[] = [];
    const measure = sized(
      async (sizes: { runs: number; load: number }) => {
        seen.push(sizes);
        return [{ scenario: 'x', target: '0', ...atMost(0), values: [sizes.load] }];
      },
      { full: { runs: 5, load: 9 }, quick: { runs: 1, load: 2 } },
    );
    const say = () => undefined;
    await measure({ isQuick: true, runs: undefined, say });
    const { figures } = await measure({ isQuick: false, runs: 3, say });
    expect(seen).toEqual([
      { runs: 1, load: 2 },
      { runs: 3, load: 9 },
    ]);
    expect(figures[0]?.values).toEqual([9]);
  });
});
