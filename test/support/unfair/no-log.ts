/**
 * A public log that is none: no thread, nothing signed. What the gate does without the work that a
 * log is, so that its cost can be measured (bench/scenarios/log-cost.ts).
 */
import type { PublicLog } from '#engine/log/public-log.ts';

export * from '#engine/log/index.ts';

export function startPublicLog(): PublicLog {
  return {
    checkpoint: () => undefined,
    cosigned: () => undefined,
    witnesses: () => [],
    verifierKeys: () => [],
    trouble: () => undefined,
    tile: async () => undefined,
    close: async () => undefined,
  };
}
