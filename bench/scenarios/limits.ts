/**
 * What the disk allows without sockets and without checks: an append and fdatasync for each entry,
 * and LMDB transactions that are durable before the next begins, for one entry and for a batch.
 */
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open } from 'lmdb';
import { type Figure, reported } from '#bench/figures.ts';
import type { Say } from '#bench/scenario.ts';
import { latenciesOf } from '#bench/statistics.ts';

export interface LimitSizes {
  readonly runs: number;
  readonly runMs: number;
  /** How long a process only spins, to see how long the machine holds it up. */
  readonly spinMs: number;
}

export const METHOD = `Without sockets and without checks, entries of 280 bytes, one durable write
after the other for 1.5 s: an append and fdatasync for each entry, and LMDB transactions with the
engine's settings. And, with nothing else running, a process that only reads its clock: what it is
held up by belongs to the machine (its host, other guests), and no server on it can be steadier.`;

export const FULL: LimitSizes = { runs: 5, runMs: 1_500, spinMs: 10_000 };
export const QUICK: LimitSizes = { runs: 1, runMs: 300, spinMs: 500 };

/** One way to write; `run` gives the milliseconds of each durable write. */
interface Limit {
  readonly what: string;
  readonly entriesEach: number;
  run(directory: string): Promise<number[]>;
}

const ENTRY_BYTES = 280;
const BATCH_ENTRIES = 256;

/** Writes durably until the time is over; the milliseconds of each write. */
async function repeat(runMs: number, write: (index: number) => unknown): Promise<number[]> {
  const timesMs: number[] = [];
  const endMs = performance.now() + runMs;
  for (let index = 0; performance.now() < endMs; index += 1) {
    const startMs = performance.now();
    await write(index);
    timesMs.push(performance.now() - startMs);
  }
  return timesMs;
}

async function rawFile(directory: string, runMs: number): Promise<number[]> {
  const file = openSync(join(directory, 'raw'), 'a');
  const entry = Buffer.alloc(ENTRY_BYTES, 1);
  try {
    return await repeat(runMs, () => {
      writeSync(file, entry);
      fdatasyncSync(file);
    });
  } finally {
    closeSync(file);
  }
}

/** LMDB with the engine's settings: a transaction's promise resolves when it is durable. */
async function lmdbAppend(options: {
  directory: string;
  runMs: number;
  entriesEach: number;
}): Promise<number[]> {
  const { directory, runMs, entriesEach } = options;
  const path = join(directory, 'lmdb');
  const root = open({ path, overlappingSync: false, encoding: 'binary', keyEncoding: 'uint32' });
  const entry = Buffer.alloc(ENTRY_BYTES, 1);
  try {
    return await repeat(runMs, (index) =>
      root.transaction(() => {
        for (let at = 0; at < entriesEach; at += 1) {
          root.putSync(index * entriesEach + at, entry, { append: true });
        }
      }),
    );
  } finally {
    await root.close();
  }
}

function limitsOf(runMs: number): Limit[] {
  const lmdb = (entriesEach: number): Limit => ({
    ...{ what: `LMDB transaction of ${entriesEach}`, entriesEach },
    run: (directory) => lmdbAppend({ directory, runMs, entriesEach }),
  });
  const file: Limit = {
    ...{ what: 'append + fdatasync of one', entriesEach: 1 },
    run: (directory) => rawFile(directory, runMs),
  };
  return [file, lmdb(1), lmdb(BATCH_ENTRIES)];
}

const LONG_MS = 1;

/** The pauses of a process that only reads its clock for `spinMs`, in milliseconds. */
function pausesMs(spinMs: number): number[] {
  const pauses: number[] = [];
  const endMs = performance.now() + spinMs;
  for (let lastMs = performance.now(); lastMs < endMs; ) {
    const nowMs = performance.now();
    if (nowMs - lastMs > LONG_MS) pauses.push(nowMs - lastMs);
    lastMs = nowMs;
  }
  return pauses;
}

function pauseFigures(spinMs: number, runs: number): Figure[] {
  const all = Array.from({ length: runs }, () => pausesMs(spinMs));
  return [
    {
      ...{ scenario: 'a process that only spins: longest pause, ms', ...reported, digits: 1 },
      values: all.map((pauses) => Math.max(0, ...pauses)),
    },
    {
      ...{ scenario: 'a process that only spins: pauses above 1 ms, a second', ...reported },
      ...{ digits: 1, values: all.map((pauses) => pauses.length / (spinMs / 1000)) },
    },
  ];
}

async function runOnce(limit: Limit): Promise<number[]> {
  const directory = mkdtempSync(join(tmpdir(), 'clickday-limit-'));
  try {
    return await limit.run(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function figuresOf({ what, entriesEach }: Limit, runs: readonly (readonly number[])[]): Figure[] {
  const latencies = runs.map((timesMs) => latenciesOf(timesMs));
  const rates = runs.map((timesMs) => {
    const totalMs = timesMs.reduce((sum, value) => sum + value, 0);
    return (timesMs.length * entriesEach) / (totalMs / 1_000);
  });
  return [
    { scenario: `${what}, entries/s`, ...reported, worst: 'lowest', values: rates },
    {
      ...{ scenario: `${what}, median of a durable write, ms`, ...reported, digits: 2 },
      values: latencies.map(({ p50 }) => p50),
    },
    {
      ...{ scenario: `${what}, p99 of a durable write, ms`, ...reported, digits: 2 },
      values: latencies.map(({ p99 }) => p99),
    },
  ];
}

/** The limits, in turns. */
export async function measureLimits(sizes: LimitSizes, say: Say): Promise<Figure[]> {
  const limits = limitsOf(sizes.runMs).map((limit) => ({ limit, runs: [] as number[][] }));
  for (let turn = 0; turn < sizes.runs; turn += 1) {
    for (const { limit, runs } of limits) runs.push(await runOnce(limit));
  }
  const figures = [
    ...limits.flatMap(({ limit, runs }) => figuresOf(limit, runs)),
    ...pauseFigures(sizes.spinMs, sizes.runs),
  ];
  for (const { scenario, values } of figures) say(`${scenario}: ${values[0]?.toFixed(2)}`);
  return figures;
}
