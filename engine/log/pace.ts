/**
 * How long the log rests between two steps. While entries arrive it takes a small part of one core,
 * so that a gate at its limit is not slowed: it falls behind then, signs what it has come to, and
 * is through with the rest in a moment when they end. What it may lack is bounded.
 */

export interface Progress {
  /** How long the last step took, ms, waiting for a core included. */
  readonly stepMs: number;
  /** Entries in the ledger that the tree lacks; 0 as well when it reads no more. */
  readonly behind: number;
  /** Whether entries came since the step before. */
  readonly isGrowing: boolean;
  /** Whether the tree has passed what was signed last: until then nothing can be signed. */
  readonly mayBeSigned: boolean;
}

/** When all was read: what comes meanwhile is read in a millisecond and holds up nobody. */
const REST_MS = 50;
/** After a step of one millisecond it rests so many: a twentieth of a core. */
const REST_A_STEP = 19;
/** However long a step waited for a core: a checkpoint a second is promised. */
const REST_MS_MAX = 250;
/** What the last checkpoint may lack, if entries come faster than a twentieth of a core reads. */
export const BEHIND_MAX = 500_000;

/** Milliseconds until the next step; 0: at once. */
export function restMs({ stepMs, behind, isGrowing, mayBeSigned }: Progress): number {
  if (behind === 0) return REST_MS;
  if (!isGrowing || !mayBeSigned || behind > BEHIND_MAX) return 0;
  return Math.min(stepMs * REST_A_STEP, REST_MS_MAX);
}
