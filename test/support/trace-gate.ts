/**
 * A real gate whose system calls are written down by strace, and may be made to fail by it.
 *
 * strace passes on the gate's channel to its parent, so the gate says when it serves and ends when
 * the channel is cut, as under its supervisor. That one is left out: it would start the gate again.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFailed, onTestFinished } from 'vitest';
import { ROOT } from '#bench/system.ts';
import { parseTrace, type SystemCall } from '#test/support/trace.ts';

export interface TracedGate {
  /** Of WebSocket submissions. */
  readonly url: string;
  /** The store's file, as it is named in the trace. */
  readonly ledger: string;
  /** Resolves with the exit status when the gate ends; null when a signal ended it. */
  readonly ended: Promise<number | null>;
  /** Lets the gate end in peace, and resolves with its exit status. */
  stop(): Promise<number | null>;
  /** What it wrote to standard error so far. */
  said(): string;
  /** All its system calls; after its end. */
  calls(): SystemCall[];
}

export const REAL_GATE = ['engine/main.ts', 'process', 'gate'] as const;

/** Longer than any page or batch of these tests: a cut text would hide an entry. */
const TEXT_BYTES_MAX = 65_536;
const TRACED = 'openat,write,writev,pwrite64,pwritev,fdatasync,fsync,msync,sendto,sendmsg';
const TRACING = ['-f', '-ttt', '-y', '-s', String(TEXT_BYTES_MAX), '-e', `trace=${TRACED}`];

const NEEDS_STRACE =
  'this test needs strace and the right to trace a process: apt-get install strace';

/**
 * Starts `program` (words after `node`) as the gate of the directory `data`; killed when the test
 * is over. `inject` are strace's injections, for instance `fdatasync:error=EIO:when=4`; the count
 * is per thread, so the gate has one thread for its commits.
 */
export async function tracedGate(options: {
  data: string;
  program?: readonly string[];
  inject?: readonly string[];
}): Promise<TracedGate> {
  const { data, program = REAL_GATE, inject = [] } = options;
  const file = join(data, '..', 'trace');
  const injections = inject.flatMap((one) => ['-e', `inject=${one}`]);
  const node = [process.execPath, '--disable-warning=ExperimentalWarning', ...program];
  const child = spawn('strace', [...TRACING, ...injections, '-o', file, ...node], {
    cwd: ROOT,
    env: environmentOf(data),
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    detached: true,
  });
  const said = heard(child);
  const ended = endOf(child);
  onTestFinished(() => endGroup(child));
  const port = await Promise.race([portOf(child), ended.then((code) => refuse(code, said()))]);
  const stop = () => {
    if (child.connected) child.disconnect();
    return ended;
  };
  return {
    url: `ws://127.0.0.1:${port}/v1/submissions`,
    ledger: join(data, 'gates/g1/ledger/data.mdb'),
    ended,
    stop,
    said,
    calls: () => parseTrace(readFileSync(file, 'latin1')),
  };
}

function environmentOf(data: string): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([key]) => !key.startsWith('CLICKDAY_'));
  return {
    ...Object.fromEntries(inherited),
    CLICKDAY_DATA: data,
    CLICKDAY_GATE: '127.0.0.1:0',
    CLICKDAY_NTP_SERVERS: '',
    UV_THREADPOOL_SIZE: '1',
  };
}

/** What it says on standard error, shown when the test failed. */
function heard(child: ChildProcess): () => string {
  const chunks: Buffer[] = [];
  const said = () => Buffer.concat(chunks).toString('utf8');
  child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk));
  onTestFailed(() => {
    process.stderr.write(said());
  });
  return said;
}

/** Its exit status, once all it said was heard ('close' never comes when the channel was cut). */
async function endOf(child: ChildProcess): Promise<number | null> {
  const silent = new Promise((resolve) => child.stderr?.once('close', resolve));
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', () => reject(new Error(NEEDS_STRACE)));
    child.once('exit', resolve);
  });
  await silent;
  return status;
}

function portOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    child.on('message', (message: { ready?: { port: number } }) => {
      if (message.ready !== undefined) resolve(message.ready.port);
    });
  });
}

function refuse(code: number | null, said: string): never {
  const hint = said.includes('strace:') ? `${NEEDS_STRACE}\n` : '';
  throw new Error(`${hint}the gate ended with ${code} before it served:\n${said}`);
}

/** strace and the gate are a group of their own: neither outlives the test. */
function endGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  process.kill(-child.pid, 'SIGKILL');
}
