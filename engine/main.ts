/**
 * The command line: `npm run -s clickday -- COMMAND`. Exit status 0 done, 1 a check failed or an
 * operation was refused, 2 wrong usage. Messages for people go to standard error; standard output
 * is for programs. Each command's work stands in `commands/`.
 */
import { Argument, Command, Option } from 'commander';
import { DONE, explain, usage } from './commands/exit-status.ts';
import { historyHelp } from './commands/history-help.ts';
import { configKeys, flagName, readConfig } from './config.ts';

type Flags = Readonly<Record<string, string | undefined>>;

/** A command that knows the flags of the named configuration keys. */
function command(program: Command, usage: string, description: string, keys: readonly string[]) {
  const added = program.command(usage).description(description);
  for (const key of configKeys) {
    if (!keys.includes(key.name)) continue;
    const value = key.default === '' ? '' : ` (default: ${key.default})`;
    added.option(`${flagName(key.name)} <value>`, `${key.effect}${value}`);
  }
  return added.option('--json', 'one JSON object a line on standard output');
}

const allKeys = configKeys.map((key) => key.name);

function build(): Command {
  const program = new Command('clickday')
    .description('Click days: first come, first served, from one published instant.')
    .showHelpAfterError('(--help shows what there is)')
    .exitOverride();

  command(program, 'start', 'Run portal and gate until stopped', allKeys).action(
    async (flags: Flags) => (await import('./commands/start.ts')).start(readConfig(flags)),
  );

  command(program, 'process', 'One process of a running system (used by start)', [])
    .addArgument(new Argument('<role>', 'which one').choices(['gate', 'portal', 'receipts']))
    .action(async (role: string) => {
      const config = readConfig();
      if (role === 'gate') await (await import('./commands/gate-process.ts')).runGate(config);
      else if (role === 'portal')
        await (await import('./commands/portal-process.ts')).runPortal(config);
      else await (await import('./commands/receipts-process.ts')).runReceipts(config);
    });

  command(program, 'fixture', 'Create a click day with ready applications, for tests', [
    'data',
    'models',
  ])
    .requiredOption('--accounts <n>', 'how many accounts', count)
    .requiredOption('--applications <n>', 'how many ready applications in all', count)
    .addOption(
      new Option('--opens-in <seconds>', 'opens so many seconds from now')
        .argParser(seconds)
        .conflicts('opensAt'),
    )
    .option('--opens-at <iso>', 'opens at this instant, for example 2011-01-31T07:00:00Z')
    .option(
      '--closes-in <seconds>',
      'closes so many seconds from now, or after the opening if that is later (default: 3600)',
      seconds,
    )
    .option('--seed <seed>', 'the same seed makes the same people and applications')
    .requiredOption('--out <file>', 'where to write one line of JSON an account')
    .option('--sessions', 'open a browser’s session of each account and write it with the line')
    .action(async (flags) => (await import('./commands/fixture.ts')).fixture(flags));

  command(program, 'verify', 'Check every ledger, the register and the receipts', [
    'data',
    'witnesses',
  ]).action(async (flags) => (await import('./commands/verify.ts')).verify(flags));

  command(program, 'export', 'Write stored rows to standard output, in order', ['data'])
    .requiredOption('--what <kind>', 'ledger, register, applications, tickets or audit')
    .option('--format <format>', 'ndjson or csv', 'ndjson')
    .action(async (flags) => (await import('./commands/export.ts')).exportRows(flags));

  command(program, 'rank', 'Rebuild the ranking of a click day from the public logs alone', [])
    .requiredOption('--from-log <url>', 'the log of a gate; name all of them, once each', each)
    .option('--key <key>', 'a verifier key (name+id+key) to trust instead of the log’s own', each)
    .option('--click-day <id>', 'which one (default: the only one that has opened)')
    .option('--format <format>', 'ndjson or csv (default: as the file is called, or ndjson)')
    .option('--quota <id>', 'only places of this quota')
    .option('--office <code>', 'only places of this office')
    .option('--gate <id>', 'only places that this gate gave')
    .option('--from <iso>', 'only stamps from this instant on')
    .option('--to <iso>', 'only stamps before this instant')
    .option('--out <file>', 'where the list goes (default: standard output)')
    .option('--compare <url|file>', 'a published list that must be the same; status 1 if not')
    .option('--cache <dir>', 'keep what was fetched here, and go on from it')
    .action(async (flags) => (await import('./commands/rank.ts')).rank(flags));

  const history = () => import('./commands/import-history.ts');
  command(program, 'import-history', 'Load applications of earlier years into the search', [
    'data',
    'models',
  ])
    .addArgument(new Argument('<file>', 'CSV or NDJSON, see below'))
    .option('--refused <file>', 'where refused lines are told (default: FILE.refused.ndjson)')
    .addHelpText('after', historyHelp)
    .action(async (path: string, flags) => (await history()).importHistoryFile(path, flags));

  command(program, 'rehearsal', 'Play a whole click day with real processes, then verify', [
    'models',
  ])
    .option('--applications <n>', 'how many applications', count, 10_000)
    .option('--clients <n>', 'how many mini-client processes', count, 4)
    .option(
      '--opens-in <seconds>',
      'seconds from when all clients wait to the opening (default: 10)',
      seconds,
    )
    .option('--data <dir>', 'a folder that is empty or not there yet (default: a temporary one)')
    .option('--keep', 'keep the data directory afterwards')
    .action(async (flags) => (await import('./commands/rehearsal.ts')).rehearsal(flags));

  command(program, 'backup', 'Copy everything, beside a running system, verified', ['data'])
    .requiredOption('--to <dir>', 'a folder that is not there yet, empty, or holds a backup')
    .option('--follow', 'go on copying what is new, at most a second behind, until stopped')
    .action(async ({ follow, ...flags }) => {
      if (follow) await (await import('./commands/backup-follow.ts')).follow(flags);
      else await (await import('./commands/backup.ts')).backup(flags);
    });

  command(program, 'restore', 'Make a data directory of a backup, verified', ['data'])
    .requiredOption('--from <dir>', 'the folder of the backup')
    .action(async (flags) => (await import('./commands/backup.ts')).restore(flags));

  command(program, 'simulate', 'Play click days from seeds with faults, and check them', [])
    .option('--seed <n>', 'play this seed, or begin with it', count)
    .option('--runs <n>', 'how many seeds (default: 100, or the one named)', count)
    .option('--minutes <n>', 'simulated minutes until nothing goes wrong any more', count, 1)
    .option('--mutant <name>', 'with this deliberate bug')
    .option('--mutants', 'find for every deliberate bug a seed that shows it')
    .option('--trace <file>', 'write every event to this file')
    .action(async (flags) => (await import('./commands/simulate.ts')).simulate(flags));

  const user = program.command('user').description('Staff accounts').exitOverride();
  command(user, 'add', 'Create a staff account; prints a one-time set-up link', [
    'data',
    'publicUrl',
    'portal',
  ])
    .requiredOption('--email <address>', 'its e-mail address')
    .addOption(
      new Option('--role <role>', 'what it may do')
        .choices(['admin', 'operator', 'office'])
        .makeOptionMandatory(),
    )
    .option('--office <code>', 'province code of its office, for example RM')
    .action(async (flags) => (await import('./commands/user.ts')).userAdd(flags));

  command(user, 'reset-second-factor', 'Remove a second factor that was lost; audited', ['data'])
    .requiredOption('--email <address>', 'whose it is')
    .requiredOption('--reason <text>', 'how the person showed who they are; goes to the audit')
    .action(async (flags) => (await import('./commands/user.ts')).userResetSecondFactor(flags));

  command(
    program,
    'conformance',
    'Say whether a gate keeps to the protocol, as a client sees it',
    [],
  )
    .requiredOption('--gate <url>', 'its address, ws://host:port')
    .option(
      '--accounts <file>',
      'passbooks to present, as `fixture` writes them; some 30 of their applications are SUBMITTED',
    )
    .action(async (flags) => (await import('./commands/conformance.ts')).conformance(flags));

  command(
    program,
    'conformance-client',
    'Play a click day with troubles to a client, and say whether it keeps to the protocol',
    ['gate'],
  )
    .option('--opens-in <seconds>', 'opens so many seconds from now (default: 20)', seconds)
    .option('--seconds <n>', 'judges so many seconds after the opening (default: 90)', seconds)
    .action(async ({ gate, ...flags }) =>
      (await import('./commands/conformance-client.ts')).conformanceClient(
        readConfig({ gate }),
        flags,
      ),
    );

  const receipt = program.command('receipt').description('Receipts').exitOverride();
  command(
    receipt,
    'verify',
    'Say whether receipts are genuine: seal, content, place in the log',
    [],
  )
    .argument('<file...>', 'the PDF of a receipt, or of several')
    .option('--keys <file or url>', 'keys to trust: a file, or the address of a portal')
    .option('--data <dir>', 'trust the keys of this data directory (default: ./data, if there)')
    .option('--log <url>', 'address of the gate: also compare with its public log as it is now')
    .action(async (files: string[], flags) =>
      (await import('./commands/receipt-verify.ts')).receiptVerify(files, flags),
    );

  const logKey = program
    .command('log-key')
    .description('Keys of a gate’s public log')
    .exitOverride();
  const ofGate = ['data', 'gateId'];
  command(logKey, 'add', 'Let another key sign beside those that do; prints all', ofGate).action(
    async (flags) => (await import('./commands/log-key.ts')).logKeyAdd(flags),
  );
  command(logKey, 'retire', 'Let the newest key sign alone; prints it', ofGate).action(
    async (flags) => (await import('./commands/log-key.ts')).logKeyRetire(flags),
  );
  command(logKey, 'revoke', 'Let nothing count any more that a key has signed', ofGate)
    .argument('<key>', 'the verifier key, or its id in hex')
    .action(async (key: string, flags) =>
      (await import('./commands/log-key.ts')).logKeyRevoke(key, flags),
    );

  command(program, 'witness', 'Cosign public logs; refuse what contradicts what was cosigned', [])
    .option('--listen <host:port>', 'where it listens; 0 picks a port', '127.0.0.1:8082')
    .option('--data <dir>', 'its own folder: key, and what it has cosigned', './witness')
    .option('--log <key>', 'verifier key of a log it knows; may be repeated', each, [])
    .option('--logs <file>', 'a file with one such key a line')
    .option('--name <name>', 'its name, on the first start: host and path without scheme')
    .action(async (flags) => (await import('./commands/witness.ts')).witness(flags));

  const sealKey = program.command('seal-key').description('Keys that seal receipts').exitOverride();
  const sealKeys = () => import('./commands/seal-key.ts');
  command(sealKey, 'list', 'Print all that seal or have sealed', ['data']).action(async (flags) =>
    (await sealKeys()).sealKeyList(flags),
  );
  command(sealKey, 'add', 'Make another test key, which seals from the next start on', [
    'data',
    'sealOrganization',
  ]).action(async (flags) => (await sealKeys()).sealKeyAdd(flags));
  command(sealKey, 'retire', 'Delete the test keys but the newest; prints all', ['data']).action(
    async (flags) => (await sealKeys()).sealKeyRetire(flags),
  );
  command(sealKey, 'revoke <fingerprint>', 'Let no receipt with this seal be accepted', [
    'data',
  ]).action(async (fingerprint, flags) => (await sealKeys()).sealKeyRevoke(fingerprint, flags));

  const models = program
    .command('models')
    .description('The forms that can be filled in')
    .exitOverride();
  command(models, 'list', 'List the models of the call, with versions and pages', [
    'models',
  ]).action(async (flags) => (await import('./commands/models.ts')).listModels(flags));
  command(models, 'plan', 'Enter the click days of a calendar of the call', ['data', 'models'])
    .addArgument(new Argument('<calendar>', 'its name, for example decree-2010'))
    .action(async (name, flags) =>
      (await import('./commands/models.ts')).planCalendar(name, flags),
    );
  command(models, 'check', 'Check a models directory, or one file of it', [])
    .addArgument(new Argument('<path>', 'the directory, or a file in one of its folders'))
    .action(async (path, flags) => (await import('./commands/models.ts')).checkModels(path, flags));

  command(
    program,
    'config',
    'Print every configuration key with unit, default, value and effect',
    allKeys,
  ).action(async (flags) => (await import('./commands/config.ts')).printConfig(flags));

  return program;
}

/** An option that may be given several times. */
function each(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

function count(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1) throw usage(`"${text}" is not a whole number above 0`);
  return value;
}

function seconds(text: string): number {
  const value = Number(text);
  if (!(value >= 0) || text.trim() === '') throw usage(`"${text}" is not a number of seconds`);
  return value;
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // Who read our output has read enough (`| head`): that is no failure.
  if (error.code === 'EPIPE') process.exit(DONE);
  throw error;
});

try {
  await build().parseAsync();
} catch (error) {
  // Not `exitCode`: what a half-started process left open would keep it alive, unnoticed.
  process.exit(explain(error));
}
