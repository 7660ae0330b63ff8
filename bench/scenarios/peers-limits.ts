/**
 * What the disk allows without sockets and without checks: an append and fdatasync for each entry,
 * and LMDB transactions that are durable before the next begins, for one entry and for a batch.
 */
import { closeSync, fdatasyncSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { open } from 'lmdb';
import { latenciesOf, type Spread, spreadOf } from '#bench/statistics.ts';

/** Entries a second over the runs, and the latency of one durable write. */
export interface LimitRow {
  readonly what: string;
  readonly ratePerSecond: Spread;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const ENTRY_BYTES = 280;
const BATCH_ENTRIES = 256;
const RUN_MS = 1_000;

/** Writes durably until the time is over; the milliseconds of each write. */
async function repeat(write: (index: number) => unknown): Promise<number[]> {
  const timesMs: number[] = [];
  const endMs = performance.now() + RUN_MS;
  for (let index = 0; performance.now() < endMs; index += 1) {
    const startMs = performance.now();
    await write(index);
    timesMs.push(performance.now() - startMs);
  }
  return timesMs;
}

async function rawFile(directory: string): Promise<number[]> {
  const file = openSync(join(directory, 'raw'), 'a');
  const entry = Buffer.alloc(ENTRY_BYTES, 1);
  try {
    return await repeat(() => {
      writeSync(file, entry);
      fdatasyncSync(file);
    });
  } finally {
    closeSync(file);
  }
}

/** LMDB with the engine's settings: a transaction's promise resolves when it is durable. */
async function lmdbAppend(directory: string, entriesEach: number): Promise<number[]> {
  const path = join(directory, `lmdb-${entriesEach}`);
  const root = open({ path, overlappingSync: false, encoding: 'binary', keyEncoding: 'uint32' });
  const entry = Buffer.alloc(ENTRY_BYTES, 1);
  try {
    return await repeat((index) =>
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

async function measure(options: {
  what: string;
  runs: number;
  entriesEach: number;
  run: (directory: string) => Promise<number[]>;
  directory: string;
}): Promise<LimitRow> {
  const rates: number[] = [];
  const all: number[] = [];
  for (let turn = 0; turn < options.runs; turn += 1) {
    const directory = join(options.directory, 'limit');
    mkdirSync(directory);
    const timesMs = await options.run(directory).finally(() => {
      rmSync(directory, { recursive: true, force: true });
    });
    const totalMs = timesMs.reduce((sum, value) => sum + value, 0);
    rates.push((timesMs.length * options.entriesEach) / (totalMs / 1_000));
    all.push(...timesMs);
  }
  const { p50, p99 } = latenciesOf(all);
  return { what: options.what, ratePerSecond: spreadOf(rates), p50Ms: p50, p99Ms: p99 };
}

/** The limits' rows, measured in `directory`, a second a run. */
export async function measureLimits(directory: string, runs: number): Promise<LimitRow[]> {
  const rows: LimitRow[] = [];
  rows.push(
    await measure({
      ...{ what: 'append + fdatasync, one entry', runs, directory, entriesEach: 1, run: rawFile },
    }),
  );
  for (const entriesEach of [1, BATCH_ENTRIES]) {
    const what = `LMDB transaction of ${entriesEach}`;
    const run = (folder: string) => lmdbAppend(folder, entriesEach);
    rows.push(await measure({ what, runs, directory, entriesEach, run }));
  }
  return rows;
}
