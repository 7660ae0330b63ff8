/**
 * The runs of several servers under one load as a table: rate, latencies, refusals, whose CPU was
 * used up. Latencies are medians over the runs of each run's quantile.
 */
import type { SwarmResult } from '#bench/drivers/swarm.ts';
import { percent, type Table, whole } from '#bench/report.ts';
import type { Shape } from '#bench/scenarios/submissions.ts';
import { type Latencies, latenciesOf, spreadOf } from '#bench/statistics.ts';

/** What the table needs of a run. */
export interface TableRun {
  readonly peer: string;
  readonly door?: string;
  readonly shape: Shape;
  readonly result: SwarmResult;
  /** NaN where the system does not say. */
  readonly serverCpuShare: number;
  readonly violations: readonly string[];
}

const COLUMNS = [
  ...['load', 'server', 'runs', 's a run', 'answers/s median (low–high)'],
  ...['p50 ms', 'p90', 'p99', 'p99.9', 'max'],
  ...['server CPU', 'generator CPU', 'limited by', 'refused', 'lost or doubled'],
];

const BUSY_SHARE = 0.9;

const medianOf = (runs: readonly TableRun[], read: (run: TableRun) => number) =>
  spreadOf(runs.map(read)).median;

/** `400 × 4 in flight`, with the door where there are several. */
export function loadName({ door, shape }: Pick<TableRun, 'door' | 'shape'>): string {
  const load = `${whole(shape.connections)} × ${shape.inFlight} in flight`;
  return door === undefined ? load : `${door}, ${load}`;
}

function refusals(runs: readonly TableRun[]): string {
  const byCode = new Map<string, number>();
  for (const { result } of runs) {
    for (const [code, count] of Object.entries(result.refusals)) {
      byCode.set(code, (byCode.get(code) ?? 0) + count);
    }
  }
  return [...byCode].map(([code, count]) => `${code} ${whole(count)}`).join(', ') || '0';
}

/** Whose single thread had no time left; otherwise what they share: the disk, the machine. */
function limit(runs: readonly TableRun[]): string {
  if (medianOf(runs, (run) => run.result.cpuShare) > BUSY_SHARE) return 'generator';
  if (medianOf(runs, (run) => run.serverCpuShare) > BUSY_SHARE) return 'server';
  return 'disk or machine';
}

function row(runs: readonly TableRun[]): string[] {
  const rate = spreadOf(runs.map((run) => run.result.ratePerSecond));
  const latencies = runs.map((run) => latenciesOf(run.result.latenciesMs));
  const ms = (name: keyof Latencies) =>
    spreadOf(latencies.map((one) => one[name])).median.toFixed(1);
  return [
    ...[loadName(runs[0]!), runs[0]!.peer, String(runs.length)],
    medianOf(runs, (run) => run.result.elapsedMs / 1_000).toFixed(1),
    `${whole(rate.median)} (${whole(rate.low)}–${whole(rate.high)})`,
    ...[ms('p50'), ms('p90'), ms('p99'), ms('p999'), ms('max')],
    percent(medianOf(runs, (run) => run.serverCpuShare)),
    percent(medianOf(runs, (run) => run.result.cpuShare)),
    ...[limit(runs), refusals(runs)],
    String(runs.reduce((sum, run) => sum + run.violations.length, 0)),
  ];
}

/** One row a load and server, in the order of their first runs. */
export function runTable(runs: readonly TableRun[]): Table {
  const groups = Map.groupBy(runs, (run) => `${loadName(run)} ${run.peer}`);
  return { columns: COLUMNS, rows: [...groups.values()].map(row) };
}

/** What is wrong with a run, as sentences: untrue acknowledgements, lost connections, silence. */
export function faultsOf({ result, violations }: TableRun): string[] {
  const silent = result.acknowledgements.length === 0 ? ['nothing was acknowledged'] : [];
  return [...violations, ...result.failures, ...silent];
}
