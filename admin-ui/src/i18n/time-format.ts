/**
 * Instants as people read them: always the official time of Rome, always with the seconds, and
 * said so ("ora di Roma"). Input is ISO 8601 UTC or milliseconds of the official clock, never the
 * browser's own clock or zone.
 */
import { dictionary, type Language, localeTag } from './dictionary.ts';

const zone = 'Europe/Rome';

export const sentences = dictionary('time', {
  it: {
    instant: (day: string, time: string) => `${day}, ore ${time} (ora di Roma)`,
    decimalSign: ',',
  },
  en: {
    instant: (day, time) => `${day}, ${time} (Rome time)`,
    decimalSign: '.',
  },
});

/** Milliseconds since the Unix epoch of an ISO 8601 instant (its microseconds are cut). */
export function msFromIso(iso: string): number {
  return Date.parse(iso);
}

/** "lunedì 31 gennaio 2011" */
export function formatDay(at: string | number, language: Language): string {
  const form = { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' } as const;
  return parts(at, language, form).replace(',', '');
}

/** "8:00:00", of Rome */
export function formatTime(at: string | number, language: Language): string {
  const form = { hour: 'numeric', minute: '2-digit', second: '2-digit', hour12: false } as const;
  return parts(at, language, form)
    .replace(/^0(\d)/, '$1')
    .replace(/^24/, '0');
}

/** "08:00:00" with two digits everywhere, for the clock that must not change its width. */
export function formatClock(atMs: number, language: Language): string {
  const form = { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false } as const;
  return parts(atMs, language, form).replace(/^24/, '00');
}

/** "lunedì 31 gennaio 2011, ore 8:00:00 (ora di Roma)" */
export function formatInstant(at: string | number, language: Language): string {
  const day = formatDay(at, language);
  const time = formatTime(at, language);
  return sentences[language].instant(day, time);
}

/** "31/01/2011, 8:00:00", for lists. */
export function formatShort(at: string | number, language: Language): string {
  const form = { day: '2-digit', month: '2-digit', year: 'numeric' } as const;
  return `${parts(at, language, form)}, ${formatTime(at, language)}`;
}

/** A ledger stamp with all its microseconds: "lunedì 31 gennaio 2011, ore 8:00:00,000123 …". */
export function formatStamp(iso: string, language: Language): string {
  const fraction = /\.(\d+)Z$/.exec(iso)?.[1]?.padEnd(6, '0') ?? '000000';
  const time = formatTime(iso, language);
  const point = decimalSign(language);
  return formatInstant(iso, language).replace(time, `${time}${point}${fraction}`);
}

/** A ledger stamp for lists: "31/01/2011, 8:00:00,000123". */
export function formatShortStamp(iso: string, language: Language): string {
  const fraction = /\.(\d+)Z$/.exec(iso)?.[1]?.padEnd(6, '0') ?? '000000';
  return `${formatShort(iso, language)}${decimalSign(language)}${fraction}`;
}

/** What stands before the tenths. */
export function decimalSign(language: Language): string {
  return sentences[language].decimalSign;
}

/** A distance between two stamps: "12 µs", "1,2 ms". */
export function formatGap(us: number, language: Language): string {
  return formatUncertainty(us, language).slice('± '.length);
}

/** How far a stamp may be off: "± 250 µs", or "± 50,98 ms" from a thousandth on. */
export function formatUncertainty(us: number, language: Language): string {
  const number = new Intl.NumberFormat(localeTag(language), { maximumFractionDigits: 3 });
  return us < 1000 ? `± ${number.format(us)} µs` : `± ${number.format(us / 1000)} ms`;
}

/** The calendar date in Rome of a stored ISO date "2011-01-31" as "31/01/2011". */
export function formatDate(date: string): string {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date);
  return match ? `${match[3]}/${match[2]}/${match[1]}` : date;
}

function parts(at: string | number, language: Language, form: Intl.DateTimeFormatOptions): string {
  const atMs = typeof at === 'number' ? at : msFromIso(at);
  if (Number.isNaN(atMs)) return '–';
  return new Intl.DateTimeFormat(localeTag(language), { ...form, timeZone: zone }).format(atMs);
}
