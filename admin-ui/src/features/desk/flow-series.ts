/**
 * Two counts over time on one axis of time: each moment at which either has a count, in order.
 * The portal may leave out what is zero.
 */
export interface FlowPoint {
  readonly at: string;
  readonly opened: number;
  readonly closed: number;
}

interface Count {
  readonly at: string;
  readonly count: number;
}

export function flowSeries(opened: readonly Count[], closed: readonly Count[]): FlowPoint[] {
  const points = new Map<string, { opened: number; closed: number }>();
  const at = (moment: string) => {
    const point = points.get(moment) ?? { opened: 0, closed: 0 };
    points.set(moment, point);
    return point;
  };
  for (const each of opened) at(each.at).opened += each.count;
  for (const each of closed) at(each.at).closed += each.count;
  return [...points]
    .map(([moment, point]) => ({ at: moment, ...point }))
    .toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

const HOUR_MS = 3_600_000;

/** How long a piece of time is: the shortest distance of two; an hour where there is one alone. */
export function stepOf(points: readonly FlowPoint[]): number {
  const starts = points.map(({ at }) => Date.parse(at));
  const gaps = starts.slice(1).map((start, index) => start - (starts[index] ?? start));
  return gaps.length === 0 ? HOUR_MS : Math.max(1, Math.min(...gaps));
}

/** The next 1, 2 or 5 times a power of ten: the top of an axis. */
export function axisTop(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, value)));
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= value) ?? value;
}
