/**
 * A mini-client in a network namespace of its own, whose only ways to the gates are lines that a
 * test makes slow, uneven, lossy, out of order, or cuts. Packets are real and TCP is the kernel's;
 * only what happens between the two ends of a line is ours (line/main.go).
 *
 *   namespace of the client            │            this machine's
 *   mini-client ── 198.18.1.1 ═══ line 1 ═══ 198.18.1.2 ── gate g1
 *               └─ 198.18.2.1 ═══ line 2 ═══ 198.18.2.2 ── gate g2
 *
 * Needs root, iproute2, Go and /dev/net/tun.
 */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { startSystem } from '#bench/system.ts';
import type { Scope } from '#test/support/scope.ts';

/** What a way does with packets from now on; shares from 0 to 1. */
export interface WayState {
  readonly delayMs: number;
  readonly jitterMs?: number;
  readonly loss?: number;
  readonly reorder?: number;
}

export interface TestLine {
  /** Address of the gate's end. */
  readonly host: string;
  /** Resolves when packets go that way. `there`: from client to gate. */
  set(state: WayState, way?: 'there' | 'back' | 'both'): Promise<void>;
  /** Nothing gets through any more, and nobody is told. */
  cut(): Promise<void>;
}

export interface NetworkStage {
  /** Words before a command that is to run where the client is. */
  readonly inside: readonly string[];
  line(number: number): TestLine;
  /** Starts a gate at the far end of a line; gives its address for submissions and its id. */
  startGate(data: string, line: number): Promise<{ url: string; id: string }>;
}

const CLOCK = { CLICKDAY_NTP_SERVERS: '', CLICKDAY_CLOCK_BOUND_MS: '1' };
const WAYS = { there: 'a>b', back: 'b>a', both: 'both' } as const;

/** Builds the stage; all of it is gone when the scope ends. */
export async function openNetworkStage(
  scope: Scope,
  options: { readonly seed: number; readonly lines: number },
): Promise<NetworkStage> {
  const namespace = `clickday-${process.pid}`;
  ip('netns', 'add', namespace);
  scope.onEnd(() => ip('netns', 'del', namespace));
  const program = buildLine(scope);
  const lines: TestLine[] = [];
  for (let number = 1; number <= options.lines; number += 1) {
    const seed = String(options.seed * 100 + number);
    lines.push(await openLine(scope, { program, namespace, number, seed }));
  }
  const line = (number: number) => lines[number - 1]!;
  return {
    inside: ['ip', 'netns', 'exec', namespace],
    line,
    startGate: async (data, number) => {
      const id = `g${number}`;
      const words = ['--data', data, '--roles', 'gate', '--gate-id', id, '--log-level', 'warn'];
      const system = await startSystem([...words, '--gate', `${line(number).host}:0`], CLOCK);
      scope.onEnd(() => system.stop());
      return { url: `${system.gate}/v1/submissions`, id };
    },
  };
}

async function openLine(
  scope: Scope,
  options: { program: string; namespace: string; number: number; seed: string },
): Promise<TestLine> {
  const { program, namespace, number, seed } = options;
  const [inner, outer] = [`line${number}`, `cd${process.pid % 100_000}x${number}`];
  const child = spawn(program, [seed, namespace, inner, '', outer], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  scope.onEnd(() => {
    child.stdin.end();
    return ended;
  });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  await answers.next();
  const [near, host] = [`198.18.${number}.1`, `198.18.${number}.2`];
  ip('-n', namespace, 'addr', 'add', `${near}/30`, 'dev', inner);
  ip('-n', namespace, 'link', 'set', inner, 'up');
  ip('addr', 'add', `${host}/30`, 'dev', outer);
  ip('link', 'set', outer, 'up');
  const set: TestLine['set'] = async (state, way = 'both') => {
    const { delayMs, jitterMs = 0, loss = 0, reorder = 0 } = state;
    child.stdin.write(`${WAYS[way]} ${delayMs} ${jitterMs} ${loss} ${reorder}\n`);
    await answers.next();
  };
  return { host, set, cut: () => set({ delayMs: 0, loss: 1 }) };
}

function buildLine(scope: Scope): string {
  const directory = mkdtempSync(join(tmpdir(), 'clickday-line-'));
  scope.onEnd(() => rmSync(directory, { recursive: true, force: true }));
  const program = join(directory, 'line');
  const environment = { ...process.env, GO111MODULE: 'off', GOCACHE: join(directory, 'cache') };
  execFileSync('go', ['build', '-o', program, 'test/mini-client/line/main.go'], {
    env: environment,
  });
  return program;
}

function ip(...words: readonly string[]): void {
  execFileSync('ip', words);
}
