/**
 * HTTP load by autocannon, in a process of its own: `POST /v1/submissions`, one submission a
 * request, one request at a time on each keep-alive connection, every submission exactly once.
 *
 * Order of a run, over the process's message channel:
 *
 *     parent ── plan ──► writes all requests ── started ──► parent
 *                        every answer is there ── finished, then result ──► parent
 *
 * The result is in the words of the WebSocket swarm, so that both read alike. autocannon notices
 * the end up to a second late; time and CPU are those until the last answer. It parses answers in
 * JavaScript: on few cores the generator may be the limit, which its CPU share shows.
 */
import autocannon from 'autocannon';
import { type Reading, readAnswer, resultOf } from '#bench/drivers/readings.ts';
import type { SwarmResult } from '#bench/drivers/swarm.ts';

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

/** What this process tells its parent. */
export type HttpReport = 'started' | 'finished' | SwarmResult;

const TIMEOUT_SECONDS = 30;

function requestsOf(submissions: readonly HttpSubmission[]): autocannon.Request[] {
  return submissions.map(({ passbook, application }) => ({
    method: 'POST',
    path: '/v1/submissions',
    headers: { authorization: `Bearer ${passbook}`, 'content-type': 'application/json' },
    body: JSON.stringify({ application }),
  }));
}

function report(message: HttpReport) {
  process.send?.(message);
}

/** Reads clock and CPU from when it is made; `stop` fixes both. */
function createMeter() {
  const startedMs = performance.now();
  const before = process.cpuUsage();
  let read = { elapsedMs: 0, cpuShare: Number.NaN };
  return {
    stop: () => {
      const elapsedMs = performance.now() - startedMs;
      const { user, system } = process.cpuUsage(before);
      read = { elapsedMs, cpuShare: (user + system) / 1_000 / elapsedMs };
    },
    read: () => read,
  };
}

/** Fires the plan; `started` and `finished` are called at the first connection and last answer. */
function fire(
  plan: HttpPlan,
  watch: { readings: Reading[]; started: () => void; finished: () => void },
): Promise<autocannon.Result> {
  const { readings } = watch;
  const amount = plan.connections.reduce((sum, one) => sum + one.length, 0);
  let connected = 0;
  const setupClient = (client: autocannon.Client) => {
    client.setRequests(requestsOf(plan.connections[connected]!));
    connected += 1;
    if (connected === plan.connections.length) watch.started();
    client.on('response', (_status, _bytes, latencyMs) => {
      readings.push({ atMs: performance.now(), latencyMs, text: '' });
      if (readings.length === amount) watch.finished();
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
  let meter = createMeter();
  const started = () => {
    meter = createMeter();
    report('started');
  };
  const finished = () => {
    meter.stop();
    report('finished');
  };
  const { errors, timeouts } = await fire(plan, { readings, started, finished });
  const failures = errors + timeouts > 0 ? [`${errors} errors, ${timeouts} timeouts`] : [];
  report({ ...resultOf(readings.map(readAnswer)), ...meter.read(), failures, retries: 0 });
});
