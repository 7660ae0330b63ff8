/**
 * What a search yields as a file: read a page at a time when the reader wants more, so that neither
 * memory nor the event loop holds more than one.
 */
import { Readable } from 'node:stream';
import { isoFromUs } from '#protocol/time.ts';
import type { Timers } from '../../clock/index.ts';
import { type SpreadsheetKind, writeSheet } from '../spreadsheets/index.ts';
import type { FoundRow } from './query.ts';

/** Applications of one file. */
export const EXPORT_MAX = 100_000;
/** Applications read at once. */
export const EXPORT_PAGE = 1000;

const instant = (us: number | null) => (us === null ? null : isoFromUs(us));

type Cell = string | number | null;

/** The columns of a file, in its order. Names are those of the API. */
const COLUMNS: readonly (readonly [string, (row: FoundRow) => Cell])[] = [
  ['id', ({ id }) => id],
  ['protocol', ({ protocol }) => protocol],
  ['status', ({ status }) => status],
  ['year', ({ year }) => year],
  ['decree', ({ decree }) => decree],
  ['clickDay', ({ clickDay }) => clickDay],
  ['model', ({ model }) => model],
  ['office', ({ office }) => office],
  ['nationality', ({ nationality }) => nationality],
  ['worker', ({ worker }) => worker],
  ['workerCodiceFiscale', ({ workerCode }) => workerCode],
  ['employer', ({ employer }) => employer],
  ['employerCodiceFiscale', ({ employerCode }) => employerCode],
  ['stamp', ({ stampUs }) => instant(stampUs)],
  ['place', ({ place }) => place],
  ['createdAt', ({ createdUs }) => isoFromUs(createdUs)],
  ['changedAt', ({ changedUs }) => isoFromUs(changedUs)],
];

/** The file's bytes. `onEnd` is called once, whether they were read to their end or not. */
export function exportStream(
  pages: AsyncIterable<readonly FoundRow[]>,
  wish: { readonly kind: SpreadsheetKind; readonly timers: Timers; readonly onEnd: () => void },
): Readable {
  const columns = COLUMNS.map(([header]) => ({ header }));
  const sheet = { kind: wish.kind, name: 'applications', columns };
  const bytes = writeSheet(cellsOf(pages), sheet, wish.timers);
  const stream = Readable.from(bytes, { objectMode: false, highWaterMark: 1 });
  stream.once('close', wish.onEnd);
  return stream;
}

async function* cellsOf(pages: AsyncIterable<readonly FoundRow[]>): AsyncGenerator<Cell[]> {
  for await (const rows of pages) {
    for (const row of rows) yield COLUMNS.map(([, read]) => read(row));
  }
}
