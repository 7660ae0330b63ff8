/** What the mini-clients heard, gathered while it happens, and the table at the end. */
import { usFromIso } from '#protocol/time.ts';
import type { ClientEvent } from './processes.ts';

export interface Results {
  take(event: ClientEvent): void;
  accepted(): number;
  /** Every application accepted, each once. */
  applications(): ReadonlySet<string>;
  ready(): number;
  readonly rejected: ReadonlyMap<string, number>;
  firstStampUs(): number;
  lastStampUs(): number;
  /** Milliseconds from sending to the acknowledgement; NaN without any. */
  latencyMs(quantile: number): number;
}

export function createResults(): Results {
  const applications = new Set<string>();
  const rejected = new Map<string, number>();
  const latencies: number[] = [];
  let firstStampUs = Number.POSITIVE_INFINITY;
  let lastStampUs = 0;
  let ready = 0;
  const takeAccepted = (event: ClientEvent) => {
    applications.add(String(event.application));
    const stampUs = usFromIso(String(event.stamp));
    firstStampUs = Math.min(firstStampUs, stampUs);
    lastStampUs = Math.max(lastStampUs, stampUs);
    if (typeof event.latencyMs === 'number') latencies.push(event.latencyMs);
  };
  return {
    take: (event) => {
      if (event.event === 'accepted') takeAccepted(event);
      else if (event.event === 'ready') ready += 1;
      else if (event.event === 'rejected') {
        const code = String(event.code);
        rejected.set(code, (rejected.get(code) ?? 0) + 1);
      }
    },
    accepted: () => applications.size,
    applications: () => applications,
    ready: () => ready,
    rejected,
    firstStampUs: () => firstStampUs,
    lastStampUs: () => lastStampUs,
    latencyMs: (quantile) => {
      const sorted = latencies.toSorted((a, b) => a - b);
      return sorted[Math.min(sorted.length - 1, Math.floor(quantile * sorted.length))] ?? NaN;
    },
  };
}

/** Two columns, aligned. */
export function table(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  const rule = '─'.repeat(width + 44);
  const lines = rows.map(([name, value]) => `  ${name.padEnd(width)}   ${value}`);
  return [rule, ...lines, rule].join('\n');
}
