/**
 * `npm run test:mini-client-crash`: kills the real mini-client with SIGKILL at random moments,
 * starts it again on the same directory, and judges what came of it: every application accepted
 * exactly once, by the client's word, its journal and the verified ledger of a real gate.
 *
 * Exit status 0 when all of that held in every round, 1 when not, 2 for wrong usage.
 */
import { parseArgs } from 'node:util';
import { playCrashes } from '#test/mini-client/crash-rounds.ts';

const HELP = `npm run test:mini-client-crash -- [--rounds N] [--seed N] [--applications N]
                                      [--program FILE]

  --rounds        clients, one after the other (default 30), each killed one to three times
  --seed          of the moments (default 1)
  --applications  of each client (default 1500)
  --program       the executable file of npm run build:mini-client instead of the sources

Exit status 0 when every application of every round was accepted exactly once, 1 when not, 2 for
wrong usage.
`;
const OPTIONS = {
  rounds: { type: 'string', default: '30' },
  seed: { type: 'string', default: '1' },
  applications: { type: 'string', default: '1500' },
  program: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

const say = (text: string) => process.stderr.write(`${text}\n`);

async function main(): Promise<number> {
  const { values } = parseArgs({ options: OPTIONS });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const numbers = [values.rounds, values.seed, values.applications].map(Number);
  if (!numbers.every((number) => Number.isSafeInteger(number) && number > 0)) {
    process.stderr.write(HELP);
    return 2;
  }
  const [rounds = 0, seed = 0, applications = 0] = numbers;
  const { program } = values;
  const options = { rounds, seed, applications, say, ...(program !== undefined && { program }) };
  const { faults, kills, killsAmidst, accepted } = await playCrashes(options);
  for (const fault of faults.slice(0, 20)) say(`NOT KEPT: ${fault}`);
  say(`${rounds} rounds, ${kills} kills, ${killsAmidst} of them between two acceptances;`);
  say(`${accepted} applications accepted, ${faults.length} faults`);
  return faults.length === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  const isUsage = error instanceof TypeError && 'code' in error;
  say(error instanceof Error ? (isUsage ? error.message : String(error.stack)) : String(error));
  process.exitCode = isUsage ? 2 : 1;
}
