/**
 * What goes first when the portal cannot keep up. Measured is how late its event loop runs: with
 * it everything waits that long.
 *
 *   late by            refused (503)       still answered
 *   ≥ ½ of the most    everything else     short reads of who is logged in
 *   ≥ the most         those too           answers that are kept, health, metrics
 *
 * An answer that is kept costs no more than a refusal (kept-answers.ts stands before this). Each
 * refusal names another moment to come again, so that those refused together do not come together.
 * Nothing has been done for a request that is refused here: sending it again is always safe.
 */
import type { FastifyRequest } from 'fastify';
import { Refusal } from './refusal.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** `last`: a short read, when somebody is logged in; `never`: for who watches the portal. */
    shed?: 'last' | 'never';
  }
}

/** One pause of the process is no overload: judged is the mean of a second. */
const SAMPLE_MS = 1000;
const EARLY_SHARE = 0.5;
const RETRY_MS_MIN = 2000;
const RETRY_MS_MAX = 6000;

/**
 * Options of @fastify/under-pressure. `share` is between 0 and 1, another each time. While a portal
 * starts its delay is that of starting, and nobody is refused for it.
 */
export function sheddingOptions(
  delayMsMax: number,
  share: () => number,
  isStarting: () => boolean = () => false,
) {
  return {
    maxEventLoopDelay: delayMsMax * EARLY_SHARE,
    sampleInterval: SAMPLE_MS,
    pressureHandler: (request: FastifyRequest, _reply: unknown, _type: string, delayMs = 0) => {
      if (isStarting() || isSpared(request, delayMs >= delayMsMax)) return;
      const retryAfterMs = RETRY_MS_MIN + share() * (RETRY_MS_MAX - RETRY_MS_MIN);
      throw new Refusal('BUSY', { retryAfterMs });
    },
  };
}

/** Whether a request is answered all the same. Whose session it names is looked at later. */
export function isSpared(request: FastifyRequest, isAtItsMost: boolean): boolean {
  const { shed } = request.routeOptions.config;
  if (shed === 'never') return true;
  const { cookie, authorization } = request.headers;
  const isLoggedIn = cookie !== undefined || authorization !== undefined;
  return shed === 'last' && isLoggedIn && !isAtItsMost;
}
