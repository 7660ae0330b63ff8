/**
 * `npm run bench [-- --quick] [-- --write] [-- --runs N]`: durable submissions a second beside a
 * bare echo, in interleaved runs on one machine.
 *
 * Exit status 0 only when every run counts (see check.ts); the table is printed in any case.
 * `--quick` is one small run of each, to see that the benchmark works: its figures mean nothing.
 * `--peers` compares with other stores instead (scenarios/peers.ts). `--write` replaces
 * bench/RESULTS.md, with `--peers` that section only. `--echo-only` needs no gate. `--directory`
 * is where the data lies, by default the system's directory for temporary files: a disk in memory
 * would flatter the gate. `--fairness` plays the scenarios of bench/fairness instead, `--runs` of
 * each (30 unless said); with `--full` 50 bulk senders of 5,000 against 5,000 singles.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runFairness } from '#bench/fairness/main.ts';
import { machineLine } from '#bench/machine.ts';
import { resultsPage, tableOf } from '#bench/report.ts';
import { writeFront } from '#bench/results-page.ts';
import { comparePeers } from '#bench/scenarios/peers-suite.ts';
import {
  makeFixture,
  type Run,
  runEcho,
  runGate,
  type Shape,
} from '#bench/scenarios/submissions.ts';
import type { FixtureAccount } from '#bench/system.ts';

const FULL: readonly Shape[] = [
  { connections: 2_000, inFlight: 1, applications: 60_000 },
  { connections: 400, inFlight: 4, applications: 60_000 },
];
const QUICK: readonly Shape[] = [{ connections: 200, inFlight: 1, applications: 2_000 }];
const RUNS_DEFAULT = 5;

const say = (text: string) => process.stderr.write(`bench: ${text}\n`);

/** Accounts that exist nowhere but hold the right number of applications, for the echo alone. */
function imaginaryAccounts(shape: Shape): FixtureAccount[] {
  const count = Math.ceil(shape.connections / 4);
  return Array.from({ length: count }, (_, account) => ({
    account: String(account),
    email: '',
    password: '',
    passbooks: [],
    applications: Array.from({ length: Math.floor(shape.applications / count) }, (_, at) =>
      `${account}-${at}`.padStart(26, '0'),
    ),
  }));
}

function sayRun(run: Run) {
  const { ratePerSecond, failures } = run.result;
  const rate = Math.round(ratePerSecond);
  say(`${run.peer}, ${run.shape.connections} connections: ${rate} answers/s`);
  if (failures.length > 0) say(`  ${failures.length} connections failed: ${failures[0]}`);
  for (const violation of run.violations.slice(0, 5)) say(`  VIOLATION ${violation}`);
}

/** Every application answered on a connection that lived, and all of it found in the ledger. */
function counts(run: Run): boolean {
  const { acknowledgements, failures } = run.result;
  return failures.length === 0 && acknowledgements.length > 0 && run.violations.length === 0;
}

async function runShape(options: {
  shape: Shape;
  directory: string;
  runs: number;
  echoOnly: boolean;
}): Promise<Run[]> {
  const { shape, echoOnly } = options;
  const directory = join(options.directory, `${shape.connections}-${shape.inFlight}`);
  mkdirSync(directory);
  if (!echoOnly) say(`making ${shape.applications} ready applications`);
  const accounts = echoOnly ? imaginaryAccounts(shape) : await makeFixture(directory, shape);
  const done: Run[] = [];
  for (let turn = 0; turn < options.runs; turn += 1) {
    done.push(await runEcho(shape, accounts));
    if (!echoOnly) done.push(await runGate(directory, shape, accounts));
    for (const run of done.slice(echoOnly ? -1 : -2)) sayRun(run);
  }
  return done;
}

const OPENINGS_DEFAULT = 30;
const OPENINGS_QUICK = 4;

interface FairnessFlags {
  readonly quick: boolean;
  readonly full: boolean;
  readonly write: boolean;
  readonly runs?: string;
}

function fairness({ quick, full, ...flags }: FairnessFlags): Promise<number> {
  const runs = Number(flags.runs ?? (quick ? OPENINGS_QUICK : OPENINGS_DEFAULT));
  const write = flags.write ? { machine: machineLine(tmpdir()) } : undefined;
  return runFairness({ runs, full, say, write });
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      'echo-only': { type: 'boolean', default: false },
      peers: { type: 'boolean', default: false },
      fairness: { type: 'boolean', default: false },
      full: { type: 'boolean', default: false },
      runs: { type: 'string' },
      directory: { type: 'string', default: tmpdir() },
    },
  });
  if (values.fairness) return fairness(values);
  const runs = Number(values.runs ?? (values.quick ? 1 : RUNS_DEFAULT));
  const directory = mkdtempSync(join(values.directory, 'clickday-bench-'));
  try {
    const machine = machineLine(directory);
    if (values.peers) {
      const { quick, write } = values;
      return (await comparePeers({ directory, machine, runs, quick, write })) ? 0 : 1;
    }
    const done: Run[] = [];
    for (const shape of values.quick ? QUICK : FULL) {
      done.push(...(await runShape({ shape, directory, runs, echoOnly: values['echo-only'] })));
    }
    process.stdout.write(`${machine}\n\n${tableOf(done)}\n`);
    const day = new Date().toISOString().slice(0, 10);
    const page = resultsPage({ runs: done, machine, day });
    if (values.write) writeFront(page);
    return done.every(counts) ? 0 : 1;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

process.exitCode = await main();
