/**
 * The time of the gate that a sender is connected to, as the sender needs it: what is known now,
 * how long it is to an opening, and what to tell people of it. Each gate's clock is kept by
 * `gate-clock.ts`; without a connection nothing is known.
 */
import { departsAtUs, type GateTime } from './days.ts';
import type { GateClock, GateClocks } from './gate-clock.ts';
import type { ClientClock } from './ports.ts';
import type { ClockFacts, Margin } from './sender-types.ts';

/** A gate reads every socket once more at the opening before it lets in: be behind that. */
const MARGIN_MS_DEFAULT = 2;

export interface LinkTimeOptions {
  readonly clock: ClientClock;
  readonly clocks: GateClocks;
  readonly margin: Margin | undefined;
  /** Of the gate connected to, or being connected to. */
  readonly url: () => string | undefined;
}

export class LinkTime {
  readonly #options: LinkTimeOptions;
  readonly #marginUs: number | undefined;

  constructor(options: LinkTimeOptions) {
    const { margin = MARGIN_MS_DEFAULT } = options;
    this.#options = options;
    this.#marginUs = margin === 'certain' ? undefined : Math.round(margin * 1000);
  }

  clock(): GateClock | undefined {
    const url = this.#options.url();
    return url === undefined ? undefined : this.#options.clocks.of(url);
  }

  /** What decides when something may leave; undefined before the first exchange. */
  now(): GateTime | undefined {
    const nowUs = this.#options.clock.nowUs();
    const clock = this.clock();
    const estimate = clock?.estimate(nowUs);
    if (estimate === undefined) return undefined;
    return { estimate, lead: clock?.lead(nowUs), marginUs: this.#marginUs };
  }

  /** Milliseconds to an official instant, negative when it is past; undefined while unknown. */
  leftMs(officialUs: number): number | undefined {
    const estimate = this.now()?.estimate;
    if (estimate === undefined) return undefined;
    return (officialUs - this.#options.clock.nowUs() - estimate.offsetUs) / 1000;
  }

  facts(): ClockFacts | undefined {
    const time = this.now();
    if (time === undefined) return undefined;
    const { offsetUs, uncertaintyUs, roundTripUs } = time.estimate;
    const sync = this.clock()?.sync();
    return { offsetUs, uncertaintyUs, roundTripUs, sync, arrivesWithinUs: arrivesWithinUs(time) };
  }
}

/**
 * From the instant at which the gate lets in to the first frame's arrival, when its way there is as
 * slow as the slowest that was seen. While too few were seen: as slow as the best round trip.
 */
function arrivesWithinUs(time: GateTime): number {
  const { estimate, lead } = time;
  if (lead === undefined) return 2 * (estimate.uncertaintyUs - estimate.serverUncertaintyUs);
  return departsAtUs(time, 0) + lead.latestUs - lead.gateUncertaintyUs;
}
