/** The words of the comparison with peers: a table, and the section of RESULTS.md around it. */

import { GATE, type PeerRun } from '#bench/scenarios/peers.ts';
import type { LimitRow } from '#bench/scenarios/peers-limits.ts';
import { latenciesOf, spreadOf } from '#bench/statistics.ts';

const COLUMNS = [
  'door',
  'peer',
  'runs',
  'accepted/s median (low–high)',
  'gate ÷ peer (low–high)',
  'p50 ms',
  'p99 ms',
  'server CPU',
  'generator CPU',
  'refused',
  'lost or doubled',
];

/** A peer that was not measured, and why. */
export interface Omission {
  readonly peer: string;
  readonly reason: string;
}

export interface PeerFigures {
  readonly runs: readonly PeerRun[];
  readonly omissions: readonly Omission[];
  readonly limits: readonly LimitRow[];
}

const percent = (share: number) =>
  Number.isNaN(share) ? 'unknown' : `${Math.round(share * 100)} %`;
const whole = (value: number) => Math.round(value).toLocaleString('en');

/** A Markdown table whose columns are aligned, so that it reads in a terminal too. */
function markdown(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, at) => Math.max(...rows.map((cells) => cells[at]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  const [head, ...body] = rows.map(line);
  return [head, `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...body].join('\n');
}

/** The gate's rate over the peer's, turn by turn: both ran within the same minute. */
function ratios(gate: readonly PeerRun[], peer: readonly PeerRun[]): string {
  const { median, low, high } = spreadOf(
    peer.map((run, turn) => {
      const beside = gate[turn]?.result.ratePerSecond ?? Number.NaN;
      return beside / run.result.ratePerSecond;
    }),
  );
  return `${median.toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)})`;
}

function row(runs: readonly PeerRun[], gate: readonly PeerRun[]): string[] {
  const { peer, shape, door } = runs[0]!;
  const of = (read: (run: PeerRun) => number) => spreadOf(runs.map(read));
  const rate = of((run) => run.result.ratePerSecond);
  const ms = (name: 'p50' | 'p99') =>
    of((run) => latenciesOf(run.result.latenciesMs)[name]).median.toFixed(1);
  const refused = runs.flatMap(({ result }) => Object.values(result.refusals));
  return [
    `${door}, ${shape.connections} × ${shape.inFlight}`,
    peer,
    String(runs.length),
    `${whole(rate.median)} (${whole(rate.low)}–${whole(rate.high)})`,
    peer === GATE ? '1' : ratios(gate, runs),
    ...[ms('p50'), ms('p99')],
    percent(of((run) => run.serverCpuShare).median),
    percent(of((run) => run.result.cpuShare).median),
    String(refused.reduce((sum, count) => sum + count, 0)),
    String(runs.reduce((sum, run) => sum + run.violations.length, 0)),
  ];
}

function rowsOf(runs: readonly PeerRun[]): string[][] {
  const groups = Map.groupBy(runs, ({ door, peer }) => `${door} ${peer}`);
  return [...groups.values()].map((group) => {
    const gate = groups.get(`${group[0]!.door} ${GATE}`) ?? [];
    return row(group, gate);
  });
}

/** All rows, those not done last, and the limits below. */
export function peersTable({ runs, omissions, limits }: PeerFigures): string {
  const missing = omissions.map(({ peer, reason }) => {
    const cells = ['', peer, '0', `not done: ${reason}`];
    return [...cells, ...COLUMNS.slice(cells.length).map(() => '')];
  });
  const rows = limits.map(({ what, ratePerSecond, p50Ms, p99Ms }) => [
    what,
    `${whole(ratePerSecond.median)} (${whole(ratePerSecond.low)}–${whole(ratePerSecond.high)})`,
    p50Ms.toFixed(2),
    p99Ms.toFixed(2),
  ]);
  const limitHead = ['limit, no sockets', 'entries/s median (low–high)', 'p50 ms', 'p99 ms'];
  const tables = [markdown([COLUMNS, ...rowsOf(runs), ...missing])];
  if (rows.length > 0) tables.push(markdown([limitHead, ...rows]));
  return tables.join('\n\n');
}

/** The section of RESULTS.md. */
export function peersSection(figures: PeerFigures, options: { machine: string; day: string }) {
  return `## Peers

Made by \`npm run bench -- --peers --write\` on ${options.day}.

${options.machine}

${peersTable(figures)}

Each peer does the gate's work: takes the submission, checks the passbook (Ed25519, once), refuses
outside the window, gives a number, has it on disk before it answers, and answers with the members
of \`accepted\`. Otherwise it does less than the gate: no turns, no limits by account, no Merkle
log.

Runs of gate and peers alternate on one machine that generator, servers and stores share. A ratio
is the median of the turns, each the gate's rate over the peer's of the same turn, behind the same
door and from the same generator. HTTP is autocannon, one submission a request on keep-alive
connections, each with its passbook in the headers; WebSocket is the swarm. Server CPU is that of
the program that answers, without its store's processes. Where the generator's CPU is near 100 %
the server can do more than its row says, and the ratio is too small for the faster one. A run
counts when every acknowledgement is in the store afterwards with its number and stamp and no
number is there twice.

Durability: the file with fdatasync a batch; Redis \`appendonly yes\`, \`appendfsync always\`;
PostgreSQL \`fsync=on\`, \`synchronous_commit=on\`, \`full_page_writes=on\`; JetStream
\`sync_interval: always\`.
`;
}
