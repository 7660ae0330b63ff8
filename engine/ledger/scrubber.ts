/**
 * The scrubber as the gate sees it: a thread of its own that reads the ledger again and again, and
 * what it has to say. A scrubber that dies is an alarm in the log and stops nobody.
 */
import { Worker } from 'node:worker_threads';
import type { Log } from '#engine/foundation/log.ts';
import type { Damage } from './damage.ts';
import type { ScrubStatus } from './scrub.ts';

export interface ScrubberSettings {
  readonly path: string;
  readonly gate: string;
  readonly bytesPerSecond: number;
  /** Between two passes. */
  readonly pauseMs: number;
}

export interface ScrubReport {
  readonly status: ScrubStatus;
  readonly damages: readonly Damage[];
}

export interface Scrubber {
  status(): ScrubStatus;
  /** Tells of each damage, also of one that was told before, again in each pass. */
  onDamage(hear: (damage: Damage) => void): void;
  close(): Promise<void>;
}

/** Starts the thread over a ledger that exists. */
export function startScrubber(settings: ScrubberSettings & { readonly log: Log }): Scrubber {
  const { log, ...workerData } = settings;
  const worker = new Worker(new URL('./scrubber-thread.ts', import.meta.url), {
    workerData,
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  let status: ScrubStatus = { passes: 0, lastPassAtUs: null, progress: 0 };
  const hearers: ((damage: Damage) => void)[] = [];
  const ended = new Promise<void>((resolve) => {
    worker.once('exit', () => resolve());
  });
  worker.on('message', (report: ScrubReport) => {
    status = report.status;
    for (const damage of report.damages) for (const hear of hearers) hear(damage);
  });
  worker.on('error', (error) =>
    log.error({ error }, 'the scrubber ended: damage is not looked for'),
  );
  return {
    status: () => status,
    onDamage: (hear) => hearers.push(hear),
    close: () => {
      worker.postMessage('close');
      return ended;
    },
  };
}
