/**
 * Calendar days as texts `YYYY-MM-DD`, which compare and sort as they are. No clock, no zone.
 */

const SHAPE = /^(\d{4})-(\d{2})-(\d{2})$/;
const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const FEBRUARY = 2;

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

/** Whether the text is a day that exists, from 1900 to 2199. */
export function isDay(text: string): boolean {
  const match = SHAPE.exec(text);
  if (match === null) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (year < 1900 || year > 2199) return false;
  const length = (DAYS_IN_MONTH[month - 1] ?? 0) + (month === FEBRUARY && isLeap(year) ? 1 : 0);
  return day >= 1 && day <= length;
}

/** The same day `years` later; 29 February becomes 28 where there is none. */
export function addYears(day: string, years: number): string {
  const moved = `${String(Number(day.slice(0, 4)) + years).padStart(4, '0')}${day.slice(4)}`;
  return isDay(moved) ? moved : `${moved.slice(0, 8)}28`;
}
