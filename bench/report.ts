/** The benchmark's words: one table over all runs, the machine, and what limits the figures. */
import type { Run } from '#bench/scenarios/submissions.ts';
import { latenciesOf, type Spread, spreadOf } from '#bench/statistics.ts';

const COLUMNS = [
  'load',
  'peer',
  'runs',
  'answers/s median (low–high)',
  'of echo',
  'p50 ms',
  'p90',
  'p99',
  'p99.9',
  'max',
  'server CPU',
  'generator CPU',
  'limited by',
  'refused',
  'lost or doubled',
];

const BUSY_SHARE = 0.9;

const percent = (share: number) =>
  Number.isNaN(share) ? 'unknown' : `${Math.round(share * 100)} %`;
const whole = (value: number) => Math.round(value).toLocaleString('en');

function medianOf(runs: readonly Run[], read: (run: Run) => number): Spread {
  return spreadOf(runs.map(read));
}

function refusals(runs: readonly Run[]): string {
  const byCode = new Map<string, number>();
  for (const run of runs) {
    for (const [code, count] of Object.entries(run.result.refusals)) {
      byCode.set(code, (byCode.get(code) ?? 0) + count);
    }
  }
  return [...byCode].map(([code, count]) => `${code} ${count}`).join(', ') || '0';
}

/** Whose single thread had no time left; otherwise what they share: the disk, the machine. */
function limit(runs: readonly Run[]): string {
  if (medianOf(runs, (run) => run.result.cpuShare).median > BUSY_SHARE) return 'generator';
  if (medianOf(runs, (run) => run.serverCpuShare).median > BUSY_SHARE) return 'server';
  return 'disk or machine';
}

function row(runs: readonly Run[], echoRate: number | undefined): string[] {
  const [first] = runs;
  const rate = medianOf(runs, (run) => run.result.ratePerSecond);
  const latencies = runs.map((run) => latenciesOf(run.result.latenciesMs));
  const ms = (name: keyof (typeof latencies)[number]) =>
    spreadOf(latencies.map((one) => one[name])).median.toFixed(1);
  return [
    `${whole(first?.shape.connections ?? 0)} × ${first?.shape.inFlight} in flight`,
    first?.peer ?? '',
    String(runs.length),
    `${whole(rate.median)} (${whole(rate.low)}–${whole(rate.high)})`,
    echoRate === undefined ? '' : (rate.median / echoRate).toFixed(2),
    ...[ms('p50'), ms('p90'), ms('p99'), ms('p999'), ms('max')],
    percent(medianOf(runs, (run) => run.serverCpuShare).median),
    percent(medianOf(runs, (run) => run.result.cpuShare).median),
    limit(runs),
    refusals(runs),
    String(runs.reduce((sum, run) => sum + run.violations.length, 0)),
  ];
}

function grouped(runs: readonly Run[]): Map<string, Run[]> {
  const groups = new Map<string, Run[]>();
  for (const run of runs) {
    const key = `${run.shape.connections}/${run.shape.inFlight}/${run.peer}`;
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  return groups;
}

function rowsOf(runs: readonly Run[]): string[][] {
  const groups = grouped(runs);
  return [...groups].map(([key, group]) => {
    const echo = groups.get(key.replace(/[^/]+$/, 'bare echo'));
    return row(group, echo && medianOf(echo, (run) => run.result.ratePerSecond).median);
  });
}

/** The table as Markdown, its columns aligned so that it reads in a terminal too. */
export function tableOf(runs: readonly Run[]): string {
  const rows = [COLUMNS, ...rowsOf(runs)];
  const widths = COLUMNS.map((_, at) => Math.max(...rows.map((cells) => cells[at]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  const [head, ...body] = rows.map(line);
  return [head, `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...body].join('\n');
}

/** The whole of RESULTS.md. */
export function resultsPage(options: { runs: readonly Run[]; machine: string; day: string }) {
  return `# Benchmark results

Made by \`npm run bench -- --write\` on ${options.day}.

${options.machine}

${tableOf(options.runs)}

Closed loop: every connection keeps the given number of submissions in flight, so latency is that
of a saturated server. Server, generator and operating system share the machine; a share of CPU is
of one core. The figures of several runs are medians, rates with the lowest and the highest; the
first fifth of each run is warm-up and left out of rate and latency. The bare echo answers each
frame with a constant of the size of \`accepted\` and stores nothing. A run of the gate counts only
when every acknowledgement is an entry of its exported ledger with the same number and stamp and
\`clickday verify\` is clean. Where the generator is the limit the server can do more than the row
says, so the ratio to the echo flatters whoever is not limited by it.

Not done yet: open-loop load with latency from the intended send time, the burst at the opening
itself, several gates on one machine.
`;
}
