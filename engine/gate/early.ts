/**
 * When those hear it who came too early. At once, but for the last milliseconds: a refusal costs
 * twice as much to write as its frame takes to be read, and who hears it may send again, into the
 * very pass that is to read what was sent before. So near the opening frames are read and nothing
 * is written, until those who were let in first have had their turns.
 *
 *     … told at once ┊ last milliseconds │ draining pass ‖ first let in │ turns ┊ all told
 *                    └── refused and held ─────────────┘
 *
 * Bounded: beyond `earlyHeldMax` everybody is told at once. Nobody is forgotten: an opening that is
 * called off ends the waiting as well.
 */
import type { Timers } from '#engine/clock/index.ts';
import { limits } from '../limits.ts';
import type { Openings } from './opening.ts';
import type { Submission } from './submission.ts';

export interface EarlyRefusals {
  /** Takes a refused submission, to be told later. False: it is to be told now. */
  hold(submission: Submission): boolean;
  /** Before somebody hears that he was entered: a sender's refusal comes before its acceptance. */
  beforeAcceptance(): void;
}

/** Passes from the door's opening to the end of the one whose frames were let in. */
const PASSES_AFTER = 2;

export function createEarlyRefusals(options: {
  readonly timers: Timers;
  readonly openings: Pick<Openings, 'isNear'>;
  /** Called between two passes, with all that were held, in the order in which they were read. */
  readonly tell: (submissions: readonly Submission[]) => void;
}): EarlyRefusals {
  const { timers, openings, tell } = options;
  let held: Submission[] = [];
  let passesLeft = 0;
  let isWaiting = false;

  const afterPass = () => {
    if (openings.isNear()) passesLeft = PASSES_AFTER;
    else passesLeft -= 1;
    isWaiting = passesLeft >= 0;
    if (isWaiting) timers.immediate(afterPass);
    else tellAll();
  };

  const tellAll = () => {
    if (held.length === 0) return;
    const submissions = held;
    held = [];
    tell(submissions);
  };

  return {
    hold: (submission) => {
      if (held.length >= limits.earlyHeldMax || !openings.isNear()) return false;
      if (!isWaiting) timers.immediate(afterPass);
      isWaiting = true;
      // Also when the door opens at the end of this very pass.
      passesLeft = PASSES_AFTER;
      held.push(submission);
      return true;
    },
    beforeAcceptance: () => {
      if (held.length > 0 && !openings.isNear()) tellAll();
    },
  };
}
