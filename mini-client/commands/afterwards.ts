/**
 * What `send` does by itself when all have an outcome and there is a session: the receipts as they
 * become ready, then the comparison with the public logs. Whatever goes wrong here is told and
 * changes nothing of what was sent: `receipts` and `verify-log` do the same again later.
 */
import type { CommandContext } from './context.ts';
import { guarded } from './failure.ts';
import { receipts } from './receipts.ts';
import { verifyLog } from './verify-log.ts';

export async function afterSending(
  context: CommandContext,
  options: { readonly clickDay: string; readonly waitMs: number },
): Promise<void> {
  const { output, directory, interrupted } = context;
  if (interrupted.aborted || directory.session() === undefined) return;
  output.say('afterwards');
  await guarded(context, () => receipts(context, options));
  if (!interrupted.aborted) await guarded(context, verifyLog);
}
