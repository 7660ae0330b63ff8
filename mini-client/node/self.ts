/**
 * This program once more, as a process of its own: for work that takes much memory for a moment,
 * which a process gives back whole when it ends and a heap that has grown does not.
 */
import { spawn } from 'node:child_process';
import { isSea } from 'node:sea';

const RUN_MS_MAX = 120_000;

/**
 * Runs a command line of this program to its end and gives what it told on standard output. Rejects
 * when it cannot be started, ends by a signal or takes longer than two minutes.
 */
export type RunSelf = (words: readonly string[]) => Promise<string>;

export const runSelf: RunSelf = (words) =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...ownWords(), ...words], {
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: RUN_MS_MAX,
      windowsHide: true,
    });
    const told: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => told.push(chunk));
    child.once('error', reject);
    child.once('close', (status, signal) => {
      if (status === null) reject(new Error(`${words[0]} was ended by ${signal}`));
      else resolve(Buffer.concat(told).toString('utf8'));
    });
  });

/** What stands before a command: nothing in the executable, Node's flags and the file else. */
function ownWords(): readonly string[] {
  return isSea() ? [] : [...process.execArgv, process.argv[1] ?? ''];
}
