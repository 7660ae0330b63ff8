/** Whether somebody looks, as the browser tells. */
import type { Looks } from './polling.ts';

export const browserLooks: Looks = {
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
