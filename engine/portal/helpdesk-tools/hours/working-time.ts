/**
 * Working time: the instants at which the desk works, and reckoning in them. Pure; the spans of a
 * year are laid out when it is first asked for (some milliseconds) and then found by bisection.
 *
 *   calendar   ──[  Mon  ]──────[  Tue  ]──────[ Wed ]──
 *   worked     0 ........ 9h .......... 18h ...         `between` and `after` count these
 */
import type { DeskHours } from '#protocol/desk-tools-api.ts';
import { dayFromIso, isoFromDay, romeDay, weekdayOf } from './rome-days.ts';

export interface WorkingTime {
  isOpen(us: number): boolean;
  /** When `isOpen` changes next after `us`; null when it does not within three years. */
  changesAt(us: number): number | null;
  /** Working microseconds in [fromUs, untilUs); 0 when it ends before it begins. */
  between(fromUs: number, untilUs: number): number;
  /** The first instant by which `workUs` of work have passed; null beyond three years. */
  after(fromUs: number, workUs: number): number | null;
  /** The last instant from which `workUs` of work pass until `untilUs`; null as with `after`. */
  before(untilUs: number, workUs: number): number | null;
}

interface Year {
  readonly fromUs: number;
  readonly untilUs: number;
  readonly spans: readonly Span[];
  readonly workUs: number;
}

interface Span {
  readonly fromUs: number;
  readonly untilUs: number;
  /** Worked in this year before it. */
  readonly beforeUs: number;
}

const US_A_MS = 1000;
const YEARS_MAX = 3;
const YEARS_KEPT_MAX = 64;

type Week = Pick<DeskHours, 'week' | 'extra'>;

/** Working time by these hours, which must be valid (`hoursProblems`). */
export function createWorkingTime(hours: Week): WorkingTime {
  const extra = new Map(hours.extra.map(({ day, spans }) => [day, spans]));
  const years = new Map<number, Year>();
  const spansOf = (day: number) => extra.get(isoFromDay(day)) ?? hours.week[weekdayOf(day)] ?? [];
  const yearNamed = (name: number): Year => {
    const known = years.get(name);
    if (known !== undefined) return known;
    if (years.size >= YEARS_KEPT_MAX) years.clear();
    const made = layOut(name, spansOf);
    years.set(name, made);
    return made;
  };
  /** Without asking for the time zone: that would cost more than all the rest. */
  const nameOf = (us: number) => {
    const guess = new Date(Math.floor(us / US_A_MS)).getUTCFullYear();
    const { fromUs, untilUs } = yearNamed(guess);
    return us < fromUs ? guess - 1 : us < untilUs ? guess : guess + 1;
  };
  const workedBefore = (us: number) => workedIn(yearNamed(nameOf(us)), us);

  const between = (fromUs: number, untilUs: number) => {
    if (untilUs <= fromUs) return 0;
    const [first, last] = [nameOf(fromUs), nameOf(untilUs)];
    let sum = workedBefore(untilUs) - workedBefore(fromUs);
    for (let name = first; name < last; name += 1) sum += yearNamed(name).workUs;
    return sum;
  };
  const after = (fromUs: number, workUs: number) => {
    if (workUs <= 0) return fromUs;
    const first = nameOf(fromUs);
    let goalUs = workUs + workedBefore(fromUs);
    for (let name = first; name <= first + YEARS_MAX; name += 1) {
      const year = yearNamed(name);
      if (goalUs <= year.workUs) return reachedIn(year, goalUs);
      goalUs -= year.workUs;
    }
    return null;
  };
  const before = (untilUs: number, workUs: number) => {
    if (workUs <= 0) return untilUs;
    const last = nameOf(untilUs);
    let goalUs = workedBefore(untilUs) - workUs;
    for (let name = last; name >= last - YEARS_MAX; name -= 1) {
      if (goalUs >= 0) return leftIn(yearNamed(name), goalUs);
      goalUs += yearNamed(name - 1).workUs;
    }
    return null;
  };
  const isOpen = (us: number) => spanAt(yearNamed(nameOf(us)), us) !== undefined;
  const changesAt = (us: number) => {
    const first = nameOf(us);
    const open = isOpen(us);
    let atUs = us;
    for (let name = first; name <= first + YEARS_MAX; name += 1) {
      const year = yearNamed(name);
      const found = open ? (spanAt(year, atUs)?.untilUs ?? atUs) : nextFrom(year, atUs);
      if (found !== undefined && isOpen(found) !== open) return found;
      atUs = year.untilUs;
    }
    return null;
  };
  return { isOpen, changesAt, between, after, before };
}

/** Spans that touch are one: work goes on over midnight. */
function layOut(
  name: number,
  spansOf: (day: number) => readonly { from: string; until: string }[],
): Year {
  const [first, next] = [dayFromIso(`${name}-01-01`), dayFromIso(`${name + 1}-01-01`)];
  const spans: { fromUs: number; untilUs: number; beforeUs: number }[] = [];
  let workUs = 0;
  for (let day = first; day < next; day += 1) {
    const wanted = spansOf(day);
    if (wanted.length === 0) continue;
    const { at } = romeDay(day);
    for (const { from, until } of wanted) {
      const [fromUs, untilUs] = [at(minuteOf(from)), at(minuteOf(until))];
      if (untilUs <= fromUs) continue; // it fell into the hour that spring leaves out
      const last = spans.at(-1);
      if (last?.untilUs === fromUs) last.untilUs = untilUs;
      else spans.push({ fromUs, untilUs, beforeUs: workUs });
      workUs += untilUs - fromUs;
    }
  }
  return { fromUs: romeDay(first).fromUs, untilUs: romeDay(next).fromUs, spans, workUs };
}

/** Minutes after midnight of `HH:MM`. */
export function minuteOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}

/** How many spans begin at or before `us`. */
function countBegun({ spans }: Year, us: number): number {
  return countWhile(spans, ({ fromUs }) => fromUs <= us);
}

/** How many of the first spans `holds` is true for; of the others it is not. */
function countWhile(spans: readonly Span[], holds: (span: Span) => boolean): number {
  let [low, high] = [0, spans.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(spans[middle] as Span)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function spanAt(year: Year, us: number): Span | undefined {
  const span = year.spans[countBegun(year, us) - 1];
  return span !== undefined && us < span.untilUs ? span : undefined;
}

function nextFrom(year: Year, us: number): number | undefined {
  const begun = countBegun(year, us - 1);
  return year.spans[begun]?.fromUs;
}

function workedIn(year: Year, us: number): number {
  const span = year.spans[countBegun(year, us) - 1];
  return span === undefined ? 0 : span.beforeUs + Math.min(us, span.untilUs) - span.fromUs;
}

/** When so much was worked first. `goalUs` is above 0 and at most the year's work. */
function reachedIn({ spans }: Year, goalUs: number): number {
  return instantIn(spans, goalUs, ({ beforeUs }) => beforeUs < goalUs);
}

/** When so much was worked last. `goalUs` is at least 0 and below the year's work. */
function leftIn({ spans }: Year, goalUs: number): number {
  return instantIn(spans, goalUs, ({ beforeUs }) => beforeUs <= goalUs);
}

/** In the last of the first spans that `isBefore` holds for. */
function instantIn(
  spans: readonly Span[],
  goalUs: number,
  isBefore: (span: Span) => boolean,
): number {
  const span = spans[countWhile(spans, isBefore) - 1] as Span;
  return span.fromUs + goalUs - span.beforeUs;
}
