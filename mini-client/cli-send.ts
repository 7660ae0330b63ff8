/** The options of `send`, of one account or of many, and what they come to. */
import { join } from 'node:path';
import type { Command } from 'commander';
import { given, margin, seconds, shard } from './cli-values.ts';
import type { CommandContext, Execute } from './commands/context.ts';
import { send } from './commands/send.ts';
import { sendAccounts } from './commands/send-accounts.ts';
import type { Margin } from './core/index.ts';

interface SendFlags {
  readonly clickDay?: string;
  readonly accounts?: string;
  readonly gate?: string[];
  readonly shard?: { number: number; count: number };
  readonly connectWithin?: number;
  readonly timeLimit?: number;
  readonly margin?: Margin;
}

/** Adds what `send` takes. */
export function addSend(command: Command, execute: Execute): void {
  command
    .option('--click-day <id>', 'the prepared day; default: the next one')
    .option('--gate <url...>', 'gates instead of those of the preparation')
    .option('--accounts <file>', 'many accounts in one process: a file of "clickday fixture"')
    .option('--shard <n/count>', 'with --accounts: only the n-th of count parts', shard)
    .option('--connect-within <seconds>', 'with --accounts: spread of the connections', seconds)
    .option('--time-limit <seconds>', 'end after so long, whatever is still open', seconds)
    .option(
      '--margin <ms>',
      'from the opening to the soonest arrival, or "certain": leave when nothing can be early',
      margin,
    )
    .action((flags: SendFlags, self: Command) =>
      execute(self, (context) =>
        runSend(context, flags, self.optsWithGlobals<{ directory?: string }>()),
      ),
    );
}

function runSend(context: CommandContext, flags: SendFlags, globals: { directory?: string }) {
  const timeLimitMs = flags.timeLimit === undefined ? undefined : flags.timeLimit * 1000;
  if (flags.accounts === undefined) {
    return send(
      context,
      given({ clickDay: flags.clickDay, gates: flags.gate, timeLimitMs, margin: flags.margin }),
    );
  }
  const suffix = flags.shard === undefined ? '' : `-${flags.shard.number}`;
  return sendAccounts(context, {
    file: flags.accounts,
    gates: flags.gate ?? [],
    journalPath:
      globals.directory === undefined
        ? `${flags.accounts}${suffix}.journal.ndjson`
        : join(globals.directory, `journal${suffix}.ndjson`),
    ...given({
      timeLimitMs,
      shard: flags.shard,
      margin: flags.margin,
      connectWithinMs: flags.connectWithin === undefined ? undefined : flags.connectWithin * 1000,
    }),
  });
}
