/** A spreadsheet that cannot be read, with the code of the catalogue that says what to do. */
import type { spreadsheet } from '#protocol/outcome-catalogue/spreadsheet.ts';

export type SpreadsheetCode = keyof typeof spreadsheet;

export class SpreadsheetFailure extends Error {
  override name = 'SpreadsheetFailure';
  readonly code: SpreadsheetCode;

  constructor(code: SpreadsheetCode, options: { cause?: unknown } = {}) {
    super(code, options);
    this.code = code;
  }
}
