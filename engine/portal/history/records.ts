/**
 * A file of records from any byte on, a record at a time: NDJSON, or CSV with a header (RFC 4180;
 * comma or semicolon). Memory is bounded whatever the file holds: a record of more than 64 KiB is
 * given back as unreadable up to its first line's end, and reading goes on behind that.
 */
import { isUtf8 } from 'node:buffer';
import { readSync } from 'node:fs';
import type { HistoryRecord } from './line.ts';

export interface RecordRead {
  /** Undefined: it cannot be read as a record. */
  readonly record: HistoryRecord | undefined;
  /** Where the next one begins. */
  readonly end: number;
  /** Line ends in it, and those of blank lines before it: they give the number of each line. */
  readonly lines: number;
  readonly blankLines: number;
}

export type RecordFormat =
  | { readonly kind: 'ndjson' }
  | { readonly kind: 'csv'; readonly separator: string; readonly columns: readonly string[] };

const CHUNK_BYTES = 1024 * 1024;
const RECORD_BYTES_MAX = 64 * 1024;
const NEWLINE = 10;
const QUOTE = 34;
const BYTE_ORDER_MARK = '\uFEFF';

/** The first line says what the file is; for CSV it is the header, and records begin behind it. */
export function formatOf(file: number): { format: RecordFormat; start: number } | undefined {
  const bytes = Buffer.alloc(RECORD_BYTES_MAX);
  const read = readSync(file, bytes, 0, bytes.length, 0);
  const newline = bytes.subarray(0, read).indexOf(NEWLINE);
  const end = newline === -1 ? read : newline + 1;
  const line = bytes.toString('utf8', 0, end).replace(BYTE_ORDER_MARK, '').trim();
  if (line === '') return undefined;
  if (line.startsWith('{')) return { format: { kind: 'ndjson' }, start: 0 };
  const separator = line.includes(';') && !line.includes(',') ? ';' : ',';
  const columns = fieldsOf(line, separator)?.map((name) => name.trim());
  return columns && { format: { kind: 'csv', separator, columns }, start: end };
}

/** Records from byte `from` on; blank lines are passed over. */
export function* readRecords(
  file: number,
  format: RecordFormat,
  from: number,
): Generator<RecordRead> {
  let rest: Buffer = Buffer.alloc(0);
  let end = from;
  let isEnd = false;
  let position = from;
  let blankLines = 0;
  for (;;) {
    const length = lengthOf(rest, { isQuoted: format.kind === 'csv', isEnd });
    if (length === undefined && !isEnd) {
      const chunk = Buffer.alloc(CHUNK_BYTES);
      const read = readSync(file, chunk, 0, CHUNK_BYTES, position);
      position += read;
      isEnd = read === 0;
      rest = Buffer.concat([rest, chunk.subarray(0, read)]);
      continue;
    }
    if (length === undefined || length === 0) return;
    const bytes = rest.subarray(0, length);
    rest = rest.subarray(length);
    end += length;
    const lines = bytes.reduce((sum, byte) => sum + (byte === NEWLINE ? 1 : 0), 0);
    const text = isUtf8(bytes) ? bytes.toString('utf8').replace(BYTE_ORDER_MARK, '') : undefined;
    if (text?.trim() === '') {
      blankLines += lines;
      continue;
    }
    yield {
      ...{
        record: text === undefined ? undefined : recordOf(text, format),
        end,
        lines,
        blankLines,
      },
    };
    blankLines = 0;
  }
}

/** Bytes up to the end of the first record; undefined: it is not all there yet. */
function lengthOf(
  bytes: Buffer,
  { isQuoted, isEnd }: { isQuoted: boolean; isEnd: boolean },
): number | undefined {
  const first = bytes.indexOf(NEWLINE);
  if (first === -1) return isEnd ? bytes.length : undefined;
  if (!isQuoted || bytes.subarray(0, first).indexOf(QUOTE) === -1) return first + 1;
  let isInside = false;
  const limit = Math.min(bytes.length, RECORD_BYTES_MAX);
  for (let at = 0; at < limit; at += 1) {
    if (bytes[at] === QUOTE) isInside = !isInside;
    else if (bytes[at] === NEWLINE && !isInside) return at + 1;
  }
  if (bytes.length >= RECORD_BYTES_MAX) return first + 1;
  if (!isEnd) return undefined;
  return isInside ? first + 1 : bytes.length;
}

function recordOf(text: string, format: RecordFormat): HistoryRecord | undefined {
  const line = text.replace(/\r?\n$/, '');
  if (format.kind === 'ndjson') return objectOf(line);
  const fields = fieldsOf(line, format.separator);
  if (fields?.length !== format.columns.length) return undefined;
  return Object.fromEntries(format.columns.map((name, at) => [name, (fields[at] ?? '').trim()]));
}

/** Members that are texts or numbers; null is as if it were not there. */
function objectOf(line: string): HistoryRecord | undefined {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    const members = Object.entries(value).filter(([, member]) => member !== null);
    const isPlain = members.every(([, it]) => typeof it === 'string' || typeof it === 'number');
    if (!isPlain) return undefined;
    return Object.fromEntries(members.map(([name, member]) => [name, String(member).trim()]));
  } catch {
    return undefined; // no JSON: the line is told as unreadable
  }
}

/** Undefined: a quote stands where none may. */
function fieldsOf(line: string, separator: string): string[] | undefined {
  if (!line.includes('"')) return line.split(separator);
  const fields: string[] = [];
  for (let at = 0; ; ) {
    if (line[at] !== '"') {
      const next = line.indexOf(separator, at);
      const field = line.slice(at, next === -1 ? undefined : next);
      if (field.includes('"')) return undefined;
      fields.push(field);
      if (next === -1) return fields;
      at = next + 1;
      continue;
    }
    let close = line.indexOf('"', at + 1);
    while (close !== -1 && line[close + 1] === '"') close = line.indexOf('"', close + 2);
    if (close === -1) return undefined;
    fields.push(line.slice(at + 1, close).replaceAll('""', '"'));
    if (close + 1 === line.length) return fields;
    if (line[close + 1] !== separator) return undefined;
    at = close + 2;
  }
}
