/**
 * `npm run bench`: plays the scenarios of bench/registry.ts, prints one table of what, target and
 * figure, and with `--write` keeps it (results-page.ts).
 *
 * Exit status 1 when a figure of correctness is missed, a negative control is not caught, or a
 * scenario ended with an error; then the table means nothing. A target of speed that is missed is
 * told and nothing more.
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Figure, isCorrect, noneOf, notDoneFigure } from '#bench/figures.ts';
import { machineLine } from '#bench/machine.ts';
import { NotDone } from '#bench/peers/store-server.ts';
import { drawCharts, writeCharts } from '#bench/plots/charts.ts';
import { NOT_DAILY, SCENARIOS } from '#bench/registry.ts';
import { figuresTable, rowOf } from '#bench/report.ts';
import {
  RESULTS,
  readResults,
  resultOf,
  resultsPage,
  writePage,
  writeResult,
} from '#bench/results-page.ts';
import { type Outcome, type Play, type Scenario, select } from '#bench/scenario.ts';

const say = (text: string) => process.stderr.write(`bench: ${text}\n`);

const OPTIONS = {
  quick: { type: 'boolean', default: false },
  only: { type: 'string', default: '' },
  runs: { type: 'string' },
  write: { type: 'boolean', default: false },
  all: { type: 'boolean', default: false },
  render: { type: 'boolean', default: false },
  directory: { type: 'string', default: tmpdir() },
  help: { type: 'boolean', default: false },
} as const;

function help(): string {
  const groups = Map.groupBy(SCENARIOS, ({ group }) => group);
  const list = [...groups].flatMap(([group, members]) => [
    `  ${group}`,
    ...members.map(({ name, title }) => `    ${name.padEnd(16)}${title}`),
  ]);
  return `npm run bench -- [--quick] [--only NAME[,NAME]] [--runs N] [--write] [--all]

  --quick      the gate's scenarios at small scale, in a minute and a half; installs nothing; its
               figures of speed mean little, and its programs are built once, as for the tests.
               Portal and receipts too: --quick --only portal
  --only       these scenarios or groups of them, see below
  --runs N     runs of each server instead of the scenario's own number
  --write      keeps bench/results/NAME.json and renews bench/RESULTS.md and its charts
  --all        prints also what has no target
  --render     measures nothing: page and charts anew from what was kept
  --directory  where data lies while measuring (the system's directory for temporary files): a
               disk in memory would flatter the gate

Scenarios, in groups:
${list.join('\n')}
`;
}

/** Plays one scenario; an error becomes a figure that fails the run, so that the others go on. */
async function played(scenario: Scenario, play: Play): Promise<Outcome> {
  try {
    return await scenario.measure(play);
  } catch (cause) {
    if (cause instanceof NotDone) {
      return { figures: [notDoneFigure(scenario.title, '', cause.message)] };
    }
    say(`${scenario.name} FAILED: ${cause instanceof Error ? cause.stack : cause}`);
    return { figures: [noneOf(`${scenario.title}: ended with an error`, [1])] };
  }
}

interface Wishes {
  readonly play: Play;
  readonly isWritten: boolean;
}

/** Plays all of them one after the other and keeps what is to be kept, each when it is through. */
async function playAll(scenarios: readonly Scenario[], wishes: Wishes): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const scenario of scenarios) {
    say(`${scenario.name}: ${scenario.title}`);
    const machine = `${machineLine(tmpdir())} · load average before ${loadavg()[0]!.toFixed(1)}`;
    const startMs = performance.now();
    const outcome = await played(scenario, wishes.play);
    figures.push(...outcome.figures);
    const seconds = (performance.now() - startMs) / 1_000;
    say(`${scenario.name}: ${seconds.toFixed(0)} s`);
    if (!wishes.isWritten) continue;
    const day = new Date().toISOString().slice(0, 10);
    writeResult(resultOf(scenario.name, outcome, { day, machine, seconds }));
    writeAll();
  }
  return figures;
}

/** The page and its charts from all kept results. */
function writeAll(): void {
  const results = readResults(SCENARIOS);
  const charts = drawCharts(results.flatMap(({ curves }) => curves));
  writeCharts(RESULTS, charts);
  writePage(resultsPage(SCENARIOS, results, charts));
}

/** PostgreSQL runs as a user of its own and must reach its folder below this one. */
const PASSABLE = 0o711;

/** Everything that is measured lies below one new directory, which is removed at the end. */
async function inOneDirectory<T>(parent: string, work: () => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(parent, 'clickday-bench-'));
  chmodSync(directory, PASSABLE);
  process.env.TMPDIR = directory;
  try {
    return await work();
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/**
 * A gate is started some thirty times, and loading it from its sources takes most of each start:
 * built once, as for the tests, it serves in half the time. Controls start from the sources.
 */
async function withBuiltPrograms<T>(work: () => Promise<T>): Promise<T> {
  const programs = await import('#test/support/programs.ts');
  await programs.setup();
  try {
    return await work();
  } finally {
    programs.teardown();
  }
}

function refuse(why: string): number {
  say(`${why}; see npm run bench -- --help`);
  return 2;
}

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'];

/** Measures what is asked for and prints the table; the exit status. */
async function measure(values: Values, chosen: readonly Scenario[]): Promise<number> {
  const runs = values.runs === undefined ? undefined : Number(values.runs);
  const play = { isQuick: values.quick, runs, say };
  const startMs = performance.now();
  const playThem = () =>
    inOneDirectory(values.directory, async () => {
      say(machineLine(tmpdir()));
      return playAll(chosen, { play, isWritten: values.write });
    });
  const figures = await (values.quick ? withBuiltPrograms(playThem) : playThem());
  say(`all in ${((performance.now() - startMs) / 1_000).toFixed(0)} s`);
  const rows = figures.map(rowOf).filter(({ isJudged }) => isJudged || values.all);
  process.stdout.write(`${figuresTable(rows)}\n`);
  return isCorrect(figures) ? 0 : 1;
}

function main(): number | Promise<number> {
  const { values } = parseArgs({ options: OPTIONS });
  if (values.help) process.stdout.write(help());
  if (values.render) writeAll();
  if (values.help || values.render) return 0;
  const { chosen, unknown } = select(
    SCENARIOS,
    values.only.split(',').filter(Boolean),
    values.quick ? NOT_DAILY : undefined,
  );
  if (unknown.length > 0) return refuse(`there is no scenario ${unknown.join(', ')}`);
  if (values.quick && values.write) return refuse('figures of --quick are not worth keeping');
  if (!/^[1-9]\d*$/.test(values.runs ?? '1')) return refuse('--runs takes a number from 1 on');
  return measure(values, chosen);
}

try {
  process.exitCode = await main();
} catch (cause) {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (!code?.startsWith('ERR_PARSE_ARGS_')) throw cause;
  process.exitCode = refuse(message);
}
