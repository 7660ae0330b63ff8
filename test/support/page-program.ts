/** The mini-client with its local page, as a process of its own, for tests. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { onTestFailed, onTestFinished } from 'vitest';
import { ROOT } from '#bench/system.ts';

const PROGRAM = ['--disable-warning=ExperimentalWarning', 'mini-client/program.ts'];

export interface PageProcess {
  /** Opens the page once: `http://127.0.0.1:PORT/#token`. */
  readonly address: string;
  readonly origin: string;
  readonly pid: number;
  /** Resolves with the exit status. */
  readonly ended: Promise<number | null>;
  /** As a power cut would. */
  kill(): Promise<number | null>;
}

/** Starts it on a directory and resolves when it has said an address; killed after the test. */
export async function startPage(
  directory: string,
  words: readonly string[] = [],
): Promise<PageProcess> {
  const all = [...PROGRAM, 'page', '--no-open', '--json', '--directory', directory, ...words];
  const child = spawn(process.execPath, all, {
    cwd: ROOT,
    env: { ...process.env, LANG: 'it_IT' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString('utf8');
  });
  onTestFailed(() => void process.stderr.write(said));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const kill = () => {
    child.kill('SIGKILL');
    return ended;
  };
  onTestFinished(async () => void (await kill()));
  for await (const line of createInterface({ input: child.stdout })) {
    const told = JSON.parse(line) as { event: string; address: string };
    if (told.event !== 'page') continue;
    const { address } = told;
    return { address, origin: new URL(address).origin, pid: child.pid ?? 0, ended, kill };
  }
  throw new Error('the page program ended without an address');
}
