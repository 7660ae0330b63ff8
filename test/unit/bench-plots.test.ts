/** Charts as text: axes, what tells curves apart, and that a file needs nothing else. */
import { describe, expect, it } from 'vitest';
import { axisOf } from '#bench/plots/axis.ts';
import { type Chart, drawChart } from '#bench/plots/chart.ts';
import { drawCharts } from '#bench/plots/charts.ts';

describe('an axis', () => {
  it('begins at zero, ends above the highest value and has round steps', () => {
    const { ticks } = axisOf({ values: [3, 1_042], span: [0, 100] });
    expect(ticks).toEqual([0, 200, 400, 600, 800, 1_000, 1_200]);
    expect(axisOf({ values: [2_000_000], span: [0, 100] }).ticks.at(-1)).toBe(2_000_000);
    expect(axisOf({ values: [0], span: [0, 100] }).ticks).toEqual([0, 1]);
    expect(axisOf({ values: [0.31], span: [0, 100] }).ticks.at(-1)).toBeCloseTo(0.4);
  });

  it('places values within its span, whichever way it runs', () => {
    const axis = axisOf({ values: [10], span: [400, 0] });
    expect([axis.at(0), axis.at(5), axis.at(10)]).toEqual([400, 200, 0]);
  });

  it('has the same length for every decade when it is logarithmic', () => {
    const axis = axisOf({ values: [1, 10, 100], span: [0, 100], isLogarithmic: true });
    expect(axis.ticks).toEqual([1, 2, 5, 10, 20, 50, 100]);
    expect(axis.at(10)).toBeCloseTo(50);
    expect(axis.at(100)).toBeCloseTo(100);
  });

  it('keeps to the powers over many decades, and takes one value alone', () => {
    const wide = axisOf({ values: [0.5, 90_000], span: [0, 1], isLogarithmic: true });
    expect(wide.ticks).toEqual([0.1, 1, 10, 100, 1_000, 10_000, 100_000]);
    const narrow = axisOf({ values: [7], span: [0, 1], isLogarithmic: true });
    expect(narrow.ticks).toEqual([5, 10]);
  });
});

const CHART: Chart = {
  ...{ title: 'Rates & latencies', description: 'What <is> seen.' },
  ...{ x: { title: 'answers a second' }, y: { title: 'milliseconds', isLogarithmic: true } },
  curves: [
    {
      name: 'gate <1>',
      points: [
        [1_000, 2],
        [40_000, 60],
      ],
    },
    {
      name: 'echo',
      points: [
        [2_000, 1],
        [90_000, 30],
      ],
    },
  ],
};

/** Elements that are opened and closed in order; the first that is not, otherwise undefined. */
function firstUnbalanced(svg: string): string | undefined {
  const open: string[] = [];
  for (const [, end, name, isEmpty] of svg.matchAll(/<(\/?)([a-z]+)[^>]*?(\/?)>/g)) {
    if (end === '/' && open.pop() !== name) return name;
    if (end === '' && isEmpty === '') open.push(name!);
  }
  return open[0];
}

describe('a chart', () => {
  const svg = drawChart(CHART);

  it('says what it shows, with titles and units of both axes and the curves names', () => {
    const texts = [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text]) => text);
    for (const text of ['Rates &amp; latencies', 'answers a second', 'milliseconds']) {
      expect(texts).toContain(text);
    }
    expect(texts).toContain('gate &lt;1&gt;');
    expect(texts).toContain('echo');
    expect(texts).toContain('100,000');
    expect(svg).toContain('<desc>What &lt;is&gt; seen.</desc>');
  });

  it('is one whole image that fetches nothing', () => {
    expect(svg).toMatch(/^<svg xmlns="[^"]+" viewBox="0 0 760 \d+"/);
    expect(firstUnbalanced(svg)).toBeUndefined();
    expect(svg).not.toMatch(/href|url\(|<script|<style|NaN|undefined|Infinity/);
  });

  it('tells curves apart by dashes and markers, not by colour alone', () => {
    const lines = [...svg.matchAll(/<path d="M[\d. ]+L[^"]+" ([^>]+)\/>/g)].map(
      ([, style]) => style,
    );
    expect(lines).toHaveLength(2);
    expect(lines[0]).not.toContain('dasharray');
    expect(lines[1]).toContain('stroke-dasharray');
    expect(svg.match(/<circle/g)).toHaveLength(3);
  });

  it('draws a long curve as a line without markers', () => {
    const points = Array.from({ length: 101 }, (_, at) => [at, at] as const);
    const long = drawChart({ ...CHART, y: CHART.x, curves: [{ name: 'stamps', points }] });
    expect(long).not.toContain('<circle');
  });

  it('has its legend above the plot, a line a curve', () => {
    const top = (drawn: string) => Number(/<path d="M92 (\d+)V/.exec(drawn)?.[1]);
    const legend = Number(/<text x="138" y="(\d+)">echo</.exec(svg)?.[1]);
    expect(legend).toBeLessThan(top(svg));
    expect(top(drawChart({ ...CHART, curves: CHART.curves.slice(0, 1) }))).toBe(top(svg) - 20);
  });
});

describe('the charts of the results', () => {
  it('are those that have a curve, with all curves of one chart in it', () => {
    const drawn = drawCharts([
      { chart: 'memory', name: 'one', points: [[1, 2]] },
      { chart: 'memory', name: 'two', points: [[3, 4]] },
    ]);
    expect(drawn.map(({ file }) => file)).toEqual(['memory.svg']);
    expect(drawn[0]?.svg).toContain('>one<');
    expect(drawn[0]?.svg).toContain('>two<');
  });
});
