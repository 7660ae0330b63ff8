/**
 * The real host clocks, and the plain clock for tools that have no NTP. `Date.now()` is whole
 * milliseconds, so where the date's fraction matters its offset from the monotonic clock is taken
 * at the edge of a millisecond: a spin of one millisecond as a rule and never above two.
 */
import type { Clock, HostClock } from './clock.ts';

const SPIN_US_MAX = 2_000;
/** An edge seen this sharply ends the search; a wider one was held up by other work. */
const EDGE_US_GOOD = 20;
const SPIN_READINGS_MAX = 40_000;
const MILLISECOND_US = 1_000;

/**
 * The host's clocks. `monotonicUs` counts from the boot (CLOCK_MONOTONIC: without the time that
 * the machine was suspended), with a resolution of a microsecond or finer.
 */
export function systemHostClock(): HostClock {
  const startedUs = Number(process.hrtime.bigint() / 1000n) - performance.now() * 1000;
  return {
    monotonicUs: () => startedUs + performance.now() * 1000,
    systemUs: () => Date.now() * 1000,
  };
}

/** System date minus monotonic clock, within `± errorUs`, both in microseconds. */
export interface SystemOffset {
  readonly offsetUs: number;
  readonly errorUs: number;
}

/**
 * Measures the system date against the monotonic clock at a millisecond's edge. Blocks the event
 * loop for up to 2 ms: for starting up and for the rare exchange, not for the click-day path.
 * Without an edge (the clock stands still, or the process was held up) the error is half a
 * millisecond and the time that the reading took.
 */
export function alignSystemOffset(host: HostClock): SystemOffset {
  const startUs = host.monotonicUs();
  let beforeUs = startUs;
  let lastUs = host.systemUs();
  let best: SystemOffset | undefined;
  for (let reading = 0; reading < SPIN_READINGS_MAX; reading += 1) {
    const nextBeforeUs = host.monotonicUs();
    if (nextBeforeUs - startUs > SPIN_US_MAX) break;
    const systemUs = host.systemUs();
    if (systemUs !== lastUs) {
      const edge = between(systemUs, beforeUs, host.monotonicUs());
      if (best === undefined || edge.errorUs < best.errorUs) best = edge;
      if (best.errorUs <= EDGE_US_GOOD) return best;
    }
    lastUs = systemUs;
    beforeUs = nextBeforeUs;
  }
  return best ?? withoutEdge(host);
}

function withoutEdge(host: HostClock): SystemOffset {
  const beforeUs = host.monotonicUs();
  const middleUs = host.systemUs() + MILLISECOND_US / 2;
  const centre = between(middleUs, beforeUs, host.monotonicUs());
  return { offsetUs: centre.offsetUs, errorUs: centre.errorUs + MILLISECOND_US / 2 };
}

function between(systemUs: number, fromUs: number, toUs: number): SystemOffset {
  return { offsetUs: systemUs - (fromUs + toUs) / 2, errorUs: (toUs - fromUs) / 2 };
}

/** Bound assumed for a system clock about which nothing is known. */
export const UNCERTAINTY_US_UNSYNCHRONISED = 50_000;

/**
 * A clock for tools and commands: the system date taken once and carried on by the monotonic
 * clock, always `unsynchronised`. Does not follow a later change of the date.
 * @param options.uncertaintyUs the bound of the system's date; default 50 ms
 */
export function systemClock(
  options: { readonly host?: HostClock; readonly uncertaintyUs?: number } = {},
): Clock {
  const host = options.host ?? systemHostClock();
  const boundUs = options.uncertaintyUs ?? UNCERTAINTY_US_UNSYNCHRONISED;
  const { offsetUs, errorUs } = alignSystemOffset(host);
  const nowUs = (): number => Math.floor(host.monotonicUs() + offsetUs);
  const uncertaintyUs = Math.ceil(boundUs + errorUs);
  return { nowUs, read: () => ({ nowUs: nowUs(), uncertaintyUs, sync: 'unsynchronised' }) };
}
