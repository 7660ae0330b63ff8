/**
 * Figures of the scenarios and their table: median, worst run, verdict. A figure of correctness
 * decides the exit status; one of time is only told, since others may use the machine as well.
 */
import { spreadOf } from '#bench/statistics.ts';

export interface Figure {
  readonly scenario: string;
  /** As it is printed, for instance `≤ 2 ms`. */
  readonly target: string;
  /** One value a run. */
  readonly values: readonly number[];
  /** Where the bad values lie. */
  readonly worst: 'highest' | 'lowest';
  readonly meets: (value: number) => boolean;
  /** True when a miss means that the gate is wrong, not slow. */
  readonly isCorrectness?: boolean;
  /** True for a negative control: it must miss. */
  readonly isControl?: boolean;
  readonly digits?: number;
}

/** At most `bound`, every run. */
export function atMost(bound: number): Pick<Figure, 'worst' | 'meets'> {
  return { worst: 'highest', meets: (value) => value <= bound };
}

/** At least `bound`, every run. */
export function atLeast(bound: number): Pick<Figure, 'worst' | 'meets'> {
  return { worst: 'lowest', meets: (value) => value >= bound };
}

/** Told without a target. */
export const reported: Pick<Figure, 'worst' | 'meets' | 'target'> = {
  target: 'reported',
  worst: 'highest',
  meets: () => true,
};

/** What a figure comes to; a control is right when it misses its target. */
export function verdictOf(figure: Figure): 'reached' | 'missed' | 'caught' | 'NOT CAUGHT' {
  const isMet = figure.values.length > 0 && figure.values.every(figure.meets);
  if (figure.isControl) return isMet ? 'NOT CAUGHT' : 'caught';
  return isMet ? 'reached' : 'missed';
}

/** Whether the run as a whole counts: every figure of correctness met, every control caught. */
export function isCorrect(figures: readonly Figure[]): boolean {
  return figures.every((figure) => {
    const verdict = verdictOf(figure);
    return figure.isControl ? verdict === 'caught' : !figure.isCorrectness || verdict === 'reached';
  });
}

const COLUMNS = ['scenario', 'target', 'runs', 'median', 'worst', 'verdict'];

/** The table as Markdown. */
export function fairnessTable(figures: readonly Figure[]): string {
  const rows = [COLUMNS, ...figures.map(rowOf)];
  const widths = COLUMNS.map((_, at) => Math.max(...rows.map((row) => row[at]!.length)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, at) => cell.padEnd(widths[at]!)).join(' | ')} |`;
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  const [head, ...body] = rows.map(line);
  return [head, rule, ...body].join('\n');
}

function rowOf(figure: Figure): string[] {
  const { median, low, high } = spreadOf(figure.values);
  const worst = figure.worst === 'highest' ? high : low;
  const text = (value: number) => value.toFixed(figure.digits ?? 0);
  const runs = String(figure.values.length);
  const told = figure.target === reported.target ? '' : verdictOf(figure);
  return [figure.scenario, figure.target, runs, text(median), text(worst), told];
}
