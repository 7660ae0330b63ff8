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
export function askWhileVisible(
  ask: () => void,
  everyMs: number,
  looks = browserLooks,
): () => void {
  const look = (): void => {
    if (looks.isVisible()) ask();
  };
  const stops = [looks.every(everyMs, look), looks.onVisibility(look)];
  ask();
  return () => {
    for (const stop of stops) stop();
  };
}

const browserLooks: Looks = {
  every: (ms, work) => {
    const timer = setInterval(work, ms);
    return () => clearInterval(timer);
  },
  isVisible: () => document.visibilityState === 'visible',
  onVisibility: (work) => {
    document.addEventListener('visibilitychange', work);
    return () => document.removeEventListener('visibilitychange', work);
  },
};
