/** The thread that writes XLSX; see write.ts. It asks for rows when the last are written. */
import { parentPort, workerData } from 'node:worker_threads';
import { type CellValue, writeXlsx, writeXlsxStream } from 'hucre/xlsx';
import { assert } from '../../foundation/assert.ts';
import { heardBy } from './thread-side.ts';
import type { CellContent, SheetWish, Workbook } from './write.ts';

export type WriteTask =
  | ({ readonly kind: 'sheet' } & Pick<SheetWish, 'name' | 'columns' | 'isFirstFixed'>)
  | { readonly kind: 'workbook'; readonly workbook: Workbook };

/** Rows, or null after the last. */
export type WriteWord = readonly CellContent[][] | null;
/** Rows are wanted, bytes are there, or null after the last. */
export type WriteAnswer = 'more' | Uint8Array | null;

const port = parentPort;
assert(port !== null, 'this is a thread of the portal and no program');
const say = (answer: WriteAnswer) => port.postMessage(answer);

async function* askedRows(talk: NonNullable<typeof port>): AsyncGenerator<CellValue[]> {
  const words = heardBy(talk);
  for (;;) {
    say('more');
    const { value } = await words.next();
    if (value === null) return;
    yield* value as CellValue[][];
  }
}

const task = workerData as WriteTask;
if (task.kind === 'workbook') {
  say(await writeXlsx(task.workbook));
} else {
  const columns = task.columns.map(({ header, width, isText, wraps }) => ({
    header,
    key: header,
    ...(width && { width }),
    ...(isText && { numFmt: '@' }),
    ...(wraps && { style: { alignment: { wrapText: true, vertical: 'top' as const } } }),
  }));
  const freezePane = { rows: 1, ...(task.isFirstFixed && { columns: 1 }) };
  const rows = askedRows(port);
  const bytes = writeXlsxStream(rows, { name: task.name, columns, freezePane });
  for await (const piece of bytes as AsyncIterable<Uint8Array>) say(piece);
  say(null);
}
port.close();
