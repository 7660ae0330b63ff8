/**
 * `npm run test:faults`: plays the faults of registry.ts one after the other on real processes,
 * prints one table, and with `--write` keeps it in docs/reliability.md.
 *
 * Exit status 1 when something that was acknowledged was lost, reordered or doubled, or a fault
 * was met in another way than it should; 2 for wrong usage.
 */
import { tmpdir } from 'node:os';
import { parseArgs } from 'node:util';
import { machineLine } from '#bench/machine.ts';
import { SCENARIOS } from '#test/fault/registry.ts';
import { tableOf, writePage } from '#test/fault/stage/page.ts';
import { type Result, readResult, writeResult } from '#test/fault/stage/results.ts';
import { isKept, type Outcome, type Scenario, summed } from '#test/fault/stage/scenario.ts';
import { scoped } from '#test/support/scope.ts';

const OPTIONS = {
  only: { type: 'string', default: '' },
  rounds: { type: 'string' },
  seed: { type: 'string', default: '1' },
  brief: { type: 'boolean', default: false },
  list: { type: 'boolean', default: false },
  write: { type: 'boolean', default: false },
  render: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

const HELP = `npm run test:faults -- [--only NAME[,NAME]] [--rounds N] [--seed N] [--brief]
                          [--write]

  --only    these faults only
  --rounds  instead of each fault's own number
  --seed    of the moments, places and subsets; the same seed chooses the same (default 1)
  --brief   the share that npm test plays
  --list    says which faults there are and ends
  --write   keeps the table in docs/reliability.md
  --render  plays nothing: the table anew from what was kept

Needs strace, libfaketime, prlimit and the right to mount a file system in memory (root). Takes
some 15 minutes on two slow cores. Exit status 0 when every promise was kept, 1 when not.
`;

const say = (text: string) => process.stderr.write(`faults: ${text}\n`);

interface Wishes {
  readonly rounds: number | undefined;
  readonly seed: number;
  readonly isBrief: boolean;
  readonly isWritten: boolean;
}

/** Plays one; an error becomes a failure, so that the others are played. */
async function played(scenario: Scenario, wishes: Wishes): Promise<Outcome> {
  const { rounds, seed, isBrief } = wishes;
  const tell = (text: string) => say(`  ${text}`);
  try {
    return await scoped((scope) => scenario.play({ rounds, seed, isBrief, say: tell, scope }));
  } catch (error) {
    const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return summed([{ failures: [why] }]);
  }
}

async function playAll(chosen: readonly Scenario[], wishes: Wishes): Promise<Result[]> {
  const results: Result[] = [];
  const machine = machineLine(tmpdir());
  for (const scenario of chosen) {
    const { name, title } = scenario;
    say(`${name}: ${title}`);
    const startMs = performance.now();
    const outcome = await played(scenario, wishes);
    const seconds = Math.round((performance.now() - startMs) / 1_000);
    for (const failure of outcome.failures) say(`${name} NOT KEPT: ${failure}`);
    say(`${name}: ${seconds} s`);
    const day = new Date().toISOString().slice(0, 10);
    const result = { name, title, day, machine, seed: wishes.seed, seconds, outcome };
    results.push(result);
    if (!wishes.isWritten) continue;
    writeResult(result);
    render();
  }
  return results;
}

function render(): void {
  writePage(SCENARIOS.flatMap(({ name }) => readResult(name) ?? []));
}

function refuse(why: string): number {
  say(`${why}; see npm run test:faults -- --help`);
  return 2;
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: OPTIONS });
  if (values.help) process.stdout.write(HELP);
  if (values.list) {
    for (const { name, title } of SCENARIOS) process.stdout.write(`${name.padEnd(20)}${title}\n`);
  }
  if (values.render) render();
  if (values.help || values.list || values.render) return 0;
  const asked = values.only.split(',').filter(Boolean);
  const unknown = asked.filter((word) => !SCENARIOS.some(({ name }) => name === word));
  if (unknown.length > 0) return refuse(`there is no fault ${unknown.join(', ')}`);
  if (!/^[1-9]\d*$/.test(values.rounds ?? '1')) return refuse('--rounds takes a number from 1 on');
  if (!/^\d+$/.test(values.seed)) return refuse('--seed takes a number');
  if (values.brief && values.write) return refuse('what --brief shows is not worth keeping');
  const chosen = SCENARIOS.filter(({ name }) => asked.length === 0 || asked.includes(name));
  const results = await playAll(chosen, {
    rounds: values.rounds === undefined ? undefined : Number(values.rounds),
    seed: Number(values.seed),
    isBrief: values.brief,
    isWritten: values.write,
  });
  process.stdout.write(`${tableOf(results)}\n`);
  return results.every(({ outcome }) => isKept(outcome)) ? 0 : 1;
}

try {
  process.exit(await main());
} catch (cause) {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (!code?.startsWith('ERR_PARSE_ARGS_')) throw cause;
  process.exit(refuse(message));
}
