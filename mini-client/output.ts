/**
 * Where words go: sentences for people to standard error, with `--json` one object a line to
 * standard output. Lines of a burst leave in one write, or ten thousand outcomes would cost ten
 * thousand system calls at the busiest instant.
 */

import { LocalTime } from '#protocol/local-time.ts';
import type { Language } from '#protocol/portal-api.ts';
import type { ClientTimers } from './core/index.ts';
import { type TextKey, texts } from './texts.ts';

const FLUSH_MS = 40;

/** Rounded for a sentence: nobody needs hundredths. */
export function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}

export interface Writer {
  write(text: string): unknown;
}

export interface OutputOptions {
  readonly isJson: boolean;
  readonly language: Language;
  readonly stdout: Writer;
  readonly stderr: Writer;
  readonly timers: ClientTimers;
  /** Whose sentences and objects these are, where several accounts are at work. */
  readonly account?: string | undefined;
}

export class Output {
  readonly isJson: boolean;
  readonly language: Language;
  readonly account: string | undefined;
  readonly #options: OutputOptions;
  readonly #localTime: LocalTime;
  #lines: string[] = [];

  constructor(options: OutputOptions) {
    this.#options = options;
    this.isJson = options.isJson;
    this.language = options.language;
    this.#localTime = new LocalTime(options.language);
    this.account = options.account;
  }

  /** A sentence for a person; `values` fill its `{names}`. */
  say(key: TextKey, values: Readonly<Record<string, string | number>> = {}): void {
    this.line(this.text(key, values));
  }

  /** A ready text for a person, who reads its instants in Italian time. */
  line(text: string): void {
    const { account, stderr } = this.#options;
    const said = this.#localTime.within(text);
    stderr.write(account === undefined ? `${said}\n` : `[${account}] ${said}\n`);
  }

  text(key: TextKey, values: Readonly<Record<string, string | number>> = {}): string {
    return texts[key][this.language].replace(/\{(\w+)\}/g, (_, name: string) => {
      const value = values[name] ?? `{${name}}`;
      return typeof value === 'number' ? this.number(value) : value;
    });
  }

  /** A number as it is written in this language. */
  number(value: number): string {
    return this.language === 'it' ? String(value).replace('.', ',') : String(value);
  }

  /** An object for a program; nothing without `--json`. */
  data(value: object): void {
    if (!this.isJson) return;
    if (this.#lines.length === 0) this.#options.timers.after(FLUSH_MS, () => this.flush());
    const { account } = this.#options;
    this.#lines.push(JSON.stringify(account === undefined ? value : { ...value, account }));
  }

  /** MUST be called before the process ends. */
  flush(): void {
    if (this.#lines.length === 0) return;
    this.#options.stdout.write(`${this.#lines.join('\n')}\n`);
    this.#lines = [];
  }
}
