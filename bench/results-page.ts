/**
 * What is kept of full runs: bench/results/<scenario>.json, one a scenario, and bench/RESULTS.md,
 * which is written from all of them. So a run renews its own section and leaves the others, and
 * the page never says what no file says. Charts beside them are drawn by bench/plots.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Curve, Figure } from '#bench/figures.ts';
import {
  type FigureRow,
  figuresTable,
  markdown,
  rowOf,
  type Table,
  wrapped,
} from '#bench/report.ts';
import type { Outcome, Scenario } from '#bench/scenario.ts';
import { ROOT } from '#bench/system.ts';

/** One file: what one run of one scenario came to. */
export interface Result {
  readonly scenario: string;
  readonly day: string;
  /** Processor, memory, disk, Node, commit, load before the run. */
  readonly machine: string;
  readonly versions: readonly string[];
  readonly seconds: number;
  readonly figures: readonly (FigureRow & { readonly values: readonly number[] })[];
  readonly tables: readonly Table[];
  readonly curves: readonly Curve[];
}

/** An image of the page. */
export interface ChartFile {
  readonly file: string;
  readonly title: string;
}

const BENCH = join(ROOT, 'bench');
export const RESULTS = join(BENCH, 'results');
const SIGNIFICANT_DIGITS = 6;
const PAGE_COLUMNS = 100;

const rounded = (value: number) => Number(value.toPrecision(SIGNIFICANT_DIGITS));

function keptFigure(figure: Figure) {
  return { ...rowOf(figure), values: figure.values.map(rounded) };
}

/** What an outcome is kept as. */
export function resultOf(
  name: string,
  outcome: Outcome,
  about: { day: string; machine: string; seconds: number },
): Result {
  const { figures, tables = [], versions = [] } = outcome;
  const curves = figures.flatMap(({ curve }) => (curve === undefined ? [] : [curve]));
  return {
    ...{ scenario: name, ...about, seconds: Math.round(about.seconds), versions },
    figures: figures.map(keptFigure),
    tables,
    curves: curves.map((curve) => ({
      ...curve,
      points: curve.points.map(([x, y]) => [rounded(x), rounded(y)] as const),
    })),
  };
}

export function writeResult(result: Result): void {
  mkdirSync(RESULTS, { recursive: true });
  writeFileSync(join(RESULTS, `${result.scenario}.json`), `${JSON.stringify(result, null, 1)}\n`);
}

/** The kept results of these scenarios, in their order; those that were never written are left. */
export function readResults(scenarios: readonly Scenario[]): Result[] {
  return scenarios.flatMap(({ name }) => {
    const path = join(RESULTS, `${name}.json`);
    return existsSync(path) ? [JSON.parse(readFileSync(path, 'utf8')) as Result] : [];
  });
}

function section({ title, name, method }: Scenario, result: Result): string {
  const versions = result.versions.length === 0 ? '' : ` · ${result.versions.join(' · ')}`;
  const parts = [
    `## ${title}`,
    `Made by \`npm run bench -- --only ${name} --write\` on ${result.day}, ${result.seconds} s.`,
    `${result.machine}${versions}`,
    figuresTable(result.figures),
    ...result.tables.map(markdown),
    wrapped(method, PAGE_COLUMNS),
  ];
  return parts.join('\n\n');
}

const FRONT = `# Benchmark results

Written from \`bench/results/\` by \`npm run bench -- --write\`; \`--only NAME\` renews one section.
Figures of several runs are medians, with the worst run beside them. A target of speed binds the
median, one of fairness or correctness every run. Servers, stores, generators and the operating
system share the machine; a share of CPU is of one core.`;

/** The whole of RESULTS.md. */
export function resultsPage(
  scenarios: readonly Scenario[],
  results: readonly Result[],
  charts: readonly ChartFile[],
): string {
  const judged = results.flatMap(({ figures }) => figures.filter(({ isJudged }) => isJudged));
  const images = charts.map(({ file, title }) => `![${title}](results/${file})`);
  const sections = results.flatMap((result) => {
    const scenario = scenarios.find(({ name }) => name === result.scenario);
    return scenario === undefined ? [] : [section(scenario, result)];
  });
  return `${[FRONT, figuresTable(judged), ...images, ...sections].join('\n\n')}\n`;
}

export function writePage(page: string): void {
  writeFileSync(join(BENCH, 'RESULTS.md'), page);
}
