/**
 * HTTP load by autocannon, in a process of its own: `POST /v1/submissions`, one submission a
 * request, one request at a time on each keep-alive connection, every submission exactly once.
 *
 * Order of a run, over the process's message channel: the parent sends the plan, this process
 * answers with what it saw, in the words of the WebSocket swarm so that both read alike. The
 * requests are written before the clock runs. autocannon parses answers in JavaScript: on few
 * cores the generator is often the limit, which its CPU share shows.
 */
import autocannon from 'autocannon';
import { type Reading, readAnswer, resultOf } from '#bench/drivers/readings.ts';

/** One submission: the passbook it is presented with, and the application. */
export interface HttpSubmission {
  readonly passbook: string;
  readonly application: string;
}

/** `connections`: what each connection submits, in order; all of the same length. */
export interface HttpPlan {
  readonly url: string;
  readonly connections: readonly (readonly HttpSubmission[])[];
}

const TIMEOUT_SECONDS = 30;

function requestsOf(submissions: readonly HttpSubmission[]): autocannon.Request[] {
  return submissions.map(({ passbook, application }) => ({
    method: 'POST',
    path: '/v1/submissions',
    headers: { authorization: `Bearer ${passbook}`, 'content-type': 'application/json' },
    body: JSON.stringify({ application }),
  }));
}

function fire(plan: HttpPlan, readings: Reading[]): Promise<autocannon.Result> {
  const amount = plan.connections.reduce((sum, one) => sum + one.length, 0);
  let connected = 0;
  const setupClient = (client: autocannon.Client) => {
    client.setRequests(requestsOf(plan.connections[connected]!));
    connected += 1;
    client.on('response', (_status, _bytes, latencyMs) => {
      readings.push({ atMs: performance.now(), latencyMs, text: '' });
    });
  };
  const verifyBody = (body: autocannon.Request['body']) => {
    readings.at(-1)!.text = String(body);
    return true;
  };
  const connections = plan.connections.length;
  const timeout = TIMEOUT_SECONDS;
  return autocannon({ url: plan.url, connections, amount, timeout, setupClient, verifyBody });
}

process.on('message', async (plan: HttpPlan) => {
  const readings: Reading[] = [];
  const startedMs = performance.now();
  const cpuBefore = process.cpuUsage();
  const { errors, timeouts } = await fire(plan, readings);
  const elapsedMs = performance.now() - startedMs;
  const cpu = process.cpuUsage(cpuBefore);
  process.send?.({
    ...resultOf(readings.map(readAnswer)),
    elapsedMs,
    cpuShare: (cpu.user + cpu.system) / 1_000 / elapsedMs,
    failures: errors + timeouts > 0 ? [`${errors} errors, ${timeouts} timeouts`] : [],
    retries: 0,
  });
});
