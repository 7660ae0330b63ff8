/**
 * The checks that need no test: format and lint, the types of the engine, of the web
 * application and of the page of the mini-client. Each is a program of its own; warnings fail as
 * errors do. Two run at a time, since the smallest supported machine has two processors; what one
 * says is shown when it has ended, so that nothing is mixed.
 *
 * `npm run check` runs these and the tidy tests and nothing else.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

interface Check {
  readonly name: string;
  readonly words: readonly string[];
}

const LANES = 2;

/** A log that a machine keeps is plain. */
const COLORS = process.stderr.isTTY ? [] : ['--colors=off'];

const svelteCheck = (folder: string) => [
  'node_modules/svelte-check/bin/svelte-check',
  ...['--workspace', folder, '--tsconfig', './tsconfig.json', '--fail-on-warnings'],
  ...['--output', 'human-verbose'],
];

const CHECKS: readonly Check[] = [
  {
    name: 'format and lint',
    words: ['node_modules/@biomejs/biome/bin/biome', 'ci', '--error-on-warnings', ...COLORS, '.'],
  },
  { name: 'types', words: ['node_modules/ts7/lib/tsc.js', '--noEmit', '-p', 'tsconfig.json'] },
  { name: 'types of the web application', words: svelteCheck('admin-ui') },
  { name: 'types of the page of the mini-client', words: svelteCheck('mini-client/ui') },
];

const TIDY: Check = {
  name: 'tidy',
  words: ['node_modules/vitest/vitest.mjs', 'run', 'test/tidy'],
};

/** Resolves with whether it found nothing, after showing what it said. */
function succeeds({ name, words }: Check): Promise<boolean> {
  const child = spawn(process.execPath, [...words], { stdio: ['ignore', 'pipe', 'pipe'] });
  const said: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => said.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => {
      process.stderr.write(`test: ${name}\n`);
      process.stderr.write(Buffer.concat(said));
      resolve(status === 0);
    });
  });
}

/** Runs every check, whatever the others said, and returns the names of those that failed. */
export async function failedChecks(checks: readonly Check[] = CHECKS): Promise<string[]> {
  const waiting = [...checks];
  const failed: string[] = [];
  const lane = async () => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      if (!(await succeeds(check))) failed.push(check.name);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return failed;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const failed = await failedChecks([...CHECKS, TIDY]);
  process.stdout.write(failed.length === 0 ? 'all checks passed\n' : `FAILED: ${failed}\n`);
  process.exitCode = failed.length === 0 ? 0 : 1;
}
