/**
 * Asking again and again while somebody looks: at once, then every so often, and at once when the
 * page is looked at again. A page in the background asks nothing.
 */
export interface Looks {
  /** Calls `work` every so often; the result stops it. */
  readonly every: (ms: number, work: () => void) => () => void;
  readonly isVisible: () => boolean;
  /** Calls `work` when the page goes into the background or comes back; the result stops it. */
  readonly onVisibility: (work: () => void) => () => void;
}

/** The result stops it. */
export function askWhileVisible(ask: () => void, everyMs: number, looks: Looks): () => void {
  const look = (): void => {
    if (looks.isVisible()) ask();
  };
  const stops = [looks.every(everyMs, look), looks.onVisibility(look)];
  ask();
  return () => {
    for (const stop of stops) stop();
  };
}
