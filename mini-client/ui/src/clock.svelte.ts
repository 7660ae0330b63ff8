/**
 * Official time on this page: the page's monotonic clock and an offset from exchanges with the
 * program, which has it from the gate (or, before, from the portal). Never the computer's own time
 * of day. Ticks by the tenth of a second.
 */
import {
  bestEstimate,
  type ClockExchange,
  keepExchange,
  officialTimeUs,
} from '#protocol/clock-estimate.ts';
import type { PageTime } from '../../page/state.ts';

const MEASURE_MS = 1_000;
const TICK_MS = 50;
const TENTH_MS = 100;

export class OfficialClock {
  /** Start of the current tenth of a second, ms since the epoch; null: not known. */
  tenthMs = $state<number | null>(null);
  uncertaintyUs = $state<number | null>(null);
  source = $state<PageTime['source'] | null>(null);
  readonly #ask: (t0: number) => Promise<PageTime | undefined>;
  readonly #monotonicMs: () => number;
  #exchanges: readonly ClockExchange[] = [];

  constructor(ask: (t0: number) => Promise<PageTime | undefined>, monotonicMs: () => number) {
    this.#ask = ask;
    this.#monotonicMs = monotonicMs;
  }

  start(): void {
    setInterval(() => this.#tick(), TICK_MS);
    const measure = async () => {
      // A program that does not answer is told at the head of the page.
      await this.#measure().catch(() => undefined);
      setTimeout(measure, MEASURE_MS);
    };
    void measure();
  }

  async #measure(): Promise<void> {
    const sentAtUs = this.#nowUs();
    const told = await this.#ask(sentAtUs);
    if (told === undefined) return;
    const receivedAtUs = this.#nowUs();
    // What another source says is another clock: nothing of the old one is kept.
    if (told.source !== this.source) this.#exchanges = [];
    this.source = told.source;
    this.#exchanges = keepExchange(this.#exchanges, {
      ...{ sentAtUs, receivedAtUs, serverReceivedAtUs: told.t1Us, serverSentAtUs: told.t2Us },
      serverUncertaintyUs: told.uncertaintyUs,
    });
    this.#tick();
  }

  #tick(): void {
    const nowUs = this.#nowUs();
    const estimate = bestEstimate(this.#exchanges, nowUs);
    if (estimate === undefined) return;
    const officialMs = officialTimeUs(estimate, nowUs) / 1000;
    this.tenthMs = Math.floor(officialMs / TENTH_MS) * TENTH_MS;
    this.uncertaintyUs = estimate.uncertaintyUs;
  }

  #nowUs(): number {
    return Math.round(this.#monotonicMs() * 1000);
  }
}
