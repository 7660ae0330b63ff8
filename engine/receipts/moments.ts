/**
 * How a receipt writes instants: to the microsecond, in Rome time with its zone and offset.
 * `Date` ends at milliseconds, so the microseconds are ours.
 */
import type { ReceiptTexts } from './texts.ts';

const MICROSECONDS_A_SECOND = 1_000_000;
const MINUTES_AN_HOUR = 60;
const MILLISECONDS_A_MINUTE = 60_000;
const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;

/** A wall clock in Europe/Rome: `zone` is CET or CEST, `offset` as `UTC+01:00`. */
export interface RomeMoment {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly microsecond: number;
  readonly zone: string;
  readonly offset: string;
}

/** Makes a reader of instants; keeps one formatter, which is slow to build. */
export function romeClock(): (us: number) => RomeMoment {
  const formatter = new Intl.DateTimeFormat('en-GB', {
    timeZone: 'Europe/Rome',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  return (us) => {
    const parts = formatter.formatToParts(new Date(us / 1000));
    const part = (type: string) => Number(parts.find((found) => found.type === type)?.value);
    const clock = {
      year: part('year'),
      month: part('month'),
      day: part('day'),
      hour: part('hour'),
      minute: part('minute'),
      second: part('second'),
      microsecond: us % MICROSECONDS_A_SECOND,
    };
    return { ...clock, ...zoneOf(clock, us) };
  };
}

type WallClock = Omit<RomeMoment, 'zone' | 'offset'>;

function zoneOf(clock: WallClock, us: number): Pick<RomeMoment, 'zone' | 'offset'> {
  const { year, month, day, hour, minute } = clock;
  const wholeMinutes = Math.floor(us / 1000 / MILLISECONDS_A_MINUTE);
  const asUtc = Date.UTC(year, month - 1, day, hour, minute) / MILLISECONDS_A_MINUTE;
  const offsetMinutes = asUtc - wholeMinutes;
  const hours = String(Math.floor(offsetMinutes / MINUTES_AN_HOUR)).padStart(2, '0');
  const rest = String(offsetMinutes % MINUTES_AN_HOUR).padStart(2, '0');
  return { zone: hours === '02' ? 'CEST' : 'CET', offset: `UTC+${hours}:${rest}` };
}

/** `31 gennaio 2011` */
export function dayText(moment: Pick<RomeMoment, 'year' | 'month' | 'day'>, texts: ReceiptTexts) {
  return `${moment.day} ${texts.months[moment.month - 1]} ${moment.year}`;
}

/** `08:00:00,000123` */
export function timeText(moment: RomeMoment, texts: ReceiptTexts): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const micro = String(moment.microsecond).padStart(6, '0');
  const whole = `${two(moment.hour)}:${two(moment.minute)}:${two(moment.second)}`;
  return `${whole}${texts.decimalComma}${micro}`;
}

/** `± 0,000250 s` */
export function uncertaintyText(us: number, texts: ReceiptTexts): string {
  const seconds = (us / MICROSECONDS_A_SECOND).toFixed(6).replace('.', texts.decimalComma);
  return `± ${seconds} ${texts.seconds}`;
}

/** A click day whose id is a date is written out and keeps its id; another id stays as it is. */
export function clickDayText(id: string, texts: ReceiptTexts): string {
  const match = DAY.exec(id);
  if (match === null) return id;
  const [, year, month, day] = match.map(Number);
  if (month! < 1 || month! > 12) return id;
  return `${dayText({ year: year!, month: month!, day: day! }, texts)} (${id})`;
}
