/**
 * The output of a command that the page runs: what programs would be told on standard output
 * becomes calls, and what people would read becomes a list of sentences.
 */
import type { Language } from '#protocol/portal-api.ts';
import type { ClientTimers } from '../core/index.ts';
import { Output } from '../output.ts';

export type Told = Readonly<Record<string, unknown>>;

const NOWHERE = { write: () => undefined };

export class HeardOutput extends Output {
  readonly sentences: string[] = [];
  readonly #hear: (told: Told) => void;

  constructor(options: {
    readonly language: Language;
    readonly timers: ClientTimers;
    readonly hear: (told: Told) => void;
  }) {
    const { language, timers } = options;
    super({ isJson: true, language, stdout: NOWHERE, stderr: NOWHERE, timers });
    this.#hear = options.hear;
  }

  override line(text: string): void {
    this.sentences.push(text);
  }

  override data(value: object): void {
    this.#hear(value as Told);
  }
}
