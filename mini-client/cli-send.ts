/** The options of `send`, of one account or of many, and what they come to. */
import { join } from 'node:path';
import type { Command } from 'commander';
import { given, margin, seconds, shard } from './cli-values.ts';
import { afterSending } from './commands/afterwards.ts';
import type { CommandContext, Execute, ExitCode, Work } from './commands/context.ts';
import { choosePrepared, type SendOptions, send } from './commands/send.ts';
import { sendAccounts } from './commands/send-accounts.ts';
import { createGateClocks, type Margin } from './core/index.ts';

interface SendFlags {
  readonly clickDay?: string;
  readonly accounts?: string;
  readonly gate?: string[];
  readonly shard?: { number: number; count: number };
  readonly connectWithin?: number;
  readonly timeLimit?: number;
  readonly margin?: Margin;
  /** Seconds; false: not at all. */
  readonly receipts: number | false;
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
    .option('--receipts <seconds>', 'at the end, how long to wait for receipts', seconds, 600)
    .option('--no-receipts', 'end when all have an outcome')
    .action((flags: SendFlags, self: Command) => {
      const together = { gateClocks: createGateClocks(), isSilentOnTime: false };
      const work: Work = (context) => {
        const shared = { ...together };
        // One countdown is enough for all accounts.
        together.isSilentOnTime = true;
        return runSend(context, flags, { ...shared, ...self.optsWithGlobals<Globals>() });
      };
      return execute(self, work, true);
    });
}

type Globals = { readonly directory?: string };

async function runSend(
  context: CommandContext,
  flags: SendFlags,
  shared: Globals & Pick<SendOptions, 'gateClocks' | 'isSilentOnTime'>,
): Promise<ExitCode> {
  const { accounts, clickDay, gate: gates, margin: near } = flags;
  const timeLimitMs = flags.timeLimit === undefined ? undefined : flags.timeLimit * 1000;
  if (accounts !== undefined) return sendFixture(context, { ...flags, accounts }, shared.directory);
  const { gateClocks, isSilentOnTime } = shared;
  const options = given({ clickDay, gates, timeLimitMs, margin: near, gateClocks, isSilentOnTime });
  const day = choosePrepared(context, clickDay).clickDay.id;
  const endsAtUs = context.clock.nowUs() + (timeLimitMs ?? Number.POSITIVE_INFINITY) * 1000;
  const code = await send(context, options);
  if (flags.receipts !== false) {
    const leftMs = (endsAtUs - context.clock.nowUs()) / 1000;
    const waitMs = Math.min(flags.receipts * 1000, Math.max(leftMs, 0));
    await afterSending(context, { clickDay: day, waitMs });
  }
  return code;
}

function sendFixture(
  context: CommandContext,
  flags: SendFlags & { readonly accounts: string },
  directory: string | undefined,
): Promise<ExitCode> {
  const timeLimitMs = flags.timeLimit === undefined ? undefined : flags.timeLimit * 1000;
  const suffix = flags.shard === undefined ? '' : `-${flags.shard.number}`;
  return sendAccounts(context, {
    file: flags.accounts,
    gates: flags.gate ?? [],
    journalPath:
      directory === undefined
        ? `${flags.accounts}${suffix}.journal.ndjson`
        : join(directory, `journal${suffix}.ndjson`),
    ...given({
      timeLimitMs,
      shard: flags.shard,
      margin: flags.margin,
      connectWithinMs: flags.connectWithin === undefined ? undefined : flags.connectWithin * 1000,
    }),
  });
}
