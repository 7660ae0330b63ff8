/**
 * Figures of the scenarios: a target, one value a run, and what they come to. A figure of
 * correctness decides the exit status; one of time is only told, since others may use the machine
 * as well.
 */
import { spreadOf } from '#bench/statistics.ts';

/** Points of a curve that stands behind a figure, and the chart it belongs to (bench/plots). */
export interface Curve {
  readonly chart: 'latency' | 'opening' | 'memory';
  /** What the legend calls it. */
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface Figure {
  readonly scenario: string;
  /** As it is printed, for instance `≤ 2 ms`. */
  readonly target: string;
  /** One value a run. */
  readonly values: readonly number[];
  /** Where the bad values lie. */
  readonly worst: 'highest' | 'lowest';
  readonly meets: (value: number) => boolean;
  /** Whom the target binds: every run, unless said. */
  readonly judgedBy?: 'every run' | 'median';
  /** True when a miss means that the gate is wrong, not slow. */
  readonly isCorrectness?: boolean;
  /** True for a negative control: it must miss. */
  readonly isControl?: boolean;
  readonly digits?: number;
  /** Why it was not measured. */
  readonly notDone?: string;
  /** Why the target does not bind here, although the figure is told. */
  readonly notBinding?: string;
  readonly curve?: Curve;
}

/** At most `bound`, every run. */
export function atMost(bound: number): Pick<Figure, 'worst' | 'meets'> {
  return { worst: 'highest', meets: (value) => value <= bound };
}

/** At least `bound`, every run. */
export function atLeast(bound: number): Pick<Figure, 'worst' | 'meets'> {
  return { worst: 'lowest', meets: (value) => value >= bound };
}

/** At most `bound`, the median of the runs. */
export function medianAtMost(bound: number): Pick<Figure, 'worst' | 'meets' | 'judgedBy'> {
  return { ...atMost(bound), judgedBy: 'median' };
}

/** At least `bound`, the median of the runs. */
export function medianAtLeast(bound: number): Pick<Figure, 'worst' | 'meets' | 'judgedBy'> {
  return { ...atLeast(bound), judgedBy: 'median' };
}

/** Told without a target. */
export const reported: Pick<Figure, 'worst' | 'meets' | 'target'> = {
  target: 'reported',
  worst: 'highest',
  meets: () => true,
};

/** Whether a figure has a target, reached or not. */
export function hasTarget({ target }: Figure): boolean {
  return target !== reported.target;
}

/** A figure that could not be measured here, with the reason. */
export function notDoneFigure(scenario: string, target: string, reason: string): Figure {
  return { scenario, target, values: [], worst: 'highest', meets: () => false, notDone: reason };
}

/** Something that must not happen, counted: lost, doubled, early. */
export function noneOf(scenario: string, values: readonly number[]): Figure {
  return { scenario, target: '0', ...atMost(0), isCorrectness: true, values };
}

export type Verdict = 'reached' | 'missed' | 'caught' | 'NOT CAUGHT' | 'not done' | '';

/** What a figure comes to; a control is right when it misses its target. */
export function verdictOf(figure: Figure): Verdict {
  if (figure.notDone !== undefined) return 'not done';
  if (!hasTarget(figure) || figure.notBinding !== undefined) return '';
  const isMet = isTargetMet(figure);
  if (figure.isControl) return isMet ? 'NOT CAUGHT' : 'caught';
  return isMet ? 'reached' : 'missed';
}

function isTargetMet({ values, meets, judgedBy }: Figure): boolean {
  if (values.length === 0) return false;
  return judgedBy === 'median' ? meets(spreadOf(values).median) : values.every(meets);
}

/** Whether the run as a whole counts: every figure of correctness met, every control caught. */
export function isCorrect(figures: readonly Figure[]): boolean {
  return figures.every((figure) => {
    const verdict = verdictOf(figure);
    if (figure.isControl) return verdict === 'caught';
    return !figure.isCorrectness || verdict === 'reached';
  });
}

/** Median and worst value as they are printed. */
export function numbersOf(figure: Figure): { median: string; worst: string } {
  const { median, low, high } = spreadOf(figure.values);
  const digits = figure.digits ?? 0;
  const fraction = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  const text = (value: number) => value.toLocaleString('en', { useGrouping: 'min2', ...fraction });
  return { median: text(median), worst: text(figure.worst === 'highest' ? high : low) };
}
