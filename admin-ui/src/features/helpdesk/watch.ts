/**
 * Asking while somebody looks, as the browser tells. Made for an effect that starts it once: what
 * the asking reads is none of the effect's business, or each answer would start it anew.
 */
import { untrack } from 'svelte';
import { askWhileVisible, type Looks } from './polling.ts';

/** The result stops it. */
export function watch(ask: () => void, everyMs: number): () => void {
  return untrack(() => askWhileVisible(ask, everyMs, browserLooks));
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
