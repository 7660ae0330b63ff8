/** Spans are shown in minutes: what counts on is drawn again once in ten seconds, not each one. */
const STEP_MS = 10_000;

export function minuteOf(secondMs: number | null): number {
  return Math.floor((secondMs ?? 0) / STEP_MS) * STEP_MS;
}
