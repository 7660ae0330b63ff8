/**
 * Counting on the path: plain numbers, read by /metrics and /health. From the pace of the last
 * commits it also tells how long a queue will take, so that `retryAfterMs` is an estimate and not a
 * guess.
 */
import type { SubmissionCode } from '#protocol/outcomes.ts';

export interface Tally {
  received(): void;
  repeated(): void;
  rejected(code: SubmissionCode): void;
  committed(entries: number, commitUs: number): void;
  /** Milliseconds in which `ahead` submissions will be through, bounded to 50 ms … 10 s. */
  retryAfterMs(ahead: number): number;
  readonly counts: Readonly<TallyCounts>;
}

export interface TallyCounts {
  received: number;
  repeated: number;
  accepted: number;
  commits: number;
  lastCommitUs: number;
  readonly rejected: Map<string, number>;
}

const RETRY_MS_MIN = 50;
const RETRY_MS_MAX = 10_000;
/** Weight of the newest commit in the smoothed time an entry takes. */
const WEIGHT = 0.1;
const FIRST_GUESS_US_AN_ENTRY = 50;

export function createTally(): Tally {
  const counts: TallyCounts = {
    received: 0,
    repeated: 0,
    accepted: 0,
    commits: 0,
    lastCommitUs: 0,
    rejected: new Map(),
  };
  let usAnEntry = FIRST_GUESS_US_AN_ENTRY;
  return {
    counts,
    received: () => {
      counts.received += 1;
    },
    repeated: () => {
      counts.repeated += 1;
    },
    rejected: (code) => {
      counts.rejected.set(code, (counts.rejected.get(code) ?? 0) + 1);
    },
    committed: (entries, commitUs) => {
      counts.accepted += entries;
      counts.commits += 1;
      counts.lastCommitUs = commitUs;
      usAnEntry += WEIGHT * (commitUs / entries - usAnEntry);
    },
    retryAfterMs: (ahead) => {
      const ms = Math.ceil((ahead * usAnEntry) / 1000);
      return Math.min(RETRY_MS_MAX, Math.max(RETRY_MS_MIN, ms));
    },
  };
}
