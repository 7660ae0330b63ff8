/**
 * How often a password or a code may be guessed, such that no stranger can lock somebody out.
 *
 * Failures are counted by account *and* place (the device's own mark, else its address), so what
 * somebody elsewhere tries is not held against the owner. Guessing one account from many places is
 * met by a count of its failures from everywhere: beyond it no place is shut, but each has only a
 * few tries an hour. An attempt is counted before its outcome is known, so that many at once do
 * not slip through, and taken back when it was right.
 *
 * Counted in memory, bounded; a restart forgets, which is harmless at these windows.
 */
import { Refusal } from '../http/refusal.ts';

export interface GuessLimits {
  /** Wrong tries a minute of one account at one place. */
  readonly loginsPerMinutePerAccount: number;
  /** Wrong tries an hour of one account from everywhere, before places are held short. */
  readonly guessesPerHourPerAccount: number;
}

export interface Guesses {
  /**
   * Counts a try; throws REQUESTS_TOO_MANY. Call what it gives when the try was right.
   * `place`: where from; null: free of limits.
   */
  begin(account: string, place: string | null): () => void;
}

const MINUTE_US = 60_000_000;
const HOUR_US = 60 * MINUTE_US;
const KEYS_MAX = 100_000;
/** Tries an hour of one place while an account is guessed at from everywhere. */
const SHORT_PER_HOUR = 3;

/** No tries yet. */
export function createGuesses(clock: { nowUs(): number }, limits: GuessLimits): Guesses {
  const counters = createCounters(clock);
  return {
    begin: (account, place) => {
      if (place === null) return () => undefined;
      const everywhere = `everywhere ${account}`;
      const hourly = `hour ${account} ${place}`;
      const minute = `minute ${account} ${place}`;
      const isUnderAttack = counters.count(everywhere) >= limits.guessesPerHourPerAccount;
      if (isUnderAttack) refuseAbove(counters, hourly, SHORT_PER_HOUR);
      refuseAbove(counters, minute, limits.loginsPerMinutePerAccount);
      counters.add(everywhere, HOUR_US);
      counters.add(hourly, HOUR_US);
      counters.add(minute, MINUTE_US);
      return () => {
        counters.takeBack(everywhere);
        counters.forget(hourly);
        counters.forget(minute);
      };
    },
  };
}

function refuseAbove(counters: Counters, key: string, max: number): void {
  if (counters.count(key) < max) return;
  throw new Refusal('REQUESTS_TOO_MANY', { retryAfterMs: counters.waitMs(key) });
}

export interface Counters {
  count(key: string): number;
  /** One more; the window begins with the first. */
  add(key: string, windowUs: number): void;
  takeBack(key: string): void;
  forget(key: string): void;
  /** Until the window ends. */
  waitMs(key: string): number;
}

/** Counts in windows of fixed length; beyond KEYS_MAX keys the oldest are forgotten. */
export function createCounters(clock: { nowUs(): number }): Counters {
  const counted = new Map<string, { count: number; untilUs: number }>();
  const live = (key: string) => {
    const found = counted.get(key);
    if (found === undefined || found.untilUs > clock.nowUs()) return found;
    counted.delete(key);
    return undefined;
  };
  return {
    count: (key) => live(key)?.count ?? 0,
    add: (key, windowUs) => {
      const found = live(key);
      if (found) {
        found.count += 1;
        return;
      }
      if (counted.size >= KEYS_MAX) counted.delete(counted.keys().next().value ?? '');
      counted.set(key, { count: 1, untilUs: clock.nowUs() + windowUs });
    },
    takeBack: (key) => {
      const found = live(key);
      if (found) found.count = Math.max(0, found.count - 1);
    },
    forget: (key) => void counted.delete(key),
    waitMs: (key) => Math.max(1, Math.ceil(((live(key)?.untilUs ?? 0) - clock.nowUs()) / 1000)),
  };
}
