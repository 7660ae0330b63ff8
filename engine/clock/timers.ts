/**
 * Node's own timers behind the `Timers` interface. Delays beyond the 24.8 days that `setTimeout`
 * can hold (it would fire at once) are walked in steps, since a click day is planned months ahead.
 */
import type { Cancel, Timers } from './clock.ts';

const DELAY_MS_MAX = 2_147_483_647;

/**
 * @param options.keepAlive whether a pending timer keeps the process running; default true
 * @returns timers of the real event loop; no state shared between two calls
 */
export function systemTimers(options: { readonly keepAlive?: boolean } = {}): Timers {
  const keepAlive = options.keepAlive ?? true;
  return {
    after: (ms, fn) => after(ms, fn, keepAlive),
    every(ms, fn) {
      const handle = setInterval(fn, ms);
      if (!keepAlive) handle.unref();
      return () => clearInterval(handle);
    },
    immediate(fn) {
      const handle = setImmediate(fn);
      if (!keepAlive) handle.unref();
      return () => clearImmediate(handle);
    },
  };
}

function after(ms: number, fn: () => void, keepAlive: boolean): Cancel {
  let handle: NodeJS.Timeout;
  const arm = (restMs: number): void => {
    const stepMs = Math.min(restMs, DELAY_MS_MAX);
    handle = setTimeout(() => (restMs > stepMs ? arm(restMs - stepMs) : fn()), stepMs);
    if (!keepAlive) handle.unref();
  };
  arm(ms);
  return () => clearTimeout(handle);
}
