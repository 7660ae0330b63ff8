/**
 * Durable submissions over WebSocket beside a bare echo, with the same swarm, in turns.
 *
 * Closed loop: each connection keeps a fixed number in flight, so the figure is the highest rate
 * the server sustains with that many waiting, and the latency is the one under saturation. It is
 * not the latency a lone applicant sees, and says nothing of an open-loop peak.
 *
 * A fixture is made once, with the click day already open, and copied for each run of the gate,
 * because an application can be submitted once. The gate runs alone (`--roles gate`).
 */
import { spawn } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { checkRun } from '#bench/check.ts';
import type { ConnectionPlan, SwarmResult } from '#bench/drivers/swarm.ts';
import { playSwarm } from '#bench/drivers/swarm-process.ts';
import { cpuSecondsOf } from '#bench/machine.ts';
import { type FixtureAccount, startSystem } from '#bench/system.ts';

/** A load: how many connections, how many submissions each keeps in flight, how many in all. */
export interface Shape {
  readonly connections: number;
  readonly inFlight: number;
  readonly applications: number;
}

/** One run of one peer. `serverCpuShare` is NaN where the system does not say. */
export interface Run {
  readonly peer: string;
  readonly shape: Shape;
  readonly result: SwarmResult;
  readonly serverCpuShare: number;
  readonly violations: readonly string[];
}

const SOURCE_ADDRESSES = ['127.0.0.1', '127.0.0.2', '127.0.0.3', '127.0.0.4'];

/** The accounts' applications dealt to `shape.connections` connections, four an account at most. */
export function connectionPlans(accounts: readonly FixtureAccount[], shape: Shape) {
  const perAccount = Math.ceil(shape.connections / accounts.length);
  const plans = accounts.flatMap((account) =>
    Array.from({ length: perAccount }, (_, place) => ({
      passbooks: account.passbooks,
      applications: account.applications.filter((_, index) => index % perAccount === place),
    })),
  );
  return plans.filter((plan) => plan.applications.length > 0).slice(0, shape.connections);
}

interface Serving {
  readonly port: number;
  readonly pid: number;
  stop(): Promise<unknown>;
}

async function play(serving: Serving, shape: Shape, connections: readonly ConnectionPlan[]) {
  const { inFlight } = shape;
  let before = Number.NaN;
  let after = Number.NaN;
  const target = { host: '127.0.0.1', port: serving.port, path: '/v1/submissions' };
  const plan = { ...target, sourceAddresses: SOURCE_ADDRESSES, inFlight, connections };
  const begun = () => {
    before = cpuSecondsOf(serving.pid);
  };
  const finished = () => {
    after = cpuSecondsOf(serving.pid);
  };
  const result = await playSwarm(plan, begun, finished);
  return { result, serverCpuShare: (after - before) / (result.elapsedMs / 1_000) };
}

async function startEcho(): Promise<Serving> {
  const program = fileURLToPath(new URL('../peers/echo.ts', import.meta.url));
  const child = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => child.once('close', resolve));
  for await (const line of createInterface({ input: child.stdout })) {
    const stop = () => {
      child.kill();
      return ended;
    };
    return { port: Number(line), pid: child.pid ?? 0, stop };
  }
  throw new Error('the echo server did not start');
}

/** One run of the bare echo. */
export async function runEcho(shape: Shape, accounts: readonly FixtureAccount[]): Promise<Run> {
  const serving = await startEcho();
  try {
    const bare = connectionPlans(accounts, shape).map((plan) => ({ ...plan, passbooks: [] }));
    return { peer: 'bare echo', shape, violations: [], ...(await play(serving, shape, bare)) };
  } finally {
    await serving.stop();
  }
}

/** One run of the gate on a fresh copy of the fixture, checked against its ledger. */
export async function runGate(
  directory: string,
  shape: Shape,
  accounts: readonly FixtureAccount[],
): Promise<Run> {
  const data = join(directory, 'run');
  cpSync(join(directory, 'data'), data, { recursive: true });
  try {
    const words = ['--data', data, '--roles', 'gate', '--gate', '127.0.0.1:0'];
    const system = await startSystem(words, { CLICKDAY_NTP_SERVERS: '' });
    const port = Number(new URL(system.gate ?? '').port);
    const pid = system.pids.g1 ?? system.pid;
    const serving = { port, pid, stop: system.stop };
    const played = await play(serving, shape, connectionPlans(accounts, shape)).finally(() =>
      system.stop(),
    );
    const violations = await checkRun(data, played.result.acknowledgements);
    return { peer: 'gate', shape, violations, ...played };
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}
