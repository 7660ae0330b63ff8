/**
 * Applications of earlier years, from a file into the search. How far it has come is written in the
 * transaction of the lines before it, so that whatever ends it, it goes on where it was: no line is
 * lost or doubled. An application is known by year and protocol number: a second time, in whatever
 * file, the same line is passed over and another one replaces it.
 *
 *   file ─► record ─► checked ─┬► search (20,000 lines a transaction, with the position)
 *                              └► refused: line number, code and column, in a file beside
 */
import { createHash } from 'node:crypto';
import { fdatasyncSync, fstatSync, ftruncateSync, readSync, writeSync } from 'node:fs';
import { basename } from 'node:path';
import { historyColumns } from '#protocol/history.ts';
import { CompiledQuery, type Database } from '../../store/database/index.ts';
import type { Models } from '../models/index.ts';
import { type HistoryRow, historyReader, type LineFault } from './line.ts';
import { formatOf, type RecordRead, readRecords } from './records.ts';

export interface HistoryTally {
  /** Lines read so far, all runs together; the header counts. */
  readonly lines: number;
  readonly added: number;
  readonly changed: number;
  /** Were there already, the same. */
  readonly known: number;
  /** By code. */
  readonly refused: Readonly<Record<string, number>>;
}

export interface HistoryProgress extends HistoryTally {
  readonly bytes: number;
  readonly bytesInAll: number;
}

export interface ImportOptions {
  readonly database: Database;
  readonly models: Models;
  readonly clock: { nowUs(): number };
  /** Open for reading. */
  readonly file: number;
  readonly name: string;
  /** Open for reading and writing, beside the file; of a line only its number is written. */
  readonly refused: number;
  readonly onProgress: (progress: HistoryProgress) => void;
  /** For tests; default 20,000. */
  readonly linesATransaction?: number;
}

/** The file is neither NDJSON nor CSV with the columns that are needed. */
export class HistoryColumnsWrong extends Error {
  override name = 'HistoryColumnsWrong';
}

/** Many, since the pages of the indexes are written once for all of them. */
const LINES_A_TRANSACTION = 20_000;
const CACHE = 'PRAGMA cache_size = -262144';
const DIGEST_CHUNK = 1024 * 1024;

/** About 20,000 lines a second. Throws HistoryColumnsWrong before anything is written. */
export function importHistory(options: ImportOptions): HistoryTally {
  const { database, file, refused } = options;
  const found = formatOf(file);
  const missing = historyColumns.filter(({ name, isRequired }) => {
    if (!isRequired || found?.format.kind === 'ndjson') return false;
    return !found?.format.columns.includes(name);
  });
  if (found === undefined || missing.length > 0) {
    throw new HistoryColumnsWrong(missing.map(({ name }) => name).join(', '));
  }
  const bytesInAll = fstatSync(file).size;
  const { format, start } = found;
  const digest = digestOf(file);
  database.run({ compile: () => CompiledQuery.raw(CACHE) });
  const state = beginning(options, { digest, start });
  ftruncateSync(refused, state.refusedBytes);
  const read = historyReader(options.models);
  const records = readRecords(file, format, state.bytes);
  for (;;) {
    const batch = taken(records, options.linesATransaction ?? LINES_A_TRANSACTION);
    if (batch.length === 0) break;
    database.transaction(() => {
      for (const each of batch) putRecord(database, state, { each, read, refused });
      remember(options, digest, state);
    });
    options.onProgress({ ...tallyOf(state), bytes: state.bytes, bytesInAll });
  }
  finish(options, digest);
  return tallyOf(state);
}

interface State {
  bytes: number;
  lines: number;
  added: number;
  changed: number;
  known: number;
  refused: Record<string, number>;
  refusedBytes: number;
}

function tallyOf({ lines, added, changed, known, refused }: State): HistoryTally {
  return { lines, added, changed, known, refused: { ...refused } };
}

/** As an earlier run left it. */
function beginning(
  { database, clock, name }: ImportOptions,
  { digest, start }: { digest: string; start: number },
): State {
  const { build, first, run } = database;
  const row = first(build.selectFrom('history_imports').selectAll().where('digest', '=', digest));
  if (row !== undefined) {
    const tally = JSON.parse(row.tally_json) as HistoryTally;
    const refused = { ...tally.refused };
    return { ...tally, refused, bytes: row.bytes, refusedBytes: row.refused_bytes };
  }
  const lines = start === 0 ? 0 : 1;
  const none = { lines, added: 0, changed: 0, known: 0, refused: {} };
  run(
    build.insertInto('history_imports').values({
      ...{ digest, name: basename(name), bytes: start, lines, refused_bytes: 0 },
      ...{ tally_json: JSON.stringify(none), begun_at_us: clock.nowUs(), ended_at_us: null },
    }),
  );
  return { ...none, bytes: start, refusedBytes: 0 };
}

