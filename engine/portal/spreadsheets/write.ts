/**
 * A sheet as bytes, while its rows are still being read: memory does not grow with the rows, and
 * whoever takes the bytes slowly is waited for. XLSX is written in a thread of its own.
 *
 * Texts that a spreadsheet program would take for a formula are defused in both kinds; numbers
 * stay numbers in XLSX.
 */
import type { WriteOptions } from 'hucre/xlsx';
import { csvField } from '#protocol/csv.ts';
import type { Timers } from '../../clock/index.ts';
import { bounds } from './bounds.ts';
import { defused } from './cells.ts';
import { converse } from './conversation.ts';
import type { SpreadsheetKind } from './rows.ts';
import type { WriteAnswer, WriteTask, WriteWord } from './write-thread.ts';

export type CellContent = string | number | boolean | null;
type Rows = Iterable<readonly CellContent[]> | AsyncIterable<readonly CellContent[]>;

/** Of XLSX, all but the header. */
export interface SheetColumn {
  readonly header: string;
  /** In characters. */
  readonly width?: number;
  /** What is typed there later stays as it is typed: 00184, 31/01/2011. */
  readonly isText?: boolean;
  /** Long texts go on in the next line. */
  readonly wraps?: boolean;
}

export interface SheetWish {
  readonly kind: SpreadsheetKind;
  /** Of the sheet in XLSX, at most 31 characters. */
  readonly name: string;
  /** The first row, which stays in sight. */
  readonly columns: readonly SheetColumn[];
  /** So does the first column. */
  readonly isFirstFixed?: boolean | undefined;
  /** Of CSV; default `;`, as Italian spreadsheet programs expect. */
  readonly separator?: string;
}

/** A workbook as the library describes it. */
export type Workbook = Pick<WriteOptions, 'sheets' | 'properties'>;

const THREAD = new URL('./write-thread.ts', import.meta.url);
const BYTE_ORDER_MARK = '\uFEFF';
const LINE_END = '\r\n';

/** The bytes, in pieces; for `Readable.from`. */
export function writeSheet(
  rows: Rows,
  wish: SheetWish,
  timers: Pick<Timers, 'after'>,
): AsyncGenerator<Uint8Array, void, undefined> {
  return wish.kind === 'csv' ? csvBytes(rows, wish) : xlsxBytes(rows, wish, timers);
}

/** A whole workbook (lists, formats), made in a thread. Texts are written as they are. */
export async function makeWorkbook(
  workbook: Workbook,
  timers: Pick<Timers, 'after'>,
): Promise<Uint8Array> {
  const task: WriteTask = { kind: 'workbook', workbook };
  const talk = converse<WriteWord, WriteAnswer>(THREAD, task, timers);
  try {
    const answer = await talk.hear();
    if (answer === null || answer === 'more') throw new Error('the thread made no workbook');
    return answer;
  } finally {
    await talk.end();
  }
}

/** With a byte order mark, without which spreadsheet programs take UTF-8 for something else. */
async function* csvBytes(rows: Rows, wish: SheetWish): AsyncGenerator<Uint8Array> {
  const { separator = ';' } = wish;
  const line = (cells: readonly CellContent[]) =>
    cells.map((cell) => csvField(cell, separator)).join(separator) + LINE_END;
  yield Buffer.from(BYTE_ORDER_MARK + line(wish.columns.map(({ header }) => header)));
  for await (const batch of grouped(rows)) yield Buffer.from(batch.map(line).join(''));
}

async function* xlsxBytes(
  rows: Rows,
  { name, columns, isFirstFixed }: SheetWish,
  timers: Pick<Timers, 'after'>,
): AsyncGenerator<Uint8Array> {
  const task: WriteTask = { kind: 'sheet', name, columns, isFirstFixed };
  const talk = converse<WriteWord, WriteAnswer>(THREAD, task, timers);
  const batches = grouped(rows);
  try {
    for (;;) {
      const answer = await talk.hear();
      if (answer === null) return;
      if (answer !== 'more') yield answer;
      else talk.say((await batches.next()).value?.map(safeCells) ?? null);
    }
  } finally {
    await batches.return(undefined);
    await talk.end();
  }
}

function safeCells(cells: readonly CellContent[]): CellContent[] {
  return cells.map((cell) => (typeof cell === 'string' ? defused(cell) : cell));
}

async function* grouped(rows: Rows): AsyncGenerator<(readonly CellContent[])[], void, undefined> {
  let batch: (readonly CellContent[])[] = [];
  for await (const row of rows) {
    batch.push(row);
    if (batch.length < bounds.batchRows) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
