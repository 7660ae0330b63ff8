/**
 * The checks that need no test: format and lint, the types of the engine, of the web
 * application and of the page of the mini-client. Each is a program of its own; warnings fail as
 * errors do.
 *
 * `npm run check` runs these and the tidy tests and nothing else.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

interface Check {
  readonly name: string;
  readonly words: readonly string[];
}

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

function succeeds(check: Check): boolean {
  process.stderr.write(`test: ${check.name}\n`);
  const run = spawnSync(process.execPath, [...check.words], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  return run.status === 0;
}

/** Runs every check, whatever the one before said, and returns the names of those that failed. */
export function failedChecks(checks: readonly Check[] = CHECKS): string[] {
  return checks.filter((check) => !succeeds(check)).map((check) => check.name);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const failed = failedChecks([...CHECKS, TIDY]);
  process.stdout.write(failed.length === 0 ? 'all checks passed\n' : `FAILED: ${failed}\n`);
  process.exitCode = failed.length === 0 ? 0 : 1;
}
