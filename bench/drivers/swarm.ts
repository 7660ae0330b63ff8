/**
 * A swarm of raw WebSocket connections, in a process of its own so that it never shares an event
 * loop with the server it measures.
 *
 * Order of a run, over the process's message channel:
 *
 *     parent ── plan ──► connects, says hello, waits for every welcome ── connected ──► parent
 *     parent ── go ────► closed loop until every application has its outcome ── result ──► parent
 *
 * Connections are opened a hundred at a time, spread over several loopback addresses, so that
 * neither the listen queue nor a limit by address shapes the figures.
 */
import { type Answer, Connection, type ConnectionPlan } from '#bench/drivers/connection.ts';

/** What one swarm does. */
export interface SwarmPlan {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly sourceAddresses: readonly string[];
  readonly inFlight: number;
  readonly connections: readonly ConnectionPlan[];
}

/** An answer that was an acknowledgement. */
export interface Acknowledgement {
  readonly application: string;
  readonly seq: number;
  readonly stamp: string;
}

/**
 * What a swarm saw. Rate and latencies leave out the first fifth of the acknowledgements, the
 * warm-up; everything else is of the whole run.
 */
export interface SwarmResult {
  readonly acknowledgements: readonly Acknowledgement[];
  readonly refusals: Readonly<Record<string, number>>;
  readonly ratePerSecond: number;
  /** From the write of the frame to its answer. */
  readonly latenciesMs: readonly number[];
  readonly elapsedMs: number;
  /** CPU time of this process over elapsed time; 1 is one whole core. */
  readonly cpuShare: number;
  readonly failures: readonly string[];
  readonly retries: number;
}

export type SwarmOrder = { kind: 'plan'; plan: SwarmPlan } | { kind: 'go' };
export type SwarmReport =
  | { kind: 'connected'; failures: readonly string[] }
  | { kind: 'result'; result: SwarmResult };

const CONNECTING_MAX = 100;
const WARM_UP_SHARE = 0.2;

async function connectAll(plan: SwarmPlan): Promise<Connection[]> {
  const { host, port, path, inFlight, sourceAddresses } = plan;
  const connections: Connection[] = [];
  for (let at = 0; at < plan.connections.length; at += CONNECTING_MAX) {
    const group = plan.connections.slice(at, at + CONNECTING_MAX).map((one, offset) => {
      const localAddress = sourceAddresses[(at + offset) % sourceAddresses.length]!;
      return new Connection(one, { host, port, path, inFlight, localAddress });
    });
    await Promise.all(group.map((connection) => connection.ready()));
    connections.push(...group);
  }
  return connections;
}

interface ReadAnswer {
  readonly type?: string;
  readonly application?: string;
  readonly seq?: number;
  readonly stamp?: string;
  readonly code?: string;
}

/** An acknowledgement's instant and how long it took. */
interface Timing {
  readonly atMs: number;
  readonly latencyMs: number;
}

/** Reads the answers of all connections after the run, joining each with the send it answers. */
function readAnswers(connections: readonly Connection[]) {
  const acknowledgements: Acknowledgement[] = [];
  const refusals: Record<string, number> = {};
  const timings: Timing[] = [];
  for (const connection of connections) {
    const sentAtMs = new Map(connection.sends.map((sent) => [sent.application, sent.atMs]));
    connection.answers.forEach(({ atMs, text }: Answer, index) => {
      const read = JSON.parse(text) as ReadAnswer;
      if (read.type === 'rejected') {
        const code = read.code ?? 'unknown';
        refusals[code] = (refusals[code] ?? 0) + 1;
        return;
      }
      const { application = '', seq = 0, stamp = '' } = read;
      const startMs = sentAtMs.get(application) ?? connection.sends[index]?.atMs ?? atMs;
      timings.push({ atMs, latencyMs: atMs - startMs });
      acknowledgements.push({ application, seq, stamp });
    });
  }
  return { acknowledgements, refusals, ...afterWarmUp(timings) };
}

function afterWarmUp(timings: Timing[]) {
  timings.sort((a, b) => a.atMs - b.atMs);
  const counted = timings.slice(Math.floor(timings.length * WARM_UP_SHARE));
  const spanMs = (counted.at(-1)?.atMs ?? 0) - (counted[0]?.atMs ?? 0);
  const ratePerSecond = spanMs > 0 ? (counted.length - 1) / (spanMs / 1_000) : 0;
  return { ratePerSecond, latenciesMs: counted.map(({ latencyMs }) => latencyMs) };
}

async function runAll(connections: readonly Connection[]): Promise<SwarmResult> {
  const startedMs = performance.now();
  const cpuBefore = process.cpuUsage();
  await Promise.all(connections.map((connection) => connection.run()));
  const elapsedMs = performance.now() - startedMs;
  const cpu = process.cpuUsage(cpuBefore);
  const failures = connections.flatMap((one) => one.failure ?? []);
  const retries = connections.reduce((sum, one) => sum + one.retries, 0);
  for (const connection of connections) connection.close();
  const cpuShare = (cpu.user + cpu.system) / 1_000 / elapsedMs;
  return { ...readAnswers(connections), elapsedMs, cpuShare, failures, retries };
}

function report(message: SwarmReport) {
  process.send?.(message);
}

let connections: Connection[] = [];
process.on('message', async (order: SwarmOrder) => {
  if (order.kind === 'plan') {
    connections = await connectAll(order.plan);
    report({ kind: 'connected', failures: connections.flatMap((one) => one.failure ?? []) });
  } else {
    report({ kind: 'result', result: await runAll(connections) });
  }
});
