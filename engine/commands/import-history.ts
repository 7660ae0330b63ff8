/**
 * `clickday import-history FILE`: applications of earlier years into the search, on a data
 * directory that no portal serves: one writer a store, and rows by the million beside people who
 * save pages would make them wait.
 */
import { closeSync, openSync } from 'node:fs';
import {
  HistoryColumnsWrong,
  type HistoryProgress,
  type HistoryTally,
  importHistory,
  loadModels,
} from '#engine/portal/index.ts';
import { openDatabase } from '#engine/store/database/index.ts';
import { takeLock } from '#engine/store/index.ts';
import { readConfig, text } from '../config.ts';
import { type CommandContext, commandContext, emit, Refused, say } from './context.ts';

export interface ImportHistoryFlags {
  readonly data?: string;
  readonly models?: string;
  readonly refused?: string;
  readonly json?: boolean;
}

const LINES_A_REPORT = 50_000;
const OWNER_FILE = 0o600;

export async function importHistoryFile(path: string, flags: ImportHistoryFlags): Promise<void> {
  const config = readConfig({ data: flags.data, models: flags.models });
  const context = commandContext(config, 'import-history');
  const file = openOr(path, 'r', 'FILE_UNREADABLE');
  const report = flags.refused ?? `${path}.refused.ndjson`;
  const lock = takeLock(context.directory.lock('portal'));
  try {
    const refused = openOr(report, 'a+', 'OUT_UNWRITABLE');
    closeSync(refused);
    const tally = imported(context, {
      path,
      file,
      refused: openOr(report, 'r+', 'OUT_UNWRITABLE'),
    });
    tell(tally, { path, report, isJson: flags.json === true });
  } finally {
    closeSync(file);
    lock.release();
  }
}

function imported(
  { config, clock, directory }: CommandContext,
  open: { path: string; file: number; refused: number },
): HistoryTally {
  const { path: name, file, refused } = open;
  const models = loadModels(text(config, 'models'));
  const database = openDatabase(directory.database);
  try {
    const onProgress = progressOn(clock);
    return importHistory({ database, models, clock, file, name, refused, onProgress });
  } catch (error) {
    if (!(error instanceof HistoryColumnsWrong)) throw error;
    const missing = error.message === '' ? 'it is empty' : `there is no ${error.message}`;
    throw new Refused('HISTORY_COLUMNS', `${name} has not the columns it needs: ${missing}`);
  } finally {
    database.close();
    closeSync(refused);
  }
}

function progressOn(clock: { nowUs(): number }): (progress: HistoryProgress) => void {
  const beganUs = clock.nowUs();
  let first: number | undefined;
  let told = 0;
  return ({ lines, bytes, bytesInAll }) => {
    first ??= lines;
    if (lines - told < LINES_A_REPORT && bytes < bytesInAll) return;
    told = lines;
    const seconds = (clock.nowUs() - beganUs) / 1e6;
    const share = Math.floor((100 * bytes) / bytesInAll);
    say(`${lines} lines, ${share} %, ${Math.round((lines - first) / seconds)} lines a second`);
  };
}

function tell(
  tally: HistoryTally,
  { path, report, isJson }: { path: string; report: string; isJson: boolean },
): void {
  const { lines, added, changed, known } = tally;
  if (isJson) emit({ file: path, ...tally, report });
  say(`${path}: ${lines} lines; ${added} added, ${changed} changed, ${known} there already`);
  const refused = Object.entries(tally.refused);
  for (const [code, count] of refused) say(`  refused ${count}: ${code}`);
  if (refused.length > 0) throw new Refused('LINES_REFUSED', `lines were refused: see ${report}`);
}

function openOr(path: string, flags: string, code: 'FILE_UNREADABLE' | 'OUT_UNWRITABLE'): number {
  try {
    return openSync(path, flags, OWNER_FILE);
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code;
    throw new Refused(code, `${path} cannot be ${flags === 'r' ? 'read' : 'written'} (${why})`);
  }
}
