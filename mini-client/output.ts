/**
 * Where words go: sentences for people to standard error, with `--json` one object a line to
 * standard output. Lines of a burst leave in one write, or ten thousand outcomes would cost ten
 * thousand system calls at the busiest instant.
 */
import type { Language } from '#protocol/portal-api.ts';
import type { ClientTimers } from './core/index.ts';
import type { TextKey } from './texts.ts';
import { Words } from './words.ts';

const FLUSH_MS = 40;

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

export class Output extends Words {
  readonly isJson: boolean;
  readonly account: string | undefined;
  readonly #options: OutputOptions;
  #lines: string[] = [];

  constructor(options: OutputOptions) {
    super(options.language);
    this.#options = options;
    this.isJson = options.isJson;
    this.account = options.account;
  }

  /** A sentence for a person; `values` fill its `{names}`. */
  say(key: TextKey, values: Readonly<Record<string, string | number>> = {}): void {
    this.line(this.text(key, values));
  }

  /** A ready text for a person, who reads its instants in Italian time. */
  line(text: string): void {
    const { account, stderr } = this.#options;
    const said = this.localTime.within(text);
    stderr.write(account === undefined ? `${said}\n` : `[${account}] ${said}\n`);
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
