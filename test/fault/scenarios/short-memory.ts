/**
 * Newcomers eat the gate's memory: each sends nearly all of a large frame and never its end. Beyond
 * the gate's limit no more are let in (503), those that are there go on and are acknowledged,
 * `/health` says so, and when the newcomers are gone others are served. Some way above the limit
 * stands a wall of the kernel (RLIMIT_DATA): a gate that let everybody in would die at it. And its
 * heap cannot grow in one piece, as happens to some gates by themselves, when V8 lays its
 * code right behind it: memory that is freed there comes back to nobody.
 */
import { readFileSync } from 'node:fs';
import type { GateAlone } from '#test/fault/stage/gate-alone.ts';
import { finished } from '#test/fault/stage/load-client.ts';
import { frameOf, OPCODE, RawClient } from '#test/fault/stage/raw-client.ts';
import { type Outcome, type Play, type Scenario, summed } from '#test/fault/stage/scenario.ts';
import { FAR_MS, Siege } from '#test/fault/stage/siege.ts';
import { PATIENCE_MS } from '#test/support/patience.ts';
import { eventually } from '#test/support/processes.ts';

const MEBIBYTE = 1024 * 1024;
/** Above what an idle gate holds; under this load it takes some 130 itself. */
const ROOM_MIB = 320;
const WALL_MIB = ROOM_MIB + 384;
const BATCH = 20;
/** The kernel then answers that the heap ends where it did (brk(2)); the program is loaded. */
const HEAP_GROWS_TIMES = 30;
/** Together far more than the wall. */
const NEWCOMERS_MAX = 1_200;
const FRAME_BYTES = 1_000_000;
const UNSENT_BYTES = 1_000;
const UNFINISHED = frameOf({ opcode: OPCODE.text, payload: Buffer.alloc(FRAME_BYTES, 120) });

interface Health {
  readonly status: string;
  readonly alarm: boolean;
  readonly memory: { readonly heldBytes: number; readonly isShort: boolean };
}

async function healthOf(gate: GateAlone): Promise<Health> {
  return (await (await fetch(`http://127.0.0.1:${gate.port}/health`)).json()) as Health;
}

/** A line of /proc/PID/status, in MiB. */
function mebibytes(pid: number, name: 'RssAnon' | 'VmData'): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Math.ceil(Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) / 1024);
}

/** Words that run a program whose heap soon cannot grow in one piece. */
function belowStuckHeap(): string[] {
  const refusing = `inject=brk:retval=0:when=${HEAP_GROWS_TIMES}+`;
  const tracing = ['-f', '-qq', '--seccomp-bpf', '-o', '/dev/null', '-e', 'trace=brk'];
  return ['strace', ...tracing, '-e', refusing];
}

/** What a gate takes that does nothing, on a ledger of this stage. */
async function idle(siege: Siege): Promise<{ heldMib: number; dataMib: number }> {
  const gate = await siege.gate({ isLoaded: false });
  const taken = {
    heldMib: mebibytes(gate.pid, 'RssAnon'),
    dataMib: mebibytes(gate.pid, 'VmData'),
  };
  await gate.stop();
  return taken;
}

/** Lets newcomers in, twenty at a time, until the first is refused; says with which words. */
async function crowd(gate: GateAlone, inside: RawClient[]): Promise<string> {
  while (inside.length < NEWCOMERS_MAX) {
    const batch = Array.from({ length: BATCH }, () => RawClient.open(gate.port));
    const results = await Promise.allSettled(batch);
    for (const result of results) {
      if (result.status === 'rejected') continue;
      inside.push(result.value);
      const { socket } = result.value;
      socket.write(UNFINISHED.subarray(0, UNFINISHED.length - UNSENT_BYTES));
    }
    const refused = results.find(({ status }) => status === 'rejected');
    if (refused?.status === 'rejected') return (refused.reason as Error).message;
    await eventually('all is sent', PATIENCE_MS, () =>
      inside.every(({ socket }) => socket.writableLength === 0 || socket.destroyed),
    );
  }
  return 'nobody was refused';
}

async function crowded(siege: Siege, gate: GateAlone): Promise<Partial<Outcome>> {
  const failures: string[] = [];
  const inside: RawClient[] = [];
  const refusal = await crowd(gate, inside);
  if (!refusal.startsWith('HTTP/1.1 503')) failures.push(`newcomers met: ${refusal}`);
  const { status, alarm, memory } = await healthOf(gate);
  if (status !== 'ok' || !alarm || !memory.isShort) {
    failures.push(`/health says ${JSON.stringify({ status, alarm, memory })}`);
  }
  await siege.acknowledged(200, gate);
  for (const { socket } of inside) socket.destroy();
  const startMs = performance.now();
  let fresh: RawClient | undefined;
  await eventually('a newcomer is served', PATIENCE_MS, async () => {
    fresh = await RawClient.open(gate.port).catch(() => undefined);
    return fresh !== undefined;
  });
  fresh?.socket.destroy();
  const servingAgainMs = [Math.round(performance.now() - startMs)];
  const heldMib = Math.round(memory.heldBytes / MEBIBYTE);
  const notes = [`${inside.length} newcomers inside when ${heldMib} MiB were held`];
  return { rounds: 1, servingAgainMs, failures, notes };
}

async function play(play: Play): Promise<Outcome> {
  const rounds = play.rounds ?? (play.isBrief ? 1 : 5);
  const siege = new Siege(play, { accounts: 8, applications: 10_000 * rounds, opensInMs: FAR_MS });
  const { heldMib, dataMib } = await idle(siege);
  const gate = await siege.gate({
    below: [...belowStuckHeap(), 'prlimit', `--data=${(dataMib + WALL_MIB) * MEBIBYTE}`],
    environment: { CLICKDAY_MEMORY_MAX: String(heldMib + ROOM_MIB) },
  });
  siege.openIn(0);
  const parts: Partial<Outcome>[] = [];
  for (let round = 0; round < rounds; round += 1) {
    await siege.acknowledged(50, gate);
    parts.push(await crowded(siege, gate));
  }
  const failures: string[] = [];
  if (siege.clients.some(({ connections }) => connections !== 1)) failures.push('a line was cut');
  if (gate.hasEnded()) failures.push(`the gate ended: ${gate.said().slice(-300)}`);
  const outcome = await siege.end();
  await finished(siege.clients);
  await gate.stop();
  return summed([outcome, ...parts, { failures }]);
}

export const shortMemory: Scenario = {
  name: 'short-memory',
  title: 'newcomers eat the memory of the gate',
  play,
};
