/** The bench's side of HTTP load: starts its process, hands it the plan, takes the result. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { HttpPlan, HttpReport } from '#bench/drivers/http-load.ts';
import type { SwarmResult } from '#bench/drivers/swarm.ts';

const PROGRAM = fileURLToPath(new URL('./http-load.ts', import.meta.url));

/**
 * Plays one plan. `started` and `finished` run just before the first request and after the last
 * answer, for instance to read a counter. Rejects when the generator died.
 */
export async function playHttp(
  plan: HttpPlan,
  watch: { started: () => void; finished: () => void },
): Promise<SwarmResult> {
  const child = fork(PROGRAM, { serialization: 'advanced' });
  try {
    return await new Promise((resolve, reject) => {
      child.once('exit', (code) => reject(new Error(`the HTTP load ended with ${code}`)));
      child.on('message', (message: HttpReport) => {
        if (message === 'started') watch.started();
        else if (message === 'finished') watch.finished();
        else resolve(message);
      });
      child.send(plan);
    });
  } finally {
    child.kill();
  }
}
