/**
 * The second half of `npm test`, on the pinned Node: builds the web application and the page of the
 * mini-client when they are stale, runs the checks, then every test, and says the result in one
 * plain line.
 *
 * Promises: the figures come from vitest's own result file, never from a guess; a file that could
 * not be loaded, a skipped test and a failed check each count as one failure; nothing executed is
 * a failure. With arguments only the tests they name run, without the checks.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { ensureUiBuilt } from '#engine/ui-build.ts';
import { failedChecks } from '#test/set-up/checks.ts';
import { closingLine, type Outcome, outcomeOf } from '#test/set-up/outcome.ts';

const OUTPUT = 'test/output';
const REPORT = `${OUTPUT}/vitest.json`;
/** Read by .ci/run. */
const RESULT = `${OUTPUT}/result.txt`;

const say = (message: string) => process.stderr.write(`test: ${message}\n`);

async function uiFailures(): Promise<string[]> {
  try {
    await ensureUiBuilt({ log: { info: say } });
    await ensureUiBuilt({ log: { info: say }, folder: 'mini-client/ui' });
    return [];
  } catch (cause) {
    say(String(cause));
    return ['web application'];
  }
}

function runTests(words: readonly string[]): Outcome | undefined {
  rmSync(REPORT, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${REPORT}`];
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', ...reporters, ...words];
  const run = spawnSync(process.execPath, vitest, { stdio: ['ignore', 'inherit', 'inherit'] });
  try {
    return outcomeOf(JSON.parse(readFileSync(REPORT, 'utf8')), run.status);
  } catch (cause) {
    say(`vitest left no result: ${String(cause)}`);
    return undefined;
  }
}

async function main(words: readonly string[]): Promise<number> {
  mkdirSync(OUTPUT, { recursive: true });
  rmSync(RESULT, { force: true });
  const failures = [...(await uiFailures()), ...(words.length === 0 ? await failedChecks() : [])];
  const outcome = runTests(words);
  for (const failure of failures) say(`FAILED: ${failure}`);
  if (outcome === undefined) return 1;
  const closing = closingLine({ ...outcome, failed: outcome.failed + failures.length });
  writeFileSync(RESULT, `${closing}\n`);
  process.stdout.write(`${closing}\n`);
  return outcome.passed > 0 && outcome.failed === 0 && failures.length === 0 ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
