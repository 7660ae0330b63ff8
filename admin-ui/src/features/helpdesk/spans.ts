/** How long something takes, in one unit that can be pictured. */
interface SpanWords {
  readonly minutes: (count: number) => string;
  readonly hours: (count: number) => string;
  readonly days: (count: number) => string;
}

const hourMinutes = 60;
const dayMinutes = 24 * hourMinutes;

/** "25 minuti", "3 ore", "2 giorni"; never less than a minute. */
export function minutesSpan(minutes: number, w: SpanWords): string {
  if (minutes < hourMinutes) return w.minutes(Math.max(1, Math.round(minutes)));
  if (minutes < 2 * dayMinutes) return w.hours(Math.round(minutes / hourMinutes));
  return w.days(Math.round(minutes / dayMinutes));
}

/** Working hours: never told as days, whose length is another. */
export function hoursSpan(hours: number, w: SpanWords): string {
  return hours < 1 ? w.minutes(Math.round(hours * hourMinutes)) : w.hours(Math.round(hours));
}
