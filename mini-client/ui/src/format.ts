/** Instants and sizes as people read them; always the official time of Rome. */
import type { Language } from '#protocol/portal-api.ts';

const ZONE = 'Europe/Rome';
const TAGS = { it: 'it-IT', en: 'en-GB' } as const;
const DECIMAL = { it: ',', en: '.' } as const;

/** "lunedì 31 gennaio 2011, ore 8:00:00 (ora di Roma)" */
export function formatInstant(at: string | number, language: Language): string {
  const form = { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' } as const;
  const day = parts(at, language, form).replace(',', '');
  const time = formatTime(at, language);
  return language === 'it' ? `${day}, ore ${time} (ora di Roma)` : `${day}, ${time} (Rome time)`;
}

/** "8:00:00" */
export function formatTime(at: string | number, language: Language): string {
  const form = { hour: 'numeric', minute: '2-digit', second: '2-digit', hour12: false } as const;
  return parts(at, language, form)
    .replace(/^0(\d)/, '$1')
    .replace(/^24/, '0');
}

/** "08:00:00" and the tenth after the decimal sign. */
export function formatClock(atMs: number, language: Language): readonly [string, string] {
  const form = { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false } as const;
  const clock = parts(atMs, language, form).replace(/^24/, '00');
  const tenth = Math.floor((((atMs % 1000) + 1000) % 1000) / 100);
  return [clock, `${DECIMAL[language]}${tenth}`];
}

/** A stamp with its microseconds: "8:00:00,000123". */
export function formatStamp(iso: string, language: Language): string {
  const fraction = /\.(\d+)Z$/.exec(iso)?.[1]?.padEnd(6, '0') ?? '000000';
  return `${formatTime(iso, language)}${DECIMAL[language]}${fraction}`;
}

/** "± 250 µs", or "± 3,1 ms" from a thousandth on. */
export function formatUncertainty(us: number, language: Language): string {
  const number = new Intl.NumberFormat(TAGS[language], { maximumFractionDigits: 1 });
  // No-break spaces: a number is not torn from its sign and unit.
  return us < 1000
    ? `±\u00a0${number.format(us)}\u00a0µs`
    : `±\u00a0${number.format(us / 1000)}\u00a0ms`;
}

/** "2 g 03:04:05" or "03:04:05" or "00:05,3" below a minute. */
export function formatLeft(leftMs: number, language: Language): string {
  const totalS = Math.ceil(leftMs / 1000);
  if (leftMs < 60_000) {
    const tenths = Math.ceil(leftMs / 100);
    return `${Math.floor(tenths / 10)}${DECIMAL[language]}${tenths % 10} s`;
  }
  const days = Math.floor(totalS / 86_400);
  const clock = [Math.floor(totalS / 3600) % 24, Math.floor(totalS / 60) % 60, totalS % 60]
    .map((value) => String(value).padStart(2, '0'))
    .join(':');
  return days === 0 ? clock : `${days} ${language === 'it' ? 'g' : 'd'} ${clock}`;
}

/** A sentence with the instants in it as people read them. */
export function withInstants(text: string, language: Language): string {
  return text.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, (iso) => formatInstant(iso, language));
}

export function formatCount(value: number, language: Language): string {
  return new Intl.NumberFormat(TAGS[language]).format(value);
}

function parts(at: string | number, language: Language, form: Intl.DateTimeFormatOptions): string {
  const atMs = typeof at === 'number' ? at : Date.parse(at);
  if (Number.isNaN(atMs)) return '–';
  return new Intl.DateTimeFormat(TAGS[language], { ...form, timeZone: ZONE }).format(atMs);
}
