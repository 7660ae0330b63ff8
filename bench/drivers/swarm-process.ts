/**
 * A closed loop in the words that all load generators share: one plan in, one result out. The gate,
 * its WebSocket peers and the bare echo are all driven by this one.
 */
import { playLoad } from '#bench/drivers/load.ts';
import type { ConnectionPlan } from '#bench/drivers/swarm.ts';
import { type SwarmResult, swarmResultOf } from '#bench/drivers/swarm-result.ts';

/** What one swarm does. */
export interface SwarmPlan {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly sourceAddresses: readonly string[];
  readonly inFlight: number;
  readonly connections: readonly ConnectionPlan[];
  /** By default one on a small machine, see load.ts. */
  readonly threads?: number;
}

/**
 * Plays one plan. `beforeGo` runs when every connection has its welcome, for instance to read a
 * counter, and its promise is awaited; `finished` runs at the last answer. Rejects when a
 * connection could not be opened or a thread of the swarm died.
 */
export async function playSwarm(
  plan: SwarmPlan,
  beforeGo: () => unknown = () => undefined,
  finished: () => void = () => {},
): Promise<SwarmResult> {
  const { inFlight, ...rest } = plan;
  const load = { kind: 'closed', inFlight, honoursRetry: true } as const;
  const hooks = { connected: beforeGo, finished };
  const result = await playLoad({ ...rest, load, refs: false }, hooks);
  return swarmResultOf(
    result,
    plan.connections.flatMap((one) => one.applications),
  );
}
