/** The benchmark's words: tables that read as Markdown and in a terminal alike. */
import { type Figure, hasTarget, numbersOf, verdictOf } from '#bench/figures.ts';

export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A Markdown table whose columns are aligned. */
export function markdown({ columns, rows }: Table): string {
  const all = [columns, ...rows];
  const widths = columns.map((_, at) => Math.max(...all.map((cells) => cells[at]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, at) => (cells[at] ?? '').padEnd(width)).join(' | ')} |`;
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  return [line(columns), rule, ...rows.map(line)].join('\n');
}

/** A figure as it is printed and kept. */
export interface FigureRow {
  readonly what: string;
  readonly target: string;
  readonly runs: number;
  readonly median: string;
  readonly worst: string;
  /** With the reason, where it was not done or the target does not bind. */
  readonly verdict: string;
  readonly isJudged: boolean;
}

export function rowOf(figure: Figure): FigureRow {
  const { scenario: what, target, values, notDone, notBinding } = figure;
  const verdict =
    notDone === undefined ? (notBinding ?? verdictOf(figure)) : `not done: ${notDone}`;
  const numbers = values.length === 0 ? { median: '', worst: '' } : numbersOf(figure);
  const isJudged = hasTarget(figure) || notDone !== undefined;
  return { what, target, runs: values.length, ...numbers, verdict, isJudged };
}

/** What was measured against what is asked. */
export function figuresTable(rows: readonly FigureRow[]): string {
  return markdown({
    columns: ['what', 'target', 'runs', 'median', 'worst', 'verdict'],
    rows: rows.map(({ what, target, runs, median, worst, verdict }) => [
      ...[what, target, String(runs), median, worst, verdict],
    ]),
  });
}

/** Paragraphs of Markdown with their lines broken anew; an empty line parts two. */
export function wrapped(text: string, columns: number): string {
  const paragraphs = text.split('\n\n').map((one) => one.split(/\s+/));
  return paragraphs.map((words) => words.reduce(continued(columns))).join('\n\n');
}

function continued(columns: number) {
  return (text: string, word: string) => {
    const line = text.length - (text.lastIndexOf('\n') + 1);
    return text + (line + 1 + word.length > columns ? '\n' : ' ') + word;
  };
}

export const whole = (value: number) => Math.round(value).toLocaleString('en');

/** A share of one core, or `unknown` where the system does not say. */
export const percent = (share: number) =>
  Number.isNaN(share) ? 'unknown' : `${Math.round(share * 100)} %`;
