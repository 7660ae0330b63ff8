/**
 * Days of Europe/Rome as instants. A day is named by its number since 1970-01-01; it lasts 23, 24
 * or 25 hours, and the rules for that are the system's own (Intl), not ours.
 *
 * A time of the clock that comes twice in the autumn night is its first; one that the spring night
 * leaves out is the moment at which the clock jumps.
 */

export const DAY_US = 86_400_000_000;
export const MINUTE_US = 60_000_000;
const MS_A_DAY = 86_400_000;
const US_A_MS = 1000;
const OFFSET = /GMT(?:([+-])(\d{2}):(\d{2}))?/;

const formatter = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/Rome',
  timeZoneName: 'longOffset',
});

/** A day, and how its clock runs. */
export interface RomeDay {
  /** Its first instant, and the first of the next day. */
  readonly fromUs: number;
  readonly untilUs: number;
  /** The instant of so many minutes after midnight by its clock, 0 to 1440. */
  at(minute: number): number;
}

/** The day with a number; a few microseconds of work, some more on two days of a year. */
export function romeDay(day: number): RomeDay {
  const [before, after] = [midnightOffset(day), midnightOffset(day + 1)];
  const fromUs = day * DAY_US - before;
  const untilUs = (day + 1) * DAY_US - after;
  if (before === after) return { fromUs, untilUs, at: (minute) => fromUs + minute * MINUTE_US };
  const jumpUs = jumpBetween(fromUs, untilUs, before);
  const at = (minute: number) => {
    const wallUs = day * DAY_US + minute * MINUTE_US;
    if (wallUs - before < jumpUs) return wallUs - before;
    return Math.max(jumpUs, wallUs - after);
  };
  return { fromUs, untilUs, at };
}

/** The number of the day in which an instant lies. */
export function dayOf(us: number): number {
  return Math.floor((us + offsetAt(us)) / DAY_US);
}

/** `YYYY-MM-DD` as its number; NaN when there is no such day. */
export function dayFromIso(iso: string): number {
  const ms = Date.parse(`${iso}T00:00:00Z`);
  return Number.isNaN(ms) || isoFromDay(ms / MS_A_DAY) !== iso ? Number.NaN : ms / MS_A_DAY;
}

/** A day's number as `YYYY-MM-DD`. */
export function isoFromDay(day: number): string {
  return new Date(day * MS_A_DAY).toISOString().slice(0, 10);
}

/** 0 is Monday: 1970 began on a Thursday. */
export function weekdayOf(day: number): number {
  return (((day + 3) % 7) + 7) % 7;
}

/** The clock changes in the night, never at midnight itself, so either guess of it will do. */
function midnightOffset(day: number): number {
  return offsetAt(day * DAY_US - 60 * MINUTE_US);
}

function offsetAt(us: number): number {
  const text = formatter.format(new Date(Math.floor(us / US_A_MS)));
  const [, sign, hours, minutes] = OFFSET.exec(text) ?? [];
  const size = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * MINUTE_US;
  return sign === '-' ? -size : size;
}

/** To the minute, the instant from which the offset is another one. */
function jumpBetween(fromUs: number, untilUs: number, before: number): number {
  let [low, high] = [0, Math.round((untilUs - fromUs) / MINUTE_US)];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(fromUs + middle * MINUTE_US) === before) low = middle;
    else high = middle;
  }
  return fromUs + high * MINUTE_US;
}
