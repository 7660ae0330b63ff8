/**
 * A mini-client in a network namespace of its own, whose only ways to the gates are lines that a
 * test makes slow, uneven, lossy, damaging, out of order, or cuts (network-line.ts).
 *
 *   namespace of the client            │            the first namespace
 *   mini-client ── 198.18.1.1 ═══ line 1 ═══ 198.18.1.2 ── gate g1
 *               └─ 198.18.2.1 ═══ line 2 ═══ 198.18.2.2 ── gate g2
 *
 * Needs root and a kernel with veth and sch_netem.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { startSystem } from '#bench/system.ts';
import { openLine, type TestLine } from '#test/mini-client/network-line.ts';
import { childOfRole } from '#test/support/processes.ts';
import type { Scope } from '#test/support/scope.ts';

export interface NetworkStage {
  /** Words before a command that is to run where the client is. */
  readonly inside: readonly string[];
  line(number: number): TestLine;
  /** Starts a gate at the far end of a line; gives its address for submissions and its id. */
  startGate(data: string, line: number): Promise<{ url: string; id: string }>;
  /** SIGKILL to a gate's process; its supervisor starts it again. */
  killGate(line: number): void;
  /** What the kernel's TCP saw on both sides since the stage was opened. */
  seen(): Seen;
}

export interface Seen {
  /** Segments thrown away because their checksum was wrong. */
  readonly damaged: number;
  /** Segments that had come before. */
  readonly doubled: number;
}

const CLOCK = { CLICKDAY_NTP_SERVERS: '', CLICKDAY_CLOCK_BOUND_MS: '1' };
/** The same after a restart; the address is the line's own. */
const PORT = 7700;
/** Rows of /proc/net that are read, with the names of netstat(8). */
const COUNTERS = { damaged: ['InCsumErrors'], doubled: ['TCPDSACKOldSent', 'TCPDSACKOfoSent'] };

/** Why this machine's kernel cannot play; undefined when it can. */
export function lackOfNetem(): string | undefined {
  const { status, stderr, error } = spawnSync('sh', ['-c', PROBE], { encoding: 'utf8' });
  return status === 0 ? undefined : (error?.message ?? stderr).trim();
}

const NAME = `clickday-${process.pid}`;
const PROBE = `ip netns add ${NAME} && {
  tc -n ${NAME} qdisc replace dev lo root netem delay 1ms; status=$?
  ip netns del ${NAME}; exit $status; }`;

/** Builds the stage; all of it is gone when the scope ends. */
export function openNetworkStage(scope: Scope, lineCount: number): NetworkStage {
  ip('netns', 'add', NAME);
  scope.onEnd(() => ip('netns', 'del', NAME));
  const lines = Array.from({ length: lineCount }, (_, at) =>
    openLine(scope, { namespace: NAME, number: at + 1 }),
  );
  const supervisors = new Map<number, number>();
  const inside = ['ip', 'netns', 'exec', NAME];
  const line = (number: number) => lines[number - 1]!;
  const counters = () => {
    const there = execFileSync('ip', [...inside.slice(1), 'cat', ...TABLES], { encoding: 'utf8' });
    const here = TABLES.map((path) => readFileSync(path, 'utf8')).join('');
    return { damaged: summed(here + there, 'damaged'), doubled: summed(here + there, 'doubled') };
  };
  const before = counters();
  return {
    ...{ inside, line },
    startGate: async (data, number) => {
      const id = `g${number}`;
      const words = ['--data', data, '--roles', 'gate', '--gate-id', id, '--log-level', 'warn'];
      const system = await startSystem([...words, '--gate', `${line(number).host}:${PORT}`], CLOCK);
      scope.onEnd(() => system.stop());
      supervisors.set(number, system.pid);
      return { url: `${system.gate}/v1/submissions`, id };
    },
    killGate: (number) => {
      const pid = childOfRole(supervisors.get(number)!, 'gate');
      if (pid === undefined) throw new Error(`gate g${number} has no process to kill`);
      process.kill(pid, 'SIGKILL');
    },
    seen: () => {
      const now = counters();
      return { damaged: now.damaged - before.damaged, doubled: now.doubled - before.doubled };
    },
  };
}

const TABLES = ['/proc/net/snmp', '/proc/net/netstat'];

/** Sum of some columns of the kernel's tables, in which a row of names precedes one of numbers. */
function summed(tables: string, what: keyof typeof COUNTERS): number {
  let sum = 0;
  let names: readonly string[] = [];
  for (const row of tables.split('\n').map((text) => text.split(' '))) {
    if (Number.isNaN(Number(row[1]))) names = row;
    else for (const name of COUNTERS[what]) sum += Number(row[names.indexOf(name)] ?? 0);
  }
  return sum;
}

function ip(...words: readonly string[]): void {
  execFileSync('ip', words);
}
