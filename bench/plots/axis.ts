/**
 * An axis: where a value lies between two ends in pixels, and which values are worth a line.
 * Linear axes have ticks at 1, 2 or 5 times a power of ten; logarithmic ones at 1, 2 and 5 of every
 * decade, or at the powers alone where there are many.
 */

export interface Axis {
  /** Pixels of a value, within the span given. */
  at(value: number): number;
  readonly ticks: readonly number[];
}

export interface AxisPlan {
  readonly values: readonly number[];
  /** Pixels of the lowest and of the highest value. */
  readonly span: readonly [from: number, to: number];
  readonly isLogarithmic?: boolean;
}

const TICKS_WISHED = 6;
const STEPS = [1, 2, 5, 10] as const;
const DECADE_TICKS_MAX = 10;

/** An axis that holds all values; a linear one begins at zero. */
export function axisOf({ values, span, isLogarithmic }: AxisPlan): Axis {
  const [from, to] = span;
  const ticks = isLogarithmic ? decadeTicks(values) : linearTicks(Math.max(0, ...values));
  const low = ticks[0]!;
  const high = ticks.at(-1)!;
  const share = isLogarithmic
    ? (value: number) => Math.log(value / low) / Math.log(high / low)
    : (value: number) => (value - low) / (high - low);
  return { ticks, at: (value) => from + (to - from) * Math.min(1, Math.max(0, share(value))) };
}

function linearTicks(max: number): number[] {
  if (max === 0) return [0, 1];
  const rough = max / TICKS_WISHED;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * (STEPS.find((one) => one * power >= rough) ?? 10);
  return Array.from({ length: Math.ceil(max / step - 1e-9) + 1 }, (_, at) => at * step);
}

/** Steps from just below the lowest to just above the highest value; powers alone when many. */
function decadeTicks(values: readonly number[]): number[] {
  const positive = values.filter((value) => value > 0);
  const low = Math.min(...positive);
  const high = Math.max(...positive);
  if (positive.length === 0) return [1, 10];
  const steps = ticksBetween(low, high, [1, 2, 5]);
  return steps.length > DECADE_TICKS_MAX ? ticksBetween(low, high, [1]) : steps;
}

function ticksBetween(low: number, high: number, steps: readonly number[]): number[] {
  const first = Math.floor(Math.log10(low)) - 1;
  const decades = Math.ceil(Math.log10(high)) - first + 2;
  const all = Array.from({ length: decades }, (_, at) => 10 ** (first + at)).flatMap((power) =>
    steps.map((step) => step * power),
  );
  const from = all.findLastIndex((tick) => tick <= low);
  const to = all.findIndex((tick, at) => tick >= high && at > from);
  return all.slice(from, to + 1);
}
