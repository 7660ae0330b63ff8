/**
 * The end of a run: when nothing is without its final answer any more, or when nobody can expect
 * one, because none came for a long time. A run MUST NOT wait for ever for a server that is silent.
 */

const SILENCE_MS_MAX = 30_000;
const LOOK_EVERY_MS = 1_000;

export class Countdown {
  readonly #silenceMsMax: number;
  readonly #over: Promise<void>;
  #open: number;
  #finish: () => void = () => undefined;

  /** `count` answers are awaited. */
  constructor(count: number, silenceMsMax = SILENCE_MS_MAX) {
    this.#open = count;
    this.#silenceMsMax = silenceMsMax;
    this.#over = new Promise((resolve) => {
      this.#finish = resolve;
    });
    if (count === 0) this.#finish();
  }

  settle(count: number): void {
    this.#open -= count;
    if (this.#open <= 0) this.#finish();
  }

  /** Resolves at the end, whichever it is. Silence counts from now. */
  async over(): Promise<void> {
    const everyMs = Math.min(LOOK_EVERY_MS, this.#silenceMsMax);
    let before = this.#open;
    let silentMs = 0;
    const watch = setInterval(() => {
      silentMs = this.#open === before ? silentMs + everyMs : 0;
      before = this.#open;
      if (silentMs >= this.#silenceMsMax) this.#finish();
    }, everyMs);
    await this.#over;
    clearInterval(watch);
  }
}