function remember({ database, refused }: ImportOptions, digest: string, state: State): void {
  const { build, run } = database;
  fdatasyncSync(refused);
  const { bytes, lines, refusedBytes } = state;
  const tally_json = JSON.stringify(tallyOf(state));
  const change = build.updateTable('history_imports');
  run(
    change
      .set({ bytes, lines, tally_json, refused_bytes: refusedBytes })
      .where('digest', '=', digest),
  );
}

/** Merges the pieces of the index of names, which makes searches quicker. */
function finish({ database, clock }: ImportOptions, digest: string): void {
  const { build, run, first } = database;
  const row = build.selectFrom('history_imports').selectAll().where('digest', '=', digest);
  if (first(row)?.ended_at_us !== null) return;
  run({ compile: () => CompiledQuery.raw(OPTIMIZE) });
  const change = build.updateTable('history_imports').set({ ended_at_us: clock.nowUs() });
  run(change.where('digest', '=', digest));
}

const OPTIMIZE = "INSERT INTO search_text (search_text) VALUES ('optimize')";

function putRecord(
  database: Database,
  state: State,
  parts: {
    readonly each: RecordRead;
    readonly read: ReturnType<typeof historyReader>;
    readonly refused: number;
  },
): void {
  const { each, read, refused } = parts;
  const line = state.lines + each.blankLines + 1;
  state.bytes = each.end;
  state.lines += each.blankLines + each.lines;
  const checked: HistoryRow | LineFault =
    each.record === undefined ? { code: 'LINE_UNREADABLE', column: null } : read(each.record);
  if (!('code' in checked)) {
    state[putRow(database, checked)] += 1;
    return;
  }
  state.refused[checked.code] = (state.refused[checked.code] ?? 0) + 1;
  const text = `${JSON.stringify({ line, ...checked })}\n`;
  state.refusedBytes += writeSync(refused, text, state.refusedBytes);
}

/** In the order of the values. */
const COLUMNS = [
  ...[
    'id',
    'is_history',
    'sender',
    'sender_code',
    'year',
    'decree',
    'model',
    'status',
    'click_day',
  ],
  ...[
    'office',
    'nationality',
    'title',
    'worker',
    'worker_cf',
    'employer',
    'employer_cf',
    'protocol',
  ],
  ...['stamp_us', 'place', 'created_us', 'changed_us'],
] as readonly (keyof HistoryRow)[];
const NEXT = '(SELECT coalesce(max(revision), 0) + 1 FROM search)';
const SELECT = `SELECT n, ${COLUMNS.join(', ')} FROM search WHERE id = ?`;
const INSERT = `INSERT INTO search (revision, ${COLUMNS.join(', ')})
  VALUES (${NEXT}, ${COLUMNS.map(() => '?').join(', ')})`;
const UPDATE = `UPDATE search SET revision = ${NEXT},
  ${COLUMNS.map((name) => `${name} = ?`).join(', ')} WHERE n = ?`;

type Known = HistoryRow & { readonly n: number };

/** Texts that are compiled once: the builder would cost more than SQLite. */
function putRow({ all, run }: Database, row: HistoryRow): 'added' | 'changed' | 'known' {
  const values = COLUMNS.map((name) => row[name]);
  const [there] = all({
    compile: () => CompiledQuery.raw(SELECT, [row.id]) as CompiledQuery<Known>,
  });
  if (there === undefined) {
    run({ compile: () => CompiledQuery.raw(INSERT, values) });
    return 'added';
  }
  if (COLUMNS.every((name) => there[name] === row[name])) return 'known';
  run({ compile: () => CompiledQuery.raw(UPDATE, [...values, there.n]) });
  return 'changed';
}

function taken(records: Iterator<RecordRead>, count: number): RecordRead[] {
  const batch: RecordRead[] = [];
  while (batch.length < count) {
    const { value, done } = records.next();
    if (done) break;
    batch.push(value);
  }
  return batch;
}

function digestOf(file: number): string {
  const hash = createHash('sha256');
  const chunk = Buffer.alloc(DIGEST_CHUNK);
  for (let at = 0; ; ) {
    const read = readSync(file, chunk, 0, chunk.length, at);
    if (read === 0) return hash.digest('hex');
    hash.update(chunk.subarray(0, read));
    at += read;
  }
}
