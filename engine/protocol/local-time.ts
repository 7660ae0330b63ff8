/**
 * Instants as people read them: day and time in Rome, where the openings are, and the zone named.
 * What programs read stays ISO 8601 in UTC.
 */
import type { Language } from './portal-api.ts';

const ZONE = 'Europe/Rome';
const TAGS = { it: 'it-IT', en: 'en-GB' } as const;
const DECIMAL = { it: ',', en: '.' } as const;
const ISO = /\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?(?:\.(\d+))?Z/g;
const DAY = { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' } as const;
const DATE = { day: '2-digit', month: '2-digit', year: 'numeric' } as const;
const TIME = { hour: 'numeric', minute: '2-digit', second: '2-digit', hour12: false } as const;

interface Known {
  readonly format: Intl.DateTimeFormat;
  /** The second that was asked for last, and its text. */
  readonly atS: number;
  readonly text: string;
}

/** Of one language. At the opening there are thousands of stamps of the same few seconds. */
export class LocalTime {
  readonly #language: Language;
  readonly #known = new Map<object, Known>();

  constructor(language: Language) {
    this.#language = language;
  }

  /** "lunedì 31 gennaio 2011, ore 8:00:00 (ora di Roma)" */
  instant(at: string | number): string {
    return this.#said(at, this.time(at));
  }

  /** "8:00:00" */
  time(at: string | number): string {
    return this.#parts(at, TIME)
      .replace(/^0(\d)/, '$1')
      .replace(/^24/, '0');
  }

  /** A stamp with its microseconds: "8:00:00,000123". */
  stamp(iso: string): string {
    const fraction = /\.(\d+)Z$/.exec(iso)?.[1]?.padEnd(6, '0') ?? '000000';
    return `${this.time(iso)}${DECIMAL[this.#language]}${fraction}`;
  }

  /** A stamp with its day, where there is little room: "31/01/2011 8:00:00,000123". */
  datedStamp(iso: string): string {
    return `${this.#parts(iso, DATE)} ${this.stamp(iso)}`;
  }

  /** A sentence with the instants in it as people read them; fractions of a second are kept. */
  within(sentence: string): string {
    return sentence.replace(ISO, (iso, fraction: string | undefined) =>
      this.#said(iso, /[1-9]/.test(fraction ?? '') ? this.stamp(iso) : this.time(iso)),
    );
  }

  #said(at: string | number, time: string): string {
    const day = this.#parts(at, DAY).replace(',', '');
    return this.#language === 'it'
      ? `${day}, ore ${time} (ora di Roma)`
      : `${day}, ${time} (Rome time)`;
  }

  #parts(at: string | number, form: Intl.DateTimeFormatOptions): string {
    const atS = Math.floor((typeof at === 'number' ? at : Date.parse(at)) / 1000);
    if (Number.isNaN(atS)) return '–';
    const known = this.#known.get(form);
    if (known?.atS === atS) return known.text;
    const words = { ...form, timeZone: ZONE };
    const format = known?.format ?? new Intl.DateTimeFormat(TAGS[this.#language], words);
    const text = format.format(atS * 1000);
    this.#known.set(form, { format, atS, text });
    return text;
  }
}
