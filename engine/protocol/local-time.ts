/**
 * Instants as people read them: day and time in Rome, where the openings are, and the zone named.
 * What programs read stays ISO 8601 in UTC.
 *
 * The calendar and the hour of summer are reckoned here: Intl reads 6 MB of its tables for a first
 * date, which a small program has no room for, and is slower. A test compares every hour around
 * each change with it. Holds from 1996 on, when Italy took the dates of Directive 94/21/EC.
 */
import type { Language } from './portal-api.ts';

const DECIMAL = { it: ',', en: '.' } as const;
const ISO = /\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?(?:\.(\d+))?Z/g;
const HOUR_MS = 3_600_000;
const DAYS = {
  it: ['domenica', 'lunedì', 'martedì', 'mercoledì', 'giovedì', 'venerdì', 'sabato'],
  en: ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'],
} as const;
const MONTHS = {
  it: [
    ...['gennaio', 'febbraio', 'marzo', 'aprile', 'maggio', 'giugno'],
    ...['luglio', 'agosto', 'settembre', 'ottobre', 'novembre', 'dicembre'],
  ],
  en: [
    ...['January', 'February', 'March', 'April', 'May', 'June'],
    ...['July', 'August', 'September', 'October', 'November', 'December'],
  ],
} as const;
const MARCH = 2;
const OCTOBER = 9;
const UNKNOWN = '–';

/** Of one language. */
export class LocalTime {
  readonly #language: Language;

  constructor(language: Language) {
    this.#language = language;
  }

  /** "lunedì 31 gennaio 2011, ore 8:00:00 (ora di Roma)" */
  instant(at: string | number): string {
    return this.#said(at, this.time(at));
  }

  /** "8:00:00" */
  time(at: string | number): string {
    const rome = inRome(at);
    if (rome === undefined) return UNKNOWN;
    const minutes = twoDigits(rome.getUTCMinutes());
    return `${rome.getUTCHours()}:${minutes}:${twoDigits(rome.getUTCSeconds())}`;
  }

  /** A stamp with its microseconds: "8:00:00,000123". */
  stamp(iso: string): string {
    const fraction = /\.(\d+)Z$/.exec(iso)?.[1]?.padEnd(6, '0') ?? '000000';
    return `${this.time(iso)}${DECIMAL[this.#language]}${fraction}`;
  }

  /** A stamp with its day, where there is little room: "31/01/2011 8:00:00,000123". */
  datedStamp(iso: string): string {
    const rome = inRome(iso);
    if (rome === undefined) return UNKNOWN;
    const month = twoDigits(rome.getUTCMonth() + 1);
    const day = `${twoDigits(rome.getUTCDate())}/${month}/${rome.getUTCFullYear()}`;
    return `${day} ${this.stamp(iso)}`;
  }

  /** A sentence with the instants in it as people read them; fractions of a second are kept. */
  within(sentence: string): string {
    return sentence.replace(ISO, (iso, fraction: string | undefined) =>
      this.#said(iso, /[1-9]/.test(fraction ?? '') ? this.stamp(iso) : this.time(iso)),
    );
  }

  #said(at: string | number, time: string): string {
    const day = this.#day(at);
    return this.#language === 'it'
      ? `${day}, ore ${time} (ora di Roma)`
      : `${day}, ${time} (Rome time)`;
  }

  /** "lunedì 31 gennaio 2011" */
  #day(at: string | number): string {
    const rome = inRome(at);
    if (rome === undefined) return UNKNOWN;
    const weekday = DAYS[this.#language][rome.getUTCDay()];
    const month = MONTHS[this.#language][rome.getUTCMonth()];
    return `${weekday} ${rome.getUTCDate()} ${month} ${rome.getUTCFullYear()}`;
  }
}

/** A date whose UTC fields are those of a clock in Rome; undefined when it is no instant. */
function inRome(at: string | number): Date | undefined {
  const ms = typeof at === 'number' ? at : Date.parse(at);
  if (Number.isNaN(ms)) return undefined;
  return new Date(ms + (isSummer(ms) ? 2 : 1) * HOUR_MS);
}

/** From the last Sunday of March to the last of October, at 1 o'clock UTC each. */
function isSummer(ms: number): boolean {
  const year = new Date(ms).getUTCFullYear();
  return ms >= changeOf(year, MARCH) && ms < changeOf(year, OCTOBER);
}

/** Both months have 31 days. */
function changeOf(year: number, month: number): number {
  const lastDay = new Date(Date.UTC(year, month, 31)).getUTCDay();
  return Date.UTC(year, month, 31 - lastDay, 1);
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
