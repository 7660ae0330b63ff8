/**
 * The door of the spreadsheets: CSV and XLSX in as rows of texts, rows out as CSV and XLSX, with
 * the work done in threads and everything bounded. Nothing here knows what a column means.
 */
export { bounds as spreadsheetBounds } from './bounds.ts';
export { isBlank, type SheetRow } from './cells.ts';
export { SpreadsheetFailure } from './failure.ts';
export { pulled, readSheet } from './read.ts';
export { type SpreadsheetKind, sheetRows } from './rows.ts';
export { answerEach, batched } from './thread-side.ts';
export {
  type CellContent,
  makeWorkbook,
  type SheetWish,
  type Workbook,
  writeSheet,
} from './write.ts';
