/**
 * The gate beside its peers: the same submissions, the same generator, in turns on one machine.
 *
 * WebSocket peers are driven by the swarm, HTTP peers by autocannon, and the gate by both, so that
 * a ratio compares two servers behind one door. Closed loop: the rate is the highest that is
 * sustained by that many connections with that many in flight.
 *
 * A run counts when every acknowledgement is in the store afterwards with its number and stamp,
 * and no number was given twice; the gate's also when `clickday verify` is clean.
 */
import { cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { checkRun, violationsOf } from '#bench/check.ts';
import type { HttpPlan, HttpSubmission } from '#bench/drivers/http-load.ts';
import { playHttp } from '#bench/drivers/http-load-process.ts';
import type { SwarmResult } from '#bench/drivers/swarm.ts';
import { playSwarm } from '#bench/drivers/swarm-process.ts';
import { cpuSecondsOf } from '#bench/machine.ts';
import type { PeerOrder } from '#bench/peers/intake.ts';
import { type Door, type Peer, startPeer } from '#bench/peers/roster.ts';
import type { StoredRow } from '#bench/peers/store-server.ts';
import { connectionPlans, type Shape } from '#bench/scenarios/submissions.ts';
import { clickdayOk, type FixtureAccount, startSystem } from '#bench/system.ts';

/** One run of one server behind one door. `serverCpuShare`: the program without its store. */
export interface PeerRun {
  readonly peer: string;
  readonly door: Door;
  readonly shape: Shape;
  readonly result: SwarmResult;
  readonly serverCpuShare: number;
  readonly violations: readonly string[];
}

/** The submissions of all runs behind one door: data directory, its accounts, and the load. */
export interface PeerLoad {
  readonly door: Door;
  readonly shape: Shape;
  readonly directory: string;
  readonly accounts: readonly FixtureAccount[];
}

export const GATE = 'gate';

const OPEN_SECONDS = '7200';
const CONNECTIONS_PER_ACCOUNT = 4;
/** Few enough that a passbook fits into a request's headers. */
const HTTP_APPLICATIONS_PER_ACCOUNT = 10;
const SOURCE_ADDRESSES = ['127.0.0.1', '127.0.0.2', '127.0.0.3', '127.0.0.4'];

/** Makes the ready applications of one door. The click day is open at once. */
export async function preparePeerLoad(options: {
  door: Door;
  shape: Shape;
  directory: string;
}): Promise<PeerLoad> {
  const { door, shape, directory } = options;
  mkdirSync(directory);
  const accounts =
    door === 'HTTP'
      ? shape.applications / HTTP_APPLICATIONS_PER_ACCOUNT
      : shape.connections / CONNECTIONS_PER_ACCOUNT;
  const out = join(directory, 'accounts.ndjson');
  await clickdayOk([
    'fixture',
    ...['--data', join(directory, 'data'), '--out', out, '--seed', '1'],
    ...['--accounts', String(Math.ceil(accounts)), '--applications', String(shape.applications)],
    ...['--opens-in', '0', '--closes-in', OPEN_SECONDS],
  ]);
  const lines = readFileSync(out, 'utf8').split('\n').filter(Boolean);
  return { ...options, accounts: lines.map((line) => JSON.parse(line) as FixtureAccount) };
}

/** All submissions dealt to the connections in equal parts; an account's stay together. */
function httpConnections({ accounts, shape }: PeerLoad): HttpSubmission[][] {
  const all = accounts.flatMap(({ passbooks, applications }) =>
    applications.map((application) => ({ passbook: passbooks[0] ?? '', application })),
  );
  const each = Math.floor(all.length / shape.connections);
  return Array.from({ length: shape.connections }, (_, at) =>
    all.slice(at * each, (at + 1) * each),
  );
}

interface Serving {
  readonly port: number;
  readonly pid: number;
}

async function play(serving: Serving, load: PeerLoad) {
  let before = Number.NaN;
  let after = Number.NaN;
  const started = () => {
    before = cpuSecondsOf(serving.pid);
  };
  const finished = () => {
    after = cpuSecondsOf(serving.pid);
  };
  const result = await (load.door === 'HTTP'
    ? playHttp(httpPlan(serving.port, load), { started, finished })
    : playSwarm(swarmPlan(serving.port, load), started));
  if (load.door === 'WebSocket') finished();
  return { result, serverCpuShare: (after - before) / (result.elapsedMs / 1_000) };
}

function httpPlan(port: number, load: PeerLoad): HttpPlan {
  return { url: `http://127.0.0.1:${port}`, connections: httpConnections(load) };
}

function swarmPlan(port: number, { accounts, shape }: PeerLoad) {
  return {
    ...{ host: '127.0.0.1', port, path: '/v1/submissions' },
    ...{ sourceAddresses: SOURCE_ADDRESSES, inFlight: shape.inFlight },
    connections: connectionPlans(accounts, shape),
  };
}

/** One run of the gate on a fresh copy of the fixture. */
export async function runGateFor(load: PeerLoad): Promise<PeerRun> {
  const data = join(load.directory, 'run');
  cpSync(join(load.directory, 'data'), data, { recursive: true });
  try {
    const words = ['--data', data, '--roles', 'gate', '--gate', '127.0.0.1:0'];
    const system = await startSystem(words, { CLICKDAY_NTP_SERVERS: '' });
    const port = Number(new URL(system.gate ?? '').port);
    const pid = system.pids.g1 ?? system.pid;
    const played = await play({ port, pid }, load).finally(() => system.stop());
    const violations = await checkRun(data, played.result.acknowledgements);
    return { peer: GATE, door: load.door, shape: load.shape, violations, ...played };
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}

/** What a peer is told of the fixture: the gate reads the same from the notice. */
function orderOf(directory: string): Omit<PeerOrder, 'store'> {
  const notice = join(directory, 'data', 'notice');
  const jws = readFileSync(join(notice, 'calendar.jws'), 'utf8');
  const claims = Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString('utf8');
  const { clickDays } = JSON.parse(claims) as Pick<PeerOrder, 'clickDays'>;
  return { keys: join(notice, 'portal-key.json'), clickDays };
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
export async function runPeer(peer: Peer, load: PeerLoad): Promise<PeerRun> {
  const directory = join(load.directory, 'peer');
  mkdirSync(directory);
  try {
    const running = await startPeer(peer, directory, orderOf(load.directory));
    let stored: readonly StoredRow[] = [];
    const serving = { port: running.port, pid: running.pids[0] ?? 0 };
    const played = await play(serving, load).finally(async () => {
      stored = await running.finish();
    });
    const violations = storeViolations(played.result, stored);
    return { peer: peer.name, door: load.door, shape: load.shape, violations, ...played };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
