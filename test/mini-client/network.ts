/**
 * `npm run test:network`: the real mini-client in a network namespace, real gates, and lines
 * between them on which things go wrong. Nothing is early, nothing lost, nothing doubled on a gate,
 * and when a gate cannot be reached another one takes its place. How soon the first frame arrived
 * is told.
 *
 * Exit status 0 when all of that held, 1 when not, 2 for wrong usage.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { checkRun } from '#bench/check.ts';
import { layReadyLoad } from '#bench/scenarios/ready-load.ts';
import { usFromIso } from '#protocol/time.ts';
import { faultsOf, toldIn } from '#test/mini-client/judge.ts';
import {
  type Heard,
  NETWORK_SCENARIOS,
  type NetworkScenario,
} from '#test/mini-client/network-scenarios.ts';
import { type NetworkStage, openNetworkStage } from '#test/mini-client/network-stage.ts';
import { layPreparation, startSending, type ToldEvent } from '#test/support/mini-client-process.ts';
import { eventually } from '#test/support/processes.ts';
import { type Scope, scoped } from '#test/support/scope.ts';

const HELP = `npm run test:network -- [--only NAME[,NAME]] [--seed N] [--applications N]

  --only          these scenarios only: ${NETWORK_SCENARIOS.map(({ name }) => name).join(', ')}
  --seed          of jitter and losses (default 1)
  --applications  of the client (default 200)

Needs root, iproute2, Go and /dev/net/tun; takes some four minutes. Exit status 0 when nothing was
early, lost or doubled, 1 when not, 2 for wrong usage.
`;
const OPTIONS = {
  only: { type: 'string', default: '' },
  seed: { type: 'string', default: '1' },
  applications: { type: 'string', default: '200' },
  help: { type: 'boolean', default: false },
} as const;

/** From the client's being connected to the opening. */
const OPENS_IN_MS = 12_000;
/** Connecting may take half a minute when a gate cannot be reached, and others use the machine. */
const CONNECTED_MS_MAX = 300_000;
const FAR_US = 3_600_000_000;
const TIME_LIMIT_S = 600;

const say = (text: string) => process.stderr.write(`${text}\n`);

interface Wishes {
  readonly seed: number;
  readonly applications: number;
}

/** Plays one scenario; gives what was wrong. */
async function played(
  scenario: NetworkScenario,
  wishes: Wishes,
  scope: Scope,
): Promise<readonly string[]> {
  const { gates: lines } = scenario;
  const stage = await openNetworkStage(scope, { seed: wishes.seed, lines });
  const directory = mkdtempSync(join(tmpdir(), 'clickday-network-'));
  scope.onEnd(() => rmSync(directory, { recursive: true, force: true }));
  const data = join(directory, 'data');
  const home = join(directory, 'client');
  const load = layReadyLoad(data, Date.now() * 1_000 + FAR_US);
  const gates: { url: string; id: string }[] = [];
  for (let number = 1; number <= lines; number += 1) {
    gates.push(await stage.startGate(data, number));
  }
  const [account] = load.accounts(1, wishes.applications);
  const { passbooks, applications } = account!;
  const urls = gates.map(({ url }) => url);
  layPreparation(home, { clickDay: load.clickDays[0]!, gates: urls, passbooks, applications });
  await scenario.prepare(stage);
  const words = ['--time-limit', String(TIME_LIMIT_S)];
  const client = startSending({ directory: home, words, command: stage.inside });
  scope.onEnd(() => client.kill('SIGKILL'));
  const heard = listenerTo(client.events, urls);
  await scenario.whileConnecting?.(stage, heard);
  const isConnected = () => client.events.some(({ event }) => event === 'connected');
  await eventually('the client is connected', CONNECTED_MS_MAX, isConnected);
  const opensAtMs = Date.now() + OPENS_IN_MS;
  load.openAt(opensAtMs * 1_000);
  const acting = act(scenario, { stage, heard, opensAtMs });
  const exitStatus = await client.ended;
  await acting;
  const journal = readFileSync(join(home, 'journal.ndjson'), 'utf8');
  const faults = faultsOf({ applications, lives: [client.events], exitStatus, journal });
  for (const { id } of gates) {
    const told = toldIn(client.events).filter(({ protocol }) => protocol.includes(`/${id}/`));
    faults.push(...(await checkRun(data, told, id)));
  }
  faults.push(...promisesBroken(scenario, client.events));
  say(`  ${arrivalOf(client.events, opensAtMs * 1_000)}`);
  return faults;
}

