/**
 * The bench's side of a swarm: starts its process, hands it the plan, says go, takes the result.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { SwarmOrder, SwarmPlan, SwarmReport, SwarmResult } from '#bench/drivers/swarm.ts';

const PROGRAM = fileURLToPath(new URL('./swarm.ts', import.meta.url));

function nextReport(child: ChildProcess): Promise<SwarmReport> {
  return new Promise((resolve, reject) => {
    const died = (code: number | null) => reject(new Error(`the swarm ended with ${code}`));
    child.once('exit', died);
    child.once('message', (message) => {
      child.off('exit', died);
      resolve(message as SwarmReport);
    });
  });
}

/**
 * Plays one plan. `beforeGo` runs when every connection has its welcome, for instance to read a
 * counter. Rejects when a connection could not be opened or the swarm died.
 */
export async function playSwarm(
  plan: SwarmPlan,
  beforeGo: () => void = () => {},
): Promise<SwarmResult> {
  const child = fork(PROGRAM, { serialization: 'advanced' });
  const order = (message: SwarmOrder) => child.send(message);
  try {
    order({ kind: 'plan', plan });
    const connected = await nextReport(child);
    if (connected.kind === 'connected' && connected.failures.length > 0) {
      const { failures } = connected;
      throw new Error(`${failures.length} connections failed, the first: ${failures[0]}`);
    }
    beforeGo();
    order({ kind: 'go' });
    const done = await nextReport(child);
    if (done.kind !== 'result') throw new Error('the swarm answered out of turn');
    return done.result;
  } finally {
    child.kill();
  }
}
