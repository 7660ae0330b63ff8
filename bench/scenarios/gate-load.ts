/**
 * A gate on a data directory of the bench, and loads on it: what scenarios share that start gates
 * more than once on one ledger, or several beside each other. The gate trusts this machine's date
 * to a millisecond, since nothing here asks another machine for the time.
 */
import type { SwarmResult } from '#bench/drivers/swarm.ts';
import { playSwarm } from '#bench/drivers/swarm-process.ts';
import { cpuSecondsOf } from '#bench/machine.ts';
import { type FixtureAccount, startSystem } from '#bench/system.ts';

export interface LoadedGate {
  readonly id: string;
  readonly port: number;
  readonly pid: number;
  /** From the command to the line that it serves. */
  readonly startMs: number;
  stop(): Promise<unknown>;
}

const CLOCK = { CLICKDAY_NTP_SERVERS: '', CLICKDAY_CLOCK_BOUND_MS: '1' };
const SOURCE_ADDRESSES = ['127.0.0.1', '127.0.0.2', '127.0.0.3', '127.0.0.4'];

/** Starts the gate `id` on a data directory, beside others if there are any. */
export async function startLoadedGate(data: string, id = 'g1'): Promise<LoadedGate> {
  const beginMs = performance.now();
  const words = ['--data', data, '--roles', 'gate', '--gate', '127.0.0.1:0', '--gate-id', id];
  const system = await startSystem([...words, '--log-level', 'warn'], CLOCK);
  const startMs = performance.now() - beginMs;
  const port = Number(new URL(system.gate ?? '').port);
  return { id, port, pid: system.pids[id] ?? system.pid, startMs, stop: system.stop };
}

export interface LoadRun {
  readonly result: SwarmResult;
  readonly serverCpuShare: number;
}

/** Closed loop of one connection an account; `beforeGo` runs when all of them are greeted. */
export async function loadGate(
  gate: Pick<LoadedGate, 'port' | 'pid'>,
  load: { accounts: readonly FixtureAccount[]; inFlight: number },
  beforeGo: () => void | Promise<void> = () => undefined,
): Promise<LoadRun> {
  const { accounts, inFlight } = load;
  let before = Number.NaN;
  const result = await playSwarm(
    {
      ...{ host: '127.0.0.1', port: gate.port, path: '/v1/submissions' },
      ...{ sourceAddresses: SOURCE_ADDRESSES, inFlight, connections: accounts },
    },
    async () => {
      await beforeGo();
      before = cpuSecondsOf(gate.pid);
    },
  );
  const used = cpuSecondsOf(gate.pid) - before;
  return { result, serverCpuShare: used / (result.elapsedMs / 1_000) };
}

/** What went wrong on the side of the sender, as sentences: silence is a fault as well. */
export function unanswered(result: SwarmResult, wanted: number): string[] {
  const { acknowledgements, failures, refusals } = result;
  const told = acknowledgements.length;
  const missing = told === wanted ? [] : [`${told} of ${wanted} were acknowledged`];
  const refused = Object.entries(refusals).map(([code, count]) => `${count} × ${code}`);
  return [...missing, ...failures, ...(missing.length > 0 ? refused : [])];
}
