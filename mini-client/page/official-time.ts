/**
 * Official time for the page's clock: a gate's while there is one, before that the portal's. The
 * page estimates on from it by the arithmetic that everything here uses, so what it shows has an
 * uncertainty and never comes from the computer's own time of day.
 */
import { CLIENT_DRIFT_PPM, type ClockEstimate, estimateFrom } from '#protocol/clock-estimate.ts';
import type { ClientClock, SenderEvent } from '../core/index.ts';
import type { Portal } from '../portal.ts';
import type { PageTime } from './state.ts';

type Told = Pick<ClockEstimate, 'offsetUs' | 'uncertaintyUs'> & {
  readonly atUs: number;
  readonly source: PageTime['source'];
};

export class OfficialTime {
  readonly #clock: ClientClock;
  #best: Told | undefined;

  constructor(clock: ClientClock) {
    this.#clock = clock;
  }

  /** What the sender has from its gate goes before everything else. */
  heard({ offsetUs, uncertaintyUs }: Extract<SenderEvent, { event: 'clock' }>): void {
    this.#best = { offsetUs, uncertaintyUs, atUs: this.#clock.nowUs(), source: 'gate' };
  }

  /** Asks the portal; keeps what is tighter than before. Rejects when it does not answer. */
  async ask(portal: Portal): Promise<void> {
    const sentAtUs = this.#clock.nowUs();
    const { t1Us, t2Us, uncertaintyUs } = await portal.time(sentAtUs / 1000);
    const receivedAtUs = this.#clock.nowUs();
    const exchange = {
      ...{ sentAtUs, receivedAtUs, serverReceivedAtUs: t1Us, serverSentAtUs: t2Us },
      serverUncertaintyUs: uncertaintyUs,
    };
    const found = estimateFrom(exchange, receivedAtUs);
    if (found.uncertaintyUs >= (this.#uncertaintyUs() ?? Number.POSITIVE_INFINITY)) return;
    const { offsetUs } = found;
    const told = { offsetUs, uncertaintyUs: found.uncertaintyUs, atUs: receivedAtUs };
    this.#best = { ...told, source: 'portal' };
  }

  /** Undefined while nobody has told any. */
  nowUs(): number | undefined {
    return this.#best === undefined ? undefined : this.#clock.nowUs() + this.#best.offsetUs;
  }

  /** The answer to the page's question; undefined while official time is unknown. */
  answer(t0: number): PageTime | undefined {
    const nowUs = this.nowUs();
    const uncertaintyUs = this.#uncertaintyUs();
    if (nowUs === undefined || uncertaintyUs === undefined || this.#best === undefined) {
      return undefined;
    }
    return { t0, t1Us: nowUs, t2Us: nowUs, uncertaintyUs, source: this.#best.source };
  }

  /** As it is now: it grows with the age of what was told. */
  #uncertaintyUs(): number | undefined {
    if (this.#best === undefined) return undefined;
    const ageUs = this.#clock.nowUs() - this.#best.atUs;
    return Math.ceil(this.#best.uncertaintyUs + (ageUs * CLIENT_DRIFT_PPM) / 1_000_000);
  }
}
