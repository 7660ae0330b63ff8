/**
 * The mini-client's command line: reads the arguments, puts Node's socket, clock and disk into the
 * commands, and turns what happens into an exit status: 0 done, 1 a check failed or an operation
 * was refused, 2 wrong usage. Sentences for people go to standard error.
 */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Command, CommanderError, Option } from 'commander';
import type { Language } from '#protocol/portal-api.ts';
import { addSelfTest } from './cli-self-test.ts';
import { addSend } from './cli-send.ts';
import { accountName, given, idsInFile, port, seconds } from './cli-values.ts';
import { forAccounts } from './commands/accounts.ts';
import { check } from './commands/check.ts';
import {
  type CommandContext,
  type Execute,
  type ExitCode,
  Refusal,
  type Work,
} from './commands/context.ts';
import { deviceLogin } from './commands/device-login.ts';
import { list } from './commands/list.ts';
import { type OrderOptions, order } from './commands/order.ts';
import { page } from './commands/page.ts';
import { prepare } from './commands/prepare.ts';
import { receipts } from './commands/receipts.ts';
import { login, logout } from './commands/session.ts';
import { status } from './commands/status.ts';
import { type SummaryOptions, summary, summaryTogether } from './commands/summary.ts';
import { verifyLog } from './commands/verify-log.ts';
import { accountDirectory, accountsOf, isUsed, type NamedDirectory } from './node/accounts.ts';
import { askPassword, lineReader } from './node/password.ts';
import { openSocket } from './node/socket.ts';
import { monotonicClock, nodeRandom, nodeTimers, pause, wallNowUs } from './node/time.ts';
import { packageVersion } from './node/version.ts';
import { Output } from './output.ts';
import { openBrowser } from './page/open-browser.ts';

const WRONG_USAGE = 2;
const EXIT_STATUS = `
Exit status: 0 done; 1 refused, a check failed or something has no outcome yet; 2 wrong usage.`;

interface GlobalOptions {
  readonly directory?: string;
  readonly portal?: string;
  readonly json?: boolean;
  readonly language: Language;
  readonly account?: string;
  readonly allAccounts?: boolean;
}

interface SummaryFlags extends Omit<SummaryOptions, 'write'> {
  readonly together?: boolean;
}

interface OrderFlags {
  readonly clickDay?: string;
  readonly file?: string[];
  readonly first?: string[];
  readonly leave?: string[];
  readonly reset?: boolean;
}

interface LoginFlags {
  readonly email?: string;
  readonly totp?: string;
  readonly passwordStdin?: boolean;
  readonly device?: boolean;
}

export interface Process {
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly stdin: NodeJS.ReadableStream;
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
  readonly interrupted: AbortSignal;
}

/** Runs one command line; resolves with the exit status. */
export async function run(io: Process): Promise<number> {
  let exitCode = 0;
  const execute = async (command: Command, work: Work, isTogether = false) => {
    const globals = command.optsWithGlobals<GlobalOptions>();
    const checked: Work = async (context) => {
      checkAccounts(globals, context);
      return work(context);
    };
    exitCode = await forAccounts(contextsOf(globals, io), checked, isTogether);
  };
  const program = createProgram(io, execute);
  try {
    // A double click gives no words.
    const words = io.argv.length === 0 ? ['page'] : io.argv;
    await program.parseAsync([...words], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? 0 : WRONG_USAGE;
  }
  return exitCode;
}

function createProgram(io: Process, execute: Execute) {
  const program = new Command('mini-client')
    .description('Sends prepared applications at the opening of a click day.')
    .version(packageVersion(), '-V, --version', 'of this program')
    .addHelpText('after', EXIT_STATUS)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
    })
    .showHelpAfterError()
    .helpCommand(false);
  const add = (name: string, description: string) =>
    withGlobals(program.command(name).description(description), io);

  add('page', 'the page in the browser, on this computer alone; also without any command')
    .option('--port <number>', 'of 127.0.0.1; default: any free one', port, 0)
    .option('--no-open', 'do not open the browser, only say the address')
    .action((flags: { port: number; open: boolean }, command: Command) =>
      execute(command, (context) =>
        page(context, {
          port: flags.port,
          open: (opening) => flags.open && openBrowser(io.environment, opening),
        }),
      ),
    );
  addLogin(add('login', 'log in to the portal and keep the session in the directory'), io, execute);
  add('logout', 'end the session').action((_, command: Command) => execute(command, logout));
  add('list', 'applications by click day, fresh from the portal').action((_, command: Command) =>
    execute(command, list),
  );
  add('prepare', 'choose a click day, select what is due and keep it ready on disk')
    .option('--click-day <id>', 'the day; may be left out when only one has something due')
    .option('--order <file>', 'order of sending: ids, one a line; others follow', idsInFile)
    .action((flags: { clickDay?: string; order?: string[] }, command: Command) =>
      execute(command, (context) => prepare(context, flags)),
    );
  add('order', 'show the order of sending of what is prepared, or change it')
    .option('--click-day <id>', 'the prepared day; default: the next one')
    .option('--file <file>', 'these first: ids, one a line', idsInFile)
    .option('--first <id...>', 'these first')
    .option('--leave <id...>', 'these not at all')
    .option('--reset', 'forget every choice: order of compilation, everything')
    .action((flags: OrderFlags, command: Command) =>
      execute(command, (context) => order(context, orderOptions(flags))),
    );
  add('check', 'traffic lights: disk, portal, session, preparation, gates, clock')
    .option('--click-day <id>', 'the prepared day; default: the next one')
    .option('--gate <url...>', 'gates instead of those of the preparation')
    .action((flags: { clickDay?: string; gate?: string[] }, command: Command) =>
      execute(command, (context) =>
        check(context, given({ clickDay: flags.clickDay, gates: flags.gate })),
      ),
    );
  addSelfTest(add('self-test', 'the whole way of the day, with a practice submission'), execute);
  addSend(add('send', 'wait for the opening, submit, end when all have an outcome'), execute);
  add('receipts', 'fetch the receipts of what was accepted')
    .option('--click-day <id>', 'only of this day')
    .option('--wait <seconds>', 'how long to wait for receipts that are not ready', seconds, 60)
    .action((flags: { clickDay?: string; wait: number }, command: Command) =>
      execute(command, (context) =>
        receipts(context, { ...given({ clickDay: flags.clickDay }), waitMs: flags.wait * 1000 }),
      ),
    );
  add('verify-log', 'compare what was accepted with the public logs of the gates').action(
    (_, command: Command) => execute(command, verifyLog),
  );
  add('summary', 'what became of each application, as CSV or PDF')
    .option('--click-day <id>', 'the prepared day; default: the next one')
    .addOption(
      new Option('--format <format>', 'of the table').choices(['csv', 'pdf']).default('csv'),
    )
    .option('--out <file>', 'write there instead of to standard output')
    .addOption(
      new Option('--together', 'all accounts in the directory on one sheet').conflicts([
        ...['account', 'allAccounts'],
      ]),
    )
    .action(({ together, ...flags }: SummaryFlags, command: Command) => {
      const make = together === true ? summaryTogether : summary;
      const options = { ...flags, write: (bytes: string | Uint8Array) => io.stdout.write(bytes) };
      return execute(command, (context) => make(context, options));
    });
  add('status', 'what the directory knows, without asking anyone').action((_, command: Command) =>
    execute(command, status),
  );
  return program;
}

