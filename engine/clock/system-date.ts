/**
 * Watches the system's date from the monotonic clock: follows it within its millisecond, and
 * tells when somebody set it (or when the machine was suspended, which looks the same). One cheap
 * reading a call, no waiting.
 */
import type { HostClock } from './clock.ts';
import { alignSystemOffset } from './host.ts';

const MILLISECOND_US = 1_000;

export interface SystemDate {
  /** System date minus monotonic clock as last observed, within a millisecond. */
  offsetUs(): number;
  /** Looks once; returns by how much the offset moved since the last look. */
  observe(): number;
}

/** Aligns once (up to 2 ms of spinning), then follows. */
export function watchSystemDate(host: HostClock): SystemDate {
  let { offsetUs } = alignSystemOffset(host);
  return {
    offsetUs: () => offsetUs,
    observe() {
      const beforeUs = host.monotonicUs();
      const systemUs = host.systemUs();
      const lowUs = systemUs - host.monotonicUs();
      const highUs = systemUs + MILLISECOND_US - beforeUs;
      const movedUs = Math.min(Math.max(offsetUs, lowUs), highUs) - offsetUs;
      offsetUs += movedUs;
      return movedUs;
    },
  };
}
