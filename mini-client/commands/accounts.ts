/** A command for every account of the directory: one after the other, or all at the same time. */
import type { CommandContext, Work } from './context.ts';
import { guarded } from './failure.ts';

/**
 * Does the work for each context and gives the worst exit status. What goes wrong for one account
 * keeps no other from its work.
 */
export async function forAccounts(
  contexts: readonly CommandContext[],
  work: Work,
  isTogether: boolean,
): Promise<number> {
  if (isTogether) {
    return Math.max(...(await Promise.all(contexts.map((context) => guarded(context, work)))));
  }
  let worst = 0;
  for (const context of contexts) worst = Math.max(worst, await guarded(context, work));
  return worst;
}
