/** A real witness in a process of its own, gone when the test is over. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import { ROOT } from '#bench/system.ts';

export interface RunningWitness {
  readonly url: string;
  /** Its verifier key. */
  readonly key: string;
  /** What its logs are told: `CLICKDAY_WITNESSES`. */
  readonly address: string;
  health(): Promise<{ logs: { origin: string; size: number | null; isContradicted: boolean }[] }>;
  kill(signal?: NodeJS.Signals): Promise<number | null>;
}

/** `port`: 0 picks one. Rejects with what it says when it does not start. */
export async function runningWitness(options: {
  data: string;
  logs: readonly string[];
  port?: number;
}): Promise<RunningWitness> {
  const logs = options.logs.flatMap((key) => ['--log', key]);
  const listen = ['--listen', `127.0.0.1:${options.port ?? 0}`];
  const words = ['witness', '--data', options.data, ...listen, ...logs, '--json'];
  const program = ['--disable-warning=ExperimentalWarning', 'engine/main.ts', ...words];
  const child = spawn(process.execPath, program, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const kill = (signal: NodeJS.Signals = 'SIGTERM') => {
    child.kill(signal);
    return ended;
  };
  onTestFinished(async () => {
    await kill('SIGKILL');
  });
  const { witness: url, key } = await readyLine(child);
  return {
    ...{ url, key, address: `${key}@${url}`, kill },
    health: async () => (await (await fetch(`${url}/health`)).json()) as never,
  };
}

function readyLine(child: ChildProcess): Promise<{ witness: string; key: string }> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr!.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
    });
    child.once('close', (code) => reject(new Error(`the witness ended with ${code}:\n${said}`)));
    createInterface({ input: child.stdout! }).once('line', (line) => resolve(JSON.parse(line)));
  });
}
