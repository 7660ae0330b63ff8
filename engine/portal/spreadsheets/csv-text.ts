/**
 * The bytes of a CSV file as text, and what separates its fields.
 *
 * UTF-8 with or without a byte order mark, UTF-16 as "Unicode text" is saved, and when the bytes
 * are no UTF-8 the Windows code page that Italian spreadsheet programs save in. Bytes that are no
 * text at all are refused.
 */
import { SpreadsheetFailure } from './failure.ts';

export type Encoding = 'utf-8' | 'utf-16le' | 'windows-1252';

const SEPARATORS = [';', ',', '\t'] as const;
/** A first line that spreadsheet programs understand: it names the separator. */
const NAMED = /^sep=(.)\r?\n/i;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a text does not have
const BINARY = /[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/;

/** Throws SPREADSHEET_UNREADABLE for bytes that are no text. */
export function csvText(bytes: Uint8Array): { text: string; encoding: Encoding } {
  const encoding = encodingOf(bytes);
  const text = new TextDecoder(encoding).decode(bytes);
  if (BINARY.test(text)) throw new SpreadsheetFailure('SPREADSHEET_UNREADABLE');
  return { text, encoding };
}

/** What separates the fields, and the text without the line that only says so. */
export function separated(text: string): { separator: string; text: string } {
  const named = NAMED.exec(text);
  if (named) return { separator: named[1] ?? ';', text: text.slice(named[0].length) };
  const counts = SEPARATORS.map((separator) => ({ separator, count: countIn(text, separator) }));
  const [most] = counts.toSorted((one, other) => other.count - one.count);
  return { separator: most?.count ? most.separator : ';', text };
}

function encodingOf(bytes: Uint8Array): Encoding {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return 'utf-8';
  } catch {
    return 'windows-1252';
  }
}

/** In the first row, outside of quotes. */
function countIn(text: string, separator: string): number {
  let count = 0;
  let isQuoted = false;
  for (const sign of text) {
    if (sign === '"') isQuoted = !isQuoted;
    else if (!isQuoted && sign === '\n') break;
    else if (!isQuoted && sign === separator) count += 1;
  }
  return count;
}
