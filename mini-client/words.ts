/** The program's words, numbers and instants in one language. */
import { LocalTime } from '#protocol/local-time.ts';
import type { Language } from '#protocol/portal-api.ts';
import { type TextKey, texts } from './texts.ts';

/** Rounded for a sentence: nobody needs hundredths. */
export function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}

export class Words {
  readonly language: Language;
  readonly localTime: LocalTime;

  constructor(language: Language) {
    this.language = language;
    this.localTime = new LocalTime(language);
  }

  /** A text of the catalogue; `values` fill its `{names}`. */
  text(key: TextKey, values: Readonly<Record<string, string | number>> = {}): string {
    return texts[key][this.language].replace(/\{(\w+)\}/g, (_, name: string) => {
      const value = values[name] ?? `{${name}}`;
      return typeof value === 'number' ? this.number(value) : value;
    });
  }

  /** A number as it is written in this language. */
  number(value: number): string {
    const text = String(value).replace('-', '−');
    return this.language === 'it' ? text.replace('.', ',') : text;
  }
}