/** Gates are numbered by their addresses, from 1. */
function listenerTo(events: readonly ToldEvent[], urls: readonly string[]): Heard {
  return async (wanted) => {
    const last = () => events.findLast(({ event }) => event === wanted);
    await eventually(`the client is ${wanted}`, CONNECTED_MS_MAX, () => last() !== undefined);
    return urls.indexOf(String(last()?.gate)) + 1;
  };
}

/** Does what a scenario wants done, each at its instant. */
async function act(
  { acts = [] }: NetworkScenario,
  parts: { stage: NetworkStage; heard: Heard; opensAtMs: number },
): Promise<void> {
  const { stage, heard, opensAtMs } = parts;
  for (const { atMs, act: change } of acts) {
    await new Promise((resolve) => setTimeout(resolve, opensAtMs + atMs - Date.now()));
    await change(stage, heard);
  }
}

function promisesBroken({ changesGate }: NetworkScenario, events: readonly ToldEvent[]): string[] {
  const early = events.filter(({ event, code }) => event === 'waiting' && code === 'TOO_EARLY');
  const changes = events.filter(({ event }) => event === 'gate-changed');
  return [
    ...(early.length > 0 ? [`${early.length} frames were early`] : []),
    ...(changesGate === true && changes.length === 0 ? ['it told of no other gate'] : []),
  ];
}

/** How soon the first was let in, beside what the client stated when it left. */
function arrivalOf(events: readonly ToldEvent[], opensAtUs: number): string {
  const stampsUs = toldIn(events).map(({ stamp }) => usFromIso(stamp));
  const departed = events.find(({ event }) => event === 'departed');
  const ms = (us: unknown) => (Number(us) / 1_000).toFixed(1);
  const lastUs = Math.max(...stampsUs) - opensAtUs;
  return [
    `first stamp ${ms(Math.min(...stampsUs) - opensAtUs)} ms after the opening`,
    `stated ${ms(departed?.arrivesWithinUs)} ms, round trip ${ms(departed?.roundTripUs)} ms`,
    `all ${stampsUs.length} within ${ms(lastUs)} ms`,
    `connected ${events.filter(({ event }) => event === 'connected').length} times`,
  ].join(' · ');
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: OPTIONS });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const [seed = 0, applications = 0] = [values.seed, values.applications].map(Number);
  const asked = values.only.split(',').filter(Boolean);
  const chosen = NETWORK_SCENARIOS.filter(({ name }) => asked.length === 0 || asked.includes(name));
  const isKnown = asked.every((word) => NETWORK_SCENARIOS.some(({ name }) => name === word));
  const areNumbers = [seed, applications].every((one) => Number.isSafeInteger(one) && one > 0);
  if (!isKnown || !areNumbers) {
    process.stderr.write(HELP);
    return 2;
  }
  let broken = 0;
  for (const scenario of chosen) {
    say(`${scenario.name}: ${scenario.title}`);
    const faults = await scoped((scope) => played(scenario, { seed, applications }, scope));
    for (const fault of faults.slice(0, 10)) say(`  NOT KEPT: ${fault}`);
    broken += faults.length;
  }
  say(`${chosen.length} networks, ${broken} promises broken`);
  return broken === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  const isUsage = error instanceof TypeError && 'code' in error;
  say(error instanceof Error ? (isUsage ? error.message : String(error.stack)) : String(error));
  process.exitCode = isUsage ? 2 : 1;
}
