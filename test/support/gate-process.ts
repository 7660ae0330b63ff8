/** Runs `gate-child.ts` as a process of its own. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('gate-child.ts', import.meta.url));

export interface ChildOfTest {
  /** The next line it says; undefined when it has ended. */
  line(): Promise<string | undefined>;
  kill(): Promise<void>;
}

/** Runs it to its end while this process stands still. */
export function runChildOfTest(...words: readonly string[]): void {
  const { status } = spawnSync(process.execPath, ['--no-warnings', PROGRAM, ...words]);
  if (status !== 0) throw new Error(`the child of the test ended with ${status}`);
}

export function childOfTest(...words: readonly string[]): ChildOfTest {
  const child = spawn(process.execPath, ['--no-warnings', PROGRAM, ...words], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    line: async () => (await lines.next()).value,
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
