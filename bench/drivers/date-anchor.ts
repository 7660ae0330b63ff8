/**
 * The machine's date to a fraction of its milliseconds, through the monotonic clock: what a sender
 * needs to write at an official instant, and to say afterwards when it wrote.
 */

const ANCHOR_MS = 3;
/** Before an instant the thread stops relying on timers. */
const SPIN_MS = 4;

/** Date minus performance.now(), ms: the largest seen in 3 ms, since the date is rounded down. */
export function dateOffsetMs(): number {
  let offsetMs = Number.NEGATIVE_INFINITY;
  for (const endMs = performance.now() + ANCHOR_MS; performance.now() < endMs; ) {
    const beforeMs = performance.now();
    offsetMs = Math.max(offsetMs, Date.now() - beforeMs);
  }
  return offsetMs;
}

/** Resolves at `instantMs` of performance.now(), in the first pass of the event loop after it. */
export async function untilMs(instantMs: number): Promise<void> {
  const restMs = instantMs - performance.now() - SPIN_MS;
  if (restMs > 0) await new Promise((resolve) => setTimeout(resolve, restMs));
  while (performance.now() < instantMs) await new Promise(setImmediate);
}
