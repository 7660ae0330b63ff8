/**
 * `npm run test:netem`: the real mini-client in a network namespace, real gates, and lines between
 * them on which the kernel's own `tc netem` makes things go wrong. Nothing is early, nothing lost,
 * nothing doubled on a gate, and when a gate cannot be reached another one takes its place.
 *
 * Many kernels are built without netem, so it plays in a guest kernel that has it
 * (support/guest-kernel.ts): this program starts itself again in there.
 *
 * Exit status 0 when all of that held, 1 when not, 2 for wrong usage.
 */
import { parseArgs } from 'node:util';
import { type Findings, played } from '#test/mini-client/network-play.ts';
import { NETWORK_SCENARIOS, type NetworkScenario } from '#test/mini-client/network-scenarios.ts';
import { lackOfNetem } from '#test/mini-client/network-stage.ts';
import { hasGuestKernel, inGuestKernel } from '#test/support/guest-kernel.ts';
import { scoped } from '#test/support/scope.ts';

const HELP = `npm run test:netem -- [--only NAME[,NAME]] [--applications N] [--kernel guest|this]

  --only          these scenarios only:
                  ${listed(NETWORK_SCENARIOS.map(({ name }) => name))}
  --applications  of the client (default 200)
  --kernel        guest (default): user-mode Linux, from Debian's package user-mode-linux, which
                  root gets installed by itself; needs x86-64 and 1.5 GB of memory, not root.
                  this: the machine's own kernel, when it has veth and sch_netem; needs root

Takes a quarter of an hour. Exit status 0 when nothing was early, lost or doubled, 1 when not or
when there is no such kernel, 2 for wrong usage.
`;
const OPTIONS = {
  only: { type: 'string', default: '' },
  applications: { type: 'string', default: '200' },
  kernel: { type: 'string', default: 'guest' },
  help: { type: 'boolean', default: false },
} as const;

const say = (text: string) => process.stdout.write(`${text}\n`);
const complain = (text: string) => process.stderr.write(`test:netem: ${text}\n`);

function listed(names: readonly string[]): string {
  return names.join(', ').replace(/(.{60,70},) /g, '$1\n                  ');
}

const ms = (us: number) => (us / 1_000).toFixed(1);

const COLUMNS: readonly (readonly [string, (found: Findings) => string | number])[] = [
  ['early', ({ early }) => early],
  ['with it', ({ withIt }) => withIt],
  ['accepted once', ({ accepted }) => accepted],
  ['lost', ({ lost }) => lost],
  ['first ms', ({ firstUs }) => ms(firstUs)],
  ['stated ms', ({ statedUs }) => ms(statedUs)],
  ['beyond ms', ({ firstUs, statedUs }) => ms(Math.max(0, firstUs - statedUs))],
  ['round trip ms', ({ roundTripUs }) => ms(roundTripUs)],
  ['all ms', ({ lastUs }) => ms(lastUs)],
  ['connected', ({ connected }) => connected],
  ['packets', ({ passed }) => passed],
  ['dropped', ({ dropped }) => dropped],
  ['damaged', ({ damaged }) => damaged],
  ['doubled', ({ doubled }) => doubled],
];

const row = (cells: readonly (string | number)[]) => say(`| ${cells.join(' | ')} |`);

/** Plays the scenarios one after the other; gives how many promises were broken. */
async function playAll(
  scenarios: readonly NetworkScenario[],
  applications: number,
): Promise<number> {
  row(['fault', ...COLUMNS.map(([title]) => title)]);
  row(['---', ...COLUMNS.map(() => '---:')]);
  let broken = 0;
  for (const scenario of scenarios) {
    const { name, title } = scenario;
    try {
      const found = await scoped((scope) => played(scenario, applications, scope));
      row([`${name}: ${title}`, ...COLUMNS.map(([, cell]) => cell(found))]);
      for (const fault of found.faults.slice(0, 10)) say(`  NOT KEPT: ${fault}`);
      broken += found.faults.length;
    } catch (error) {
      // One that could not be played to its end does not hide the others.
      say(`  NOT PLAYED: ${name}: ${error instanceof Error ? error.stack : String(error)}`);
      broken += 1;
    }
  }
  return broken;
}

async function main(words: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...words], options: OPTIONS });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const applications = Number(values.applications);
  const asked = values.only.split(',').filter(Boolean);
  const isKnown = asked.every((word) => NETWORK_SCENARIOS.some(({ name }) => name === word));
  const isNumber = Number.isSafeInteger(applications) && applications > 0;
  if (!isKnown || !isNumber || !['guest', 'this'].includes(values.kernel)) {
    process.stderr.write(HELP);
    return 2;
  }
  if (values.kernel === 'guest') return inGuest(words);
  const lack = lackOfNetem();
  if (lack !== undefined) {
    complain(`this kernel cannot play, it needs veth and sch_netem, and root: ${lack}`);
    return 1;
  }
  const chosen = NETWORK_SCENARIOS.filter(({ name }) => asked.length === 0 || asked.includes(name));
  const broken = await playAll(chosen, applications);
  say(`${chosen.length} networks, ${broken} promises broken`);
  return broken === 0 ? 0 : 1;
}

async function inGuest(words: readonly string[]): Promise<number> {
  if (process.platform !== 'linux' || process.arch !== 'x64' || !hasGuestKernel()) {
    complain('user-mode Linux is needed (Debian, x86-64), or --kernel this on one with netem');
    return 1;
  }
  const program = [process.execPath, ...process.execArgv, process.argv[1]!];
  return inGuestKernel([...program, ...words, '--kernel', 'this'], say);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const isUsage = error instanceof TypeError && 'code' in error;
  complain(
    error instanceof Error ? (isUsage ? error.message : String(error.stack)) : String(error),
  );
  process.exitCode = isUsage ? 2 : 1;
}
