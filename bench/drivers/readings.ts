/**
 * What a load generator's answers come to: acknowledgements, refusals by code, rate and latencies
 * without the warm-up, the first fifth of the acknowledgements.
 */
import type { Acknowledgement, SwarmResult } from '#bench/drivers/swarm.ts';

/** One answer as it came; instants of performance.now(). */
export interface Reading {
  readonly atMs: number;
  readonly latencyMs: number;
  text: string;
}

/** The same, understood: an acknowledgement, or the code of a refusal. */
export interface ReadReading {
  readonly atMs: number;
  readonly latencyMs: number;
  readonly outcome: Acknowledgement | string;
}

const WARM_UP_SHARE = 0.2;

/** Reads the JSON of an answer. A text that is none is a refusal of its own. */
export function readAnswer({ atMs, latencyMs, text }: Reading): ReadReading {
  return { atMs, latencyMs, outcome: outcomeOf(text) };
}

function outcomeOf(text: string): Acknowledgement | string {
  try {
    const { application, seq, stamp, code } = JSON.parse(text) as Record<string, unknown>;
    if (typeof application === 'string' && typeof seq === 'number' && typeof stamp === 'string') {
      return { application, seq, stamp };
    }
    return typeof code === 'string' ? code : 'unknown';
  } catch {
    return `not JSON: ${text.slice(0, 40)}`;
  }
}

type Counted = Pick<SwarmResult, 'acknowledgements' | 'refusals' | 'ratePerSecond' | 'latenciesMs'>;

/** The figures of a run. */
export function resultOf(readings: readonly ReadReading[]): Counted {
  const refusals: Record<string, number> = {};
  const accepted: (ReadReading & { outcome: Acknowledgement })[] = [];
  for (const reading of readings) {
    const { outcome } = reading;
    if (typeof outcome === 'string') refusals[outcome] = (refusals[outcome] ?? 0) + 1;
    else accepted.push({ ...reading, outcome });
  }
  accepted.sort((a, b) => a.atMs - b.atMs);
  const counted = accepted.slice(Math.floor(accepted.length * WARM_UP_SHARE));
  const spanMs = (counted.at(-1)?.atMs ?? 0) - (counted[0]?.atMs ?? 0);
  return {
    acknowledgements: accepted.map(({ outcome }) => outcome),
    refusals,
    ratePerSecond: spanMs > 0 ? (counted.length - 1) / (spanMs / 1_000) : 0,
    latenciesMs: counted.map(({ latencyMs }) => latencyMs),
  };
}