function orderOptions({ clickDay, file, first, leave, reset }: OrderFlags): OrderOptions {
  const front = [...(first ?? []), ...(file ?? [])];
  return { ...given({ clickDay, leave, isReset: reset }), first: front };
}

function addLogin(command: Command, io: Process, execute: Execute): void {
  command
    .option('--email <address>', 'user name')
    .option(
      '--password-stdin',
      'read the password, and a second line the code, from standard input',
    )
    .option(
      '--totp <code>',
      'verification code of an account with a second step, or a recovery code',
    )
    .option('--device', 'without a password: type a code on the portal’s page, in any browser')
    .action((flags: LoginFlags, self: Command) =>
      execute(self, async (context) => {
        const { email, device } = flags;
        if ((email === undefined) === (device !== true)) throw new Refusal('loginHow', {}, 2);
        return email === undefined
          ? deviceLogin(context)
          : runLogin(context, { ...flags, email }, io);
      }),
    );
}

async function runLogin(
  context: CommandContext,
  { email, totp, passwordStdin }: LoginFlags & { readonly email: string },
  io: Process,
): Promise<ExitCode> {
  const lines = passwordStdin ? lineReader(io.stdin) : undefined;
  const ask = (question: 'password' | 'code') =>
    lines?.next() ?? askPassword(context.output.text(question));
  try {
    const password = await ask('password');
    return await login(context, { email, password, code: async () => totp ?? ask('code') });
  } finally {
    lines?.close();
  }
}

/** The options every command has. */
function withGlobals(command: Command, io: Process): Command {
  const language = /^en/i.test(io.environment.LANG ?? '') ? 'en' : 'it';
  return command
    .option('--directory <dir>', 'where session, preparation and journal are (~/.clickday)')
    .option('--account <name>', 'one of several accounts in the directory', accountName)
    .option('--all-accounts', 'all accounts in the directory, one after the other; send: together')
    .option('--portal <url>', 'address of the portal (or CLICKDAY_PORTAL_URL)')
    .option('--json', 'one JSON object a line on standard output')
    .addOption(
      new Option('--language <language>', 'of the sentences')
        .choices(['it', 'en'])
        .default(language),
    );
}

/** One context an account; the account that is the directory itself has no name. */
function contextsOf(globals: GlobalOptions, io: Process): readonly CommandContext[] {
  const path = globals.directory ?? join(homedir(), '.clickday');
  const { account, allAccounts } = globals;
  const all = allAccounts === true && account === undefined ? accountsOf(path) : [];
  const named = all.length > 0 ? all : [accountDirectory(path, account)];
  return named.map((one) => contextOf(globals, io, one));
}

/** Refuses `--all-accounts` where there is none, or beside `--account`. */
function checkAccounts({ account, allAccounts }: GlobalOptions, { directory }: CommandContext) {
  if (allAccounts !== true) return;
  if (account !== undefined) throw new Refusal('oneOrAll', {}, 2);
  if (!isUsed(directory)) throw new Refusal('noAccounts', { path: directory.path });
}

function contextOf(globals: GlobalOptions, io: Process, named: NamedDirectory): CommandContext {
  const { stdout, stderr, environment, interrupted } = io;
  const { language } = globals;
  const { account, directory } = named;
  return {
    output: new Output({
      ...{ language, stdout, stderr, timers: nodeTimers, account },
      isJson: globals.json === true,
    }),
    ...{ directory, language },
    portalUrl: globals.portal ?? environment.CLICKDAY_PORTAL_URL,
    environment,
    fetch,
    ...{ openSocket, wallNowUs, pause, interrupted },
    ...{ clock: monotonicClock, timers: nodeTimers, random: nodeRandom },
  };
}
