/** The command line of the self-test. */
import type { Command } from 'commander';
import type { CommandContext, ExitCode } from './commands/context.ts';
import { runSelfTest } from './commands/self-test.ts';

type Execute = (
  command: Command,
  work: (context: CommandContext) => Promise<ExitCode>,
) => Promise<void>;

interface Flags {
  readonly gate?: string[];
  readonly ntp?: string[];
}

export function addSelfTest(command: Command, execute: Execute): void {
  command
    .alias('collaudo')
    .option('--gate <url...>', 'gates instead of those that the portal names')
    .option('--ntp <server...>', 'time servers, host[:port] (ntp1.inrim.it ntp2.inrim.it)')
    .action(({ gate, ntp }: Flags, self: Command) =>
      execute(self, (context) =>
        runSelfTest(context, {
          ...(gate && { gates: gate }),
          ...(ntp && { ntpServers: ntp }),
        }),
      ),
    );
}
