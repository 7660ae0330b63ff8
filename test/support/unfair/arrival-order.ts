/**
 * Turns as they must not be: strict order of arrival, whoever sent a thousand at once. The negative
 * control of everything that is claimed about turns.
 */
import type { Submission } from '#engine/gate/submission.ts';
import type { Turns } from '#engine/gate/turn.ts';

export function createTurns(): Turns {
  let arrived: Submission[] = [];
  return {
    enqueue: (submission) => {
      arrived.push(submission);
      return true;
    },
    release: () => undefined,
    drop: () => undefined,
    deal: (take) => {
      const all = arrived;
      arrived = [];
      for (const submission of all) take(submission);
    },
    waiting: () => arrived.length,
  };
}
