/**
 * One run of the gate, or of a peer, behind one door: the same submissions from the same generator.
 *
 * WebSocket peers are driven by the swarm, HTTP peers by autocannon, and the gate by both. Closed
 * loop: the rate is the highest that is sustained by that many connections with that many in
 * flight.
 *
 * A run counts when every acknowledgement is in the store afterwards with its number and stamp,
 * and no number was given twice; the gate's also when `clickday verify` is clean.
 */
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { checkRun, violationsOf } from '#bench/check.ts';
import type { HttpSubmission } from '#bench/drivers/http-load.ts';
import { playHttp } from '#bench/drivers/http-load-process.ts';
import type { SwarmResult } from '#bench/drivers/swarm.ts';
import { playSwarm } from '#bench/drivers/swarm-process.ts';
import { cpuSecondsOf } from '#bench/machine.ts';
import { type Door, type Peer, startPeer } from '#bench/peers/roster.ts';
import type { StoredRow, Wishes } from '#bench/peers/store-server.ts';
import { layReadyLoad, type ReadyLoad } from '#bench/scenarios/ready-load.ts';
import type { TableRun } from '#bench/scenarios/run-table.ts';
import { connectionPlans, type Shape } from '#bench/scenarios/submissions.ts';
import { type FixtureAccount, startSystem } from '#bench/system.ts';

/** One run of one server. `serverCpuShare`: the program without its store's processes. */
export interface PeerRun extends TableRun {
  readonly door: Door;
  /** Of the store, empty when there is none beside the program. */
  readonly version: string;
}

/** The submissions of all runs behind one door. A run takes as many of them as it wants. */
export interface PeerLoad extends Pick<ReadyLoad, 'data' | 'clickDays'> {
  readonly door: Door;
  readonly shape: Shape;
  readonly directory: string;
  readonly accounts: readonly FixtureAccount[];
}

export const GATE = 'gate';

/** Few enough that a passbook fits into a request's headers. */
const HTTP_APPLICATIONS_PER_ACCOUNT = 10;
const SOURCE_ADDRESSES = ['127.0.0.1', '127.0.0.2', '127.0.0.3', '127.0.0.4'];

/** Makes the ready submissions of one door in a new directory. */
export function preparePeerLoad(options: {
  door: Door;
  shape: Shape;
  directory: string;
}): PeerLoad {
  const { door, shape, directory } = options;
  mkdirSync(directory);
  const { data, clickDays, accounts } = layReadyLoad(join(directory, 'data'));
  const count =
    door === 'HTTP' ? shape.applications / HTTP_APPLICATIONS_PER_ACCOUNT : shape.connections;
  const each = Math.floor(shape.applications / count);
  return { ...options, data, clickDays, accounts: accounts(Math.ceil(count), each) };
}

/** The same load with fewer submissions: each connection has the first of its own. */
export function shortened(load: PeerLoad, applications: number): PeerLoad {
  const { connections } = load.shape;
  const least = Math.min(load.shape.applications, Math.max(connections, applications));
  const each = Math.floor(least / connections);
  return { ...load, shape: { ...load.shape, applications: each * connections } };
}

/** All submissions dealt to the connections in equal parts; an account's stay together. */
function httpConnections({ accounts, shape }: PeerLoad): HttpSubmission[][] {
  const all = accounts.flatMap(({ passbooks, applications }) =>
    applications.map((application) => ({ passbook: passbooks[0] ?? '', application })),
  );
  const each = Math.floor(shape.applications / shape.connections);
  return Array.from({ length: shape.connections }, (_, at) =>
    all.slice(at * each, (at + 1) * each),
  );
}

function swarmPlan(port: number, { accounts, shape }: PeerLoad) {
  const each = Math.floor(shape.applications / shape.connections);
  const mine = accounts.map((one) => ({ ...one, applications: one.applications.slice(0, each) }));
  return {
    ...{ host: '127.0.0.1', port, path: '/v1/submissions' },
    ...{ sourceAddresses: SOURCE_ADDRESSES, inFlight: shape.inFlight },
    connections: connectionPlans(mine, shape),
  };
}

interface Played {
  readonly result: SwarmResult;
  readonly serverCpuShare: number;
}

async function play(serving: { port: number; pid: number }, load: PeerLoad): Promise<Played> {
  let before = Number.NaN;
  let after = Number.NaN;
  const started = () => {
    before = cpuSecondsOf(serving.pid);
  };
  const finished = () => {
    after = cpuSecondsOf(serving.pid);
  };
  const url = `http://127.0.0.1:${serving.port}`;
  const result = await (load.door === 'HTTP'
    ? playHttp({ url, connections: httpConnections(load) }, { started, finished })
    : playSwarm(swarmPlan(serving.port, load), started));
  if (load.door === 'WebSocket') finished();
  return { result, serverCpuShare: (after - before) / (result.elapsedMs / 1_000) };
}

/** One run of the gate on a fresh data directory. */
export async function runGateFor(load: PeerLoad): Promise<PeerRun> {
  const { door, shape } = load;
  const data = join(load.directory, 'run');
  cpSync(load.data, data, { recursive: true });
  try {
    const words = ['--data', data, '--roles', 'gate', '--gate', '127.0.0.1:0'];
    const system = await startSystem(words, { CLICKDAY_NTP_SERVERS: '' });
    const port = Number(new URL(system.gate ?? '').port);
    const pid = system.pids.g1 ?? system.pid;
    const played = await play({ port, pid }, load).finally(() => system.stop());
    const violations = await checkRun(data, played.result.acknowledgements);
    return { peer: GATE, version: '', door, shape, violations, ...played };
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}

/** What is wrong with a peer's store, as sentences. */
export function storeViolations(
  result: Pick<SwarmResult, 'acknowledgements'>,
  stored: readonly StoredRow[],
): string[] {
  const violations = violationsOf(result.acknowledgements, stored);
  const numbers = new Set(stored.map(({ seq }) => seq));
  if (numbers.size !== stored.length) {
    violations.push(`${stored.length} entries have ${numbers.size} numbers`);
  }
  return violations;
}

/** One run of a peer on an empty store. Rejects with `NotDone` when it cannot be had here. */
export async function runPeer(peer: Peer, load: PeerLoad, wishes: Wishes): Promise<PeerRun> {
  const { door, shape, clickDays } = load;
  const directory = join(load.directory, 'peer');
  mkdirSync(directory);
  try {
    const order = { keys: join(load.data, 'notice', 'portal-key.json'), clickDays };
    const running = await startPeer(peer, { directory, order, wishes });
    let stored: readonly StoredRow[] = [];
    const played = await play(running, load).finally(async () => {
      stored = await running.finish();
    });
    const violations = storeViolations(played.result, stored);
    return { peer: peer.name, version: running.version, door, shape, violations, ...played };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
