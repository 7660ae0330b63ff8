/** Instants and sizes as people read them; always the official time of Rome. */

import { LocalTime } from '#protocol/local-time.ts';
import type { Language } from '#protocol/portal-api.ts';

const TAGS = { it: 'it-IT', en: 'en-GB' } as const;
const DECIMAL = { it: ',', en: '.' } as const;

export const formatInstant = (at: string | number, language: Language): string =>
  new LocalTime(language).instant(at);

export const formatTime = (at: string | number, language: Language): string =>
  new LocalTime(language).time(at);

/** A stamp with its microseconds: "8:00:00,000123". */
export const formatStamp = (iso: string, language: Language): string =>
  new LocalTime(language).stamp(iso);

/** A sentence with the instants in it as people read them. */
export const withInstants = (text: string, language: Language): string =>
  new LocalTime(language).within(text);

/** "08:00:00" and the tenth after the decimal sign. */
export function formatClock(atMs: number, language: Language): readonly [string, string] {
  const clock = formatTime(atMs, language).padStart(8, '0');
  const tenth = Math.floor((((atMs % 1000) + 1000) % 1000) / 100);
  return [clock, `${DECIMAL[language]}${tenth}`];
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

export function formatCount(value: number, language: Language): string {
  return new Intl.NumberFormat(TAGS[language]).format(value);
}
