/**
 * The thread that reads a file and judges its rows: first the header, then batches of rows. What
 * the portal itself has to do for a row is to keep it.
 */
import { workerData } from 'node:worker_threads';
import { type FormDefinition, readTable, type TableDocument } from '#protocol/forms/index.ts';
import { answerEach, batched, SpreadsheetFailure, sheetRows } from '../spreadsheets/index.ts';
import { columnsOf, type Header, readHeader } from './columns.ts';
import { createJudge, type JudgedRow } from './judge.ts';

export interface JudgeTask {
  readonly bytes: Uint8Array;
  readonly form: FormDefinition;
  /** Those that the form's fields and rules look into. */
  readonly tables: readonly TableDocument[];
  readonly todayIso: string;
}

export type JudgeAnswer =
  | { readonly kind: 'header'; readonly header: Header; readonly cells: readonly string[] }
  | { readonly kind: 'rows'; readonly rows: readonly JudgedRow[] };

const BATCH_ROWS = 15;

async function* answers(task: JudgeTask): AsyncGenerator<JudgeAnswer> {
  const rows = sheetRows(task.bytes);
  const { value: first } = await rows.next();
  if (!first) throw new SpreadsheetFailure('SPREADSHEET_EMPTY');
  const header = readHeader(columnsOf(task.form), first.cells);
  yield { kind: 'header', header, cells: first.cells };
  if (header.fields.every((field) => field === undefined)) return;
  const { form, todayIso } = task;
  const judge = createJudge({ form, todayIso, tables: task.tables.map(readTable) }, header);
  for await (const batch of batched(rows, BATCH_ROWS))
    yield { kind: 'rows', rows: batch.map(judge) };
}

await answerEach(answers(workerData as JudgeTask));
