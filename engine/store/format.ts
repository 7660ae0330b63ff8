/**
 * The version of a whole data directory: one number in its file `format`.
 *
 * A newer version opens an older directory, here and in each store: SQLite by its migrations, the
 * ledger by its own format. An older version refuses a newer directory before it opens anything. A
 * directory without the file is of version 1, which did not write it.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { replaceFile } from './files.ts';

/** 2: ledger pages are sealed, receipts have a checksum, and this file is there. */
export const DATA_FORMAT = 2;
const FORMAT_WITHOUT_FILE = 1;

/** This version cannot open the directory; nothing in it was touched. */
export class DataFormatUnknown extends Error {
  override name = 'DataFormatUnknown';
}

/** The version in the file. Throws DataFormatUnknown when this program does not know it. */
export function readDataFormat(root: string): number {
  const text = textOf(resolve(root, 'format'));
  const format = text === undefined ? FORMAT_WITHOUT_FILE : Number(text);
  if (format >= FORMAT_WITHOUT_FILE && format <= DATA_FORMAT) return format;
  const what = format > DATA_FORMAT ? `has format ${format}` : 'has a file "format" without one';
  throw new DataFormatUnknown(
    `${resolve(root)} ${what}; this version of Clickday opens formats up to ${DATA_FORMAT}. ` +
      'Open it with the version that wrote it, or a newer one.',
  );
}

/** Refuses a newer directory; marks it as one of this version from now on. For who writes. */
export function claimDataFormat(root: string): void {
  const path = resolve(root, 'format');
  if (readDataFormat(root) === DATA_FORMAT) return;
  replaceFile(path, `${DATA_FORMAT}\n`);
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
