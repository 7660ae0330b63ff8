/**
 * What a refusal means for the sender: final for this application, or wait and try again.
 *
 * Every wait is bounded and has jitter, so that clients refused together do not come back
 * together. The one exception: `TOO_EARLY` with `retryAfterMs: 0` is said at the very opening and
 * is answered at once the first time, for everybody alike.
 * What a wait holds up: the click day (`TOO_EARLY`, `SUSPENDED`) or the connection (the others);
 * never a single application, so the order of compilation stays.
 */

import type { Rejected } from '#protocol/frames.ts';
import { outcomeOf } from '#protocol/outcomes.ts';
import type { ClientRandom } from './ports.ts';

const WAIT_MS_MAX = 30_000;
const WAIT_MS_DEFAULT = 1_000;
const SUSPENDED_WAIT_MS = 15_000;
const BACKOFF_BASE_MS = 250;
const BACKOFF_MS_MAX = 10_000;
const RESTARTING = 1012;
const TOO_MANY_CONNECTIONS = 4429;

/** What a refusal holds up; undefined when it is final for the application. */
export function heldBy(rejected: Rejected): 'day' | 'connection' | undefined {
  const retryable = outcomeOf(rejected.code)?.retryable ?? rejected.retryAfterMs !== undefined;
  if (!retryable) return undefined;
  return rejected.code === 'TOO_EARLY' || rejected.code === 'SUSPENDED' ? 'day' : 'connection';
}

/** How long to wait after a refusal; `attempt` counts the attempts refused in a row, from 1. */
export function waitMs(rejected: Rejected, attempt: number, random: ClientRandom): number {
  const asked = rejected.retryAfterMs ?? defaultWaitMs(rejected.code);
  if (rejected.code === 'TOO_EARLY' && asked === 0) {
    return attempt <= 1 ? 0 : jittered(Math.min(2 ** attempt, WAIT_MS_DEFAULT), random);
  }
  // Never before the gate asked for; the jitter comes on top, the growth is bounded.
  const growth = Math.min(2 ** (attempt - 1), 16);
  return asked + jittered(Math.min(Math.max(asked, 1) * growth, WAIT_MS_MAX), random);
}

function defaultWaitMs(code: string): number {
  return code === 'SUSPENDED' ? SUSPENDED_WAIT_MS : WAIT_MS_DEFAULT;
}

function jittered(spanMs: number, random: ClientRandom): number {
  return random.integer(Math.max(1, Math.ceil(spanMs)));
}

/** Pause before connecting again after a close; `failures` in a row without a welcome, from 1. */
export function reconnectPauseMs(code: number, failures: number, random: ClientRandom): number {
  if (code === RESTARTING && failures <= 3) return random.integer(BACKOFF_BASE_MS);
  const base = code === TOO_MANY_CONNECTIONS ? 4 * BACKOFF_BASE_MS : BACKOFF_BASE_MS;
  const span = Math.min(base * 2 ** Math.min(failures - 1, 10), BACKOFF_MS_MAX);
  return base / 4 + random.integer(Math.ceil(span));
}
