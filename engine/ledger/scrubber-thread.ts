/**
 * The thread that reads the ledger again, ten steps nicer than the rest and no faster than it is
 * told. Started by scrubber.ts, to which it says each damage once a pass, and how far it is.
 */
import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { systemClock, systemTimers } from '#engine/clock/index.ts';
import { assert } from '#engine/foundation/assert.ts';
import { createScrub } from './scrub.ts';
import type { ScrubberSettings, ScrubReport } from './scrubber.ts';
import { openLedgerTables } from './tables.ts';

const STEP_EVERY_MS = 100;
const STEPS_A_SECOND = 1000 / STEP_EVERY_MS;
const NICE = 10;

const { path, gate, bytesPerSecond, pauseMs } = workerData as ScrubberSettings;
const port = parentPort;
assert(port !== null, 'this is a thread of the scrubber and no program');
setPriority(NICE); // of this thread: on Linux 0 is the caller's own
const tables = openLedgerTables({ path, readOnly: true });
const scrub = createScrub(tables, gate);
const timers = systemTimers();
const clock = systemClock();
let passes = 0;
let lastPassAtUs: number | null = null;

function step(): void {
  const { isEnd, damages } = scrub.step(bytesPerSecond / STEPS_A_SECOND);
  if (isEnd) {
    passes += 1;
    lastPassAtUs = clock.nowUs();
  }
  const status = { passes, lastPassAtUs, progress: isEnd ? 1 : scrub.progress() };
  port?.postMessage({ status, damages } satisfies ScrubReport);
  cancel = timers.after(isEnd ? pauseMs : STEP_EVERY_MS, step);
}

let cancel = timers.after(STEP_EVERY_MS, step);
port.on('message', () => {
  cancel();
  void tables.environment.close().then(() => port.close());
});
