/**
 * A gate process without its supervisor, perhaps below another program (strace) or with a library
 * before the others (libfaketime): what the scenario does to it, nobody mends behind its back.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { ROOT } from '#bench/system.ts';
import { GATE_ENVIRONMENT } from '#engine/commands/gate-environment.ts';
import { childrenOf } from '#test/support/processes.ts';
import type { Scope } from '#test/support/scope.ts';

export interface GateEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface GateAlone {
  /** Of WebSocket submissions. */
  readonly url: string;
  readonly port: number;
  /** Of the gate itself, not of what it runs below. */
  readonly pid: number;
  readonly ended: Promise<GateEnd>;
  hasEnded(): boolean;
  /** Lets it end in peace, as when its supervisor goes. */
  stop(): Promise<GateEnd>;
  /** A signal to the gate itself. */
  signal(name: NodeJS.Signals): void;
  /** What it wrote to standard error so far, the last 256 KiB. */
  said(): string;
}

export interface GateAloneOptions {
  readonly data: string;
  readonly port?: number;
  /** Words before `node`. */
  readonly below?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Words after `node`. */
  readonly program?: readonly string[];
}

export const REAL_GATE = ['engine/main.ts', 'process', 'gate'] as const;
const SAID_LENGTH_MAX = 256 * 1024;

/** The gate ended before it served; `said` is what it gave for a reason. */
export class NotServing extends Error {
  readonly said: string;
  constructor(end: GateEnd, said: string) {
    super(`the gate ended with ${end.code ?? end.signal} before it served:\n${said}`);
    this.said = said;
  }
}

/** Starts it and resolves when it serves; rejects with NotServing when it ends before. */
export async function startGate(scope: Scope, options: GateAloneOptions): Promise<GateAlone> {
  const { data, port = 0, below = [], environment = {}, program = REAL_GATE } = options;
  const words = [...below, process.execPath, '--disable-warning=ExperimentalWarning', ...program];
  const child = spawn(words[0]!, words.slice(1), {
    cwd: ROOT,
    env: { ...environmentOf(data, port), ...environment },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    detached: true,
  });
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString('utf8')).slice(-SAID_LENGTH_MAX);
  });
  const ended = endOf(child);
  scope.onEnd(async () => {
    endGroup(child);
    await ended.catch(() => undefined);
  });
  const bound = await Promise.race([
    portOf(child),
    ended.then((end) => {
      throw new NotServing(end, said);
    }),
  ]);
  const pid = below.length === 0 ? child.pid! : childrenOf(child.pid!)[0]!;
  return {
    url: `ws://127.0.0.1:${bound}/v1/submissions`,
    port: bound,
    pid,
    ended,
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    stop: () => {
      if (child.connected) child.disconnect();
      return ended;
    },
    signal: (name) => void process.kill(pid, name),
    said: () => said,
  };
}

function environmentOf(data: string, port: number): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([key]) => !key.startsWith('CLICKDAY_'));
  return {
    ...Object.fromEntries(inherited),
    CLICKDAY_DATA: data,
    CLICKDAY_GATE: `127.0.0.1:${port}`,
    CLICKDAY_NTP_SERVERS: '',
    ...GATE_ENVIRONMENT,
    UV_THREADPOOL_SIZE: '1',
  };
}

/** Once all it said was heard ('close' never comes when the channel was cut). */
async function endOf(child: ChildProcess): Promise<GateEnd> {
  const silent = new Promise((resolve) => child.stderr?.once('close', resolve));
  const end = await new Promise<GateEnd>((resolve, reject) => {
    child.once('error', (cause) => {
      const program = child.spawnfile;
      reject(new Error(`${program} cannot be run: apt-get install ${program}`, { cause }));
    });
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  await silent;
  return end;
}

function portOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    child.on('message', (message: { ready?: { port: number } }) => {
      if (message.ready !== undefined) resolve(message.ready.port);
    });
  });
}

/** It and what it runs below are a group of their own. */
function endGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
