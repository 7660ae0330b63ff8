/**
 * The official time in the browser: the page's monotonic clock (never the date set on the
 * computer) plus an offset estimated from exchanges with `GET /api/time` by the same arithmetic
 * as the mini-client (`#protocol/clock-estimate`). Shows the time and how sure it is; a failed
 * measurement keeps the last good one, whose uncertainty grows with its age.
 */
import {
  bestEstimate,
  type ClockExchange,
  keepExchange,
  officialTimeUs,
} from '#protocol/clock-estimate.ts';
import type { TimeAnswer } from '#protocol/portal-api.ts';

const exchangesAMeasure = 5;
const remeasureEveryMs = 30_000;
const retryEveryMs = 5_000;
const tickEveryMs = 100;

export class OfficialClock {
  /** Start of the current official second, ms since the epoch; null until the first answer. */
  secondMs = $state<number | null>(null);
  /** Start of the current tenth of a second; read it only where tenths are shown. */
  tenthMs = $state<number | null>(null);
  /** Whole milliseconds, rounded up. */
  uncertaintyMs = $state<number | null>(null);
  sync = $state<TimeAnswer['sync'] | null>(null);
  /** True while the last measurement failed: the time goes on from the last good one. */
  unreachable = $state(false);

  readonly #exchange: (t0: number) => Promise<TimeAnswer>;
  readonly #monotonicMs: () => number;
  readonly #random: () => number;
  #exchanges: readonly ClockExchange[] = [];
  #measuring = false;

  /**
   * `exchange` asks the portal once; `monotonicMs` never jumps (`performance.now`); `random`
   * spreads the questions of many pages.
   */
  constructor(options: {
    exchange: (t0: number) => Promise<TimeAnswer>;
    monotonicMs: () => number;
    random: () => number;
  }) {
    this.#exchange = options.exchange;
    this.#monotonicMs = options.monotonicMs;
    this.#random = options.random;
  }

  /** The official time now, ms since the epoch, or null before the first exchange. */
  nowMs(): number | null {
    const clientUs = this.#clientUs();
    const estimate = bestEstimate(this.#exchanges, clientUs);
    return estimate ? officialTimeUs(estimate, clientUs) / 1000 : null;
  }

  /** Starts measuring and ticking; the result stops both. Measures again when the tab wakes up. */
  start(): () => void {
    let next: ReturnType<typeof setTimeout>;
    const measure = async (): Promise<void> => {
      await this.measure();
      const pauseMs = this.unreachable ? retryEveryMs : remeasureEveryMs;
      next = setTimeout(measure, pauseMs * (1 + this.#random()));
    };
    const wake = (): void => {
      if (document.visibilityState === 'visible') void this.measure();
    };
    const ticking = setInterval(() => this.#tick(), tickEveryMs);
    document.addEventListener('visibilitychange', wake);
    void measure();
    return () => {
      clearTimeout(next);
      clearInterval(ticking);
      document.removeEventListener('visibilitychange', wake);
    };
  }

  /** Several exchanges one after the other; the estimate rests on the tightest of all kept. */
  async measure(): Promise<void> {
    if (this.#measuring) return;
    this.#measuring = true;
    try {
      for (let round = 0; round < exchangesAMeasure; round += 1) await this.#measureOnce();
      this.unreachable = false;
    } catch {
      this.unreachable = true; // the header says so; the next round tries again
    }
    this.#measuring = false;
    this.#tick();
  }

  async #measureOnce(): Promise<void> {
    const sentAtUs = this.#clientUs();
    const answer = await this.#exchange(sentAtUs / 1000);
    this.#exchanges = keepExchange(this.#exchanges, {
      sentAtUs,
      serverReceivedAtUs: answer.t1Us,
      serverSentAtUs: answer.t2Us,
      receivedAtUs: this.#clientUs(),
      serverUncertaintyUs: answer.uncertaintyUs,
    });
    this.sync = answer.sync;
    if (this.secondMs === null) this.#tick();
  }

  #clientUs(): number {
    return Math.round(this.#monotonicMs() * 1000);
  }

  #tick(): void {
    const clientUs = this.#clientUs();
    const estimate = bestEstimate(this.#exchanges, clientUs);
    if (estimate === undefined) return;
    const nowMs = officialTimeUs(estimate, clientUs) / 1000;
    this.secondMs = Math.floor(nowMs / 1000) * 1000;
    this.tenthMs = Math.floor(nowMs / 100) * 100;
    this.uncertaintyMs = Math.ceil(estimate.uncertaintyUs / 1000);
  }
}
