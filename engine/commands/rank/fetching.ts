/**
 * Getting bytes from somebody else's server: bounded in size and time, tried again with growing
 * pauses while it is a matter of trying (RFC 9110: 429, 5xx, or no answer at all), never for ever.
 */
import type { Timers } from '#engine/clock/index.ts';
import type { Random } from '#engine/foundation/random.ts';
import { Refused } from '../context.ts';

export interface Fetching {
  readonly timers: Timers;
  readonly random: Random;
  /** Told of each new try. */
  readonly note: (line: string) => void;
  /** Pause before the second try, doubled before each further one; for tests. */
  readonly pauseMs?: number;
}

const TRIES = 6;
const PAUSE_MS = 250;
const PAUSE_MS_MAX = 8000;
const ANSWER_WITHIN_MS = 30_000;

/** The response; its body is the caller's to read. Throws LOG_UNREACHABLE. */
export async function fetchPatiently(url: string, fetching: Fetching): Promise<Response> {
  const { timers, random, note, pauseMs = PAUSE_MS } = fetching;
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await fetchOnce(url);
    if (typeof outcome !== 'string') return outcome;
    if (attempt === TRIES) throw new Refused('LOG_UNREACHABLE', `${url}: ${outcome}`);
    const longest = Math.min(PAUSE_MS_MAX, pauseMs * 2 ** attempt);
    note(`${url}: ${outcome}; trying again (${attempt + 1} of ${TRIES})`);
    await pause(timers, longest / 2 + random.integer(Math.ceil(longest / 2) + 1));
  }
}

/** At most `bytesMax` bytes of a file that must be there. */
export async function fetchBytes(
  url: string,
  bytesMax: number,
  fetching: Fetching,
): Promise<Buffer> {
  const response = await fetchPatiently(url, fetching);
  if (!response.ok) throw new Refused('LOG_UNREACHABLE', `${url}: status ${response.status}`);
  return readBytes(response, bytesMax);
}

/** The body of a response. Throws LOG_INVALID when it is larger than `bytesMax`. */
export async function readBytes(response: Response, bytesMax: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > bytesMax)
      throw new Refused('LOG_INVALID', `${response.url} is larger than it can be`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Resolves after `ms`. */
export function pause(timers: Timers, ms: number): Promise<void> {
  return new Promise((resolve) => {
    timers.after(ms, resolve);
  });
}

/** A response that is worth reading, or why it should be tried again. */
async function fetchOnce(url: string): Promise<Response | string> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    if (response.status !== 429 && response.status < 500) return response;
    await response.body?.cancel();
    return `status ${response.status}`;
  } catch (error) {
    const { cause } = error as Error;
    return cause instanceof Error ? cause.message : String(error);
  }
}
