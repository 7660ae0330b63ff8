/**
 * The end of a run: when nothing is without its final answer any more, or when nobody can expect
 * one, because none came for a long time. A run MUST NOT wait for ever for a server that is silent.
 */

const SILENCE_MS_MAX = 30_000;
const LOOK_EVERY_MS = 1_000;

export class Countdown {
  /** Resolves at the end, whichever it is. */
  readonly over: Promise<void>;
  #open: number;
  #before: number;
  #silentMs = 0;
  #finish: () => void = () => undefined;
  readonly #watch: NodeJS.Timeout;

  /** `count` answers are awaited. */
  constructor(count: number, silenceMsMax = SILENCE_MS_MAX) {
    this.#open = count;
    this.#before = count;
    this.over = new Promise((resolve) => {
      this.#finish = resolve;
    });
    const everyMs = Math.min(LOOK_EVERY_MS, silenceMsMax);
    this.#watch = setInterval(() => {
      this.#silentMs = this.#open === this.#before ? this.#silentMs + everyMs : 0;
      this.#before = this.#open;
      if (this.#silentMs >= silenceMsMax) this.#end();
    }, everyMs);
    if (count === 0) this.#end();
  }

  settle(count: number): void {
    this.#open -= count;
    if (this.#open <= 0) this.#end();
  }

  #end() {
    clearInterval(this.#watch);
    this.#finish();
  }
}
