/**
 * Looks at the table of contents of a ZIP file before anything is unpacked: how many parts, how
 * large they say they will be. The library unpacks no part beyond what it says of itself, so a
 * part that lies ends in an error, and the sum here bounds the whole.
 *
 * What it does not do: ZIP64 (parts above 4 GiB), which no honest file of this size needs.
 */
import { bounds } from './bounds.ts';
import { SpreadsheetFailure } from './failure.ts';

const END_SIGNATURE = 0x06054b50;
const ENTRY_SIGNATURE = 0x02014b50;
const LOCAL_SIGNATURE = 0x04034b50;
const END_BYTES = 22;
const ENTRY_BYTES = 46;
const LOCAL_BYTES = 30;
const COMMENT_BYTES_MAX = 65_535;
const ZIP64 = 0xffff_ffff;
const STORED = 0;

/** Throws SPREADSHEET_UNREADABLE or SPREADSHEET_TOO_LARGE. Cost: one pass over the contents. */
export function guardZip(
  bytes: Uint8Array,
  unpackedBytesMax: number = bounds.unpackedBytesMax,
): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    walk(view, unpackedBytesMax);
  } catch (cause) {
    if (cause instanceof SpreadsheetFailure) throw cause;
    throw new SpreadsheetFailure('SPREADSHEET_UNREADABLE', { cause });
  }
}

function walk(view: DataView, unpackedBytesMax: number): void {
  const end = endOf(view);
  const parts = view.getUint16(end + 10, true);
  if (parts > bounds.partsMax) throw new SpreadsheetFailure('SPREADSHEET_TOO_LARGE');
  let at = view.getUint32(end + 16, true);
  let unpacked = 0;
  for (let part = 0; part < parts; part += 1) {
    if (view.getUint32(at, true) !== ENTRY_SIGNATURE) throw new RangeError('no entry');
    unpacked += sizeOf(view, at);
    if (unpacked > unpackedBytesMax) throw new SpreadsheetFailure('SPREADSHEET_TOO_LARGE');
    at += ENTRY_BYTES + [28, 30, 32].reduce((sum, of) => sum + view.getUint16(at + of, true), 0);
  }
}

/** What a part says of its size, which the header before its bytes must say as well. */
function sizeOf(view: DataView, at: number): number {
  const [method, packed, size] = [
    view.getUint16(at + 10, true),
    view.getUint32(at + 20, true),
    view.getUint32(at + 24, true),
  ];
  const local = view.getUint32(at + 42, true);
  if (packed === ZIP64 || size === ZIP64 || local === ZIP64) throw new RangeError('ZIP64');
  if (view.getUint32(local, true) !== LOCAL_SIGNATURE || local + LOCAL_BYTES > view.byteLength) {
    throw new RangeError('no local header');
  }
  const said = view.getUint32(local + 22, true);
  if (said !== 0 && said !== size) throw new RangeError('two sizes');
  const isEmpty = size === 0 && packed > (method === STORED ? 0 : 2);
  if (isEmpty) throw new RangeError('a part that says it is empty');
  return size;
}

function endOf(view: DataView): number {
  const last = view.byteLength - END_BYTES;
  for (let at = last; at >= Math.max(0, last - COMMENT_BYTES_MAX); at -= 1) {
    if (view.getUint32(at, true) === END_SIGNATURE) return at;
  }
  throw new RangeError('no end of contents');
}
