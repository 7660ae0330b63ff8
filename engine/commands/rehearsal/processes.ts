/** Mini-clients as their users run them: processes of their own, told by their lines of JSON. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const MINI_CLIENT = fileURLToPath(new URL('../../../mini-client/program.ts', import.meta.url));

/** A line of `--json`; members by `event`. */
export interface ClientEvent {
  readonly event: string;
  readonly [member: string]: unknown;
}

export interface ClientProcess {
  /** Exit status and what it said for people; never rejects. */
  readonly ended: Promise<{ code: number; said: string }>;
  kill(): void;
}

const SAID_CHARACTERS_MAX = 4000;

/** Starts the mini-client with `words`; `input` goes to its standard input. */
export function startMiniClient(
  words: readonly string[],
  options: { onEvent?: (event: ClientEvent) => void; input?: string } = {},
): ClientProcess {
  const child: ChildProcess = spawn(process.execPath, [MINI_CLIENT, ...words, '--json'], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr?.on('data', (text: Buffer) => {
    said = (said + text.toString('utf8')).slice(-SAID_CHARACTERS_MAX);
  });
  child.stdin?.end(options.input ?? '');
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  lines.on('line', (line) => options.onEvent?.(JSON.parse(line) as ClientEvent));
  const ended = new Promise<{ code: number; said: string }>((resolve) => {
    let code = 1;
    child.on('exit', (status) => {
      code = status ?? 1;
    });
    child.on('close', () => resolve({ code, said }));
  });
  return { ended, kill: () => child.kill('SIGKILL') };
}
