/** The bench's side of HTTP load: starts its process, hands it the plan, takes the result. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { HttpPlan } from '#bench/drivers/http-load.ts';
import type { SwarmResult } from '#bench/drivers/swarm.ts';

const PROGRAM = fileURLToPath(new URL('./http-load.ts', import.meta.url));

/** Plays one plan. Rejects when the generator died. */
export async function playHttp(plan: HttpPlan): Promise<SwarmResult> {
  const child = fork(PROGRAM, { serialization: 'advanced' });
  try {
    return await new Promise((resolve, reject) => {
      child.once('exit', (code) => reject(new Error(`the HTTP load ended with ${code}`)));
      child.once('message', (message) => resolve(message as SwarmResult));
      child.send(plan);
    });
  } finally {
    child.kill();
  }
}
