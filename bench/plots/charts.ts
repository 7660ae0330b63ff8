/** The charts of RESULTS.md, each made of all curves that kept results have for it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Curve } from '#bench/figures.ts';
import { type Chart, drawChart } from '#bench/plots/chart.ts';

const CHARTS: Readonly<Record<Curve['chart'], Omit<Chart, 'curves'>>> = {
  latency: {
    title: 'Throughput against 99th percentile of latency',
    description: 'Each point is one load: how many answers a second, and the latency then.',
    x: { title: 'answers a second' },
    y: { title: 'p99 of latency, milliseconds', isLogarithmic: true },
  },
  opening: {
    title: 'Stamps in the first second after the opening',
    description: 'How many submissions were admitted up to each instant after the opening.',
    x: { title: 'milliseconds after the opening' },
    y: { title: 'submissions admitted so far' },
  },
  memory: {
    title: 'Resident memory of the gate over the entries in its ledger',
    description: 'Resident memory while a ledger is filled by submissions.',
    x: { title: 'entries in the ledger' },
    y: { title: 'resident memory, MiB' },
  },
};

export interface DrawnChart {
  readonly file: string;
  readonly title: string;
  readonly svg: string;
}

/** Draws every chart that has a curve. */
export function drawCharts(curves: readonly Curve[]): DrawnChart[] {
  return Object.entries(CHARTS).flatMap(([name, chart]) => {
    const mine = curves.filter((curve) => curve.chart === name);
    if (mine.length === 0) return [];
    return [
      { file: `${name}.svg`, title: chart.title, svg: drawChart({ ...chart, curves: mine }) },
    ];
  });
}

/** Writes drawn charts into a folder. */
export function writeCharts(folder: string, charts: readonly DrawnChart[]): void {
  for (const { file, svg } of charts) writeFileSync(join(folder, file), svg);
}
