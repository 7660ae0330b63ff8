/**
 * The real system as other programs see it: its command line, run in processes of its own on the
 * pinned Node. Used by the benchmarks and, through test/support, by the end-to-end tests.
 *
 * Promises: a system that was started is stopped by `stop`, or killed when it does not end in
 * time; what a command wrote is bounded in what is kept of it. Knows nothing of the engine's
 * insides: everything here is in the protocol's chapter on the command line.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));
const MAIN = ['--disable-warning=ExperimentalWarning', 'engine/main.ts'];
/** A first start may build the web application before it serves, on a machine that is busy. */
const READY_MS_MAX = 120_000;
const STOP_MS_MAX = 15_000;
const STDERR_LENGTH_MAX = 64 * 1024;

/** What a command came to. */
export interface CommandResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** One line of the file that `fixture` writes. */
export interface FixtureAccount {
  readonly account: string;
  readonly email: string;
  readonly password: string;
  readonly passbooks: readonly string[];
  readonly applications: readonly string[];
  /** With `--sessions`: what the cookie `clickday` of a browser holds. */
  readonly session?: string;
}

/** The line `start` prints when it serves. */
export interface ReadyLine {
  readonly ready: true;
  readonly portal?: string;
  readonly gate?: string;
  readonly pid: number;
  readonly pids: Readonly<Record<string, number>>;
}

/** A running system. */
export interface RunningSystem extends ReadyLine {
  /** Everything it wrote to standard error so far, the last 64 KiB. */
  stderr(): string;
  /** SIGTERM, and the exit status; SIGKILL and null when it does not end within 15 s. */
  stop(): Promise<number | null>;
}

function environment(extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([key]) => !key.startsWith('CLICKDAY_'));
  return { ...Object.fromEntries(inherited), ...extra };
}

/** Runs `clickday` with the given words to its end. */
export function clickday(
  words: readonly string[],
  extra?: Readonly<Record<string, string>>,
): Promise<CommandResult> {
  const child = spawn(process.execPath, [...MAIN, ...words], {
    cwd: ROOT,
    env: environment(extra),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => {
      const text = (chunks: Buffer[]) => Buffer.concat(chunks).toString('utf8');
      resolve({ status, stdout: text(stdout), stderr: text(stderr) });
    });
  });
}

/** As `clickday`, and rejects with what the command said when it does not exit 0. */
export async function clickdayOk(words: readonly string[]): Promise<string> {
  const result = await clickday(words);
  if (result.status === 0) return result.stdout;
  throw new Error(`clickday ${words.join(' ')} exited ${result.status}:\n${result.stderr}`);
}

/**
 * Starts a system and resolves when it serves. `words` follow `start`, for instance
 * `['--data', dir, '--roles', 'gate', '--gate', '127.0.0.1:0']`.
 */
export async function startSystem(
  words: readonly string[],
  extra?: Readonly<Record<string, string>>,
): Promise<RunningSystem> {
  const child = spawn(process.execPath, [...MAIN, 'start', ...words], {
    cwd: ROOT,
    env: environment(extra),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString('utf8')).slice(-STDERR_LENGTH_MAX);
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  try {
    const ready = await readyLine(child, () => said);
    return { ...ready, stderr: () => said, stop: () => stopped(child, ended) };
  } catch (cause) {
    child.kill('SIGKILL');
    throw cause;
  }
}

function readyLine(child: ChildProcess, said: () => string): Promise<ReadyLine> {
  return new Promise((resolve, reject) => {
    const refuse = (why: string) => reject(new Error(`the system ${why}:\n${said()}`));
    const tooLate = setTimeout(() => refuse('was not ready in time'), READY_MS_MAX);
    child.once('close', (code) => refuse(`ended with ${code} before it was ready`));
    const lines = createInterface({ input: child.stdout! });
    lines.on('line', (line) => {
      if (!line.startsWith('{"ready":true')) return;
      clearTimeout(tooLate);
      resolve(JSON.parse(line) as ReadyLine);
    });
  });
}

async function stopped(child: ChildProcess, ended: Promise<number | null>) {
  const tooLate = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX);
  child.kill('SIGTERM');
  const status = await ended;
  clearTimeout(tooLate);
  return status;
}
