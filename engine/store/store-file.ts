/**
 * Whether a file can be one of LMDB's, looked at before LMDB is: its binding ends the whole process
 * (SIGSEGV) when it is to open one that is empty, cut short or something else.
 *
 *     meta page 0: … 24 magic, 28 version … 48 page size     meta page 1: the same, a page later
 *
 * It looks at the two meta pages only; what lies behind them is checked by who reads it.
 */
import { closeSync, openSync, readSync, statSync } from 'node:fs';

const MAGIC = 0xbeef_c0de;
const VERSION = 2;
const MAGIC_AT = 24;
const VERSION_AT = 28;
const PAGE_SIZE_AT = 48;
const PAGE_SIZES = [4096, 8192, 16_384, 32_768, 65_536];
const HEAD_BYTES = 52;

/** The file of a store is none that can be opened; nothing of it was touched. */
export class StoreDamaged extends Error {
  override name = 'StoreDamaged';
}

/** True when a writer has begun the file: one that died before it wrote anything left it empty. */
export function isBegun(file: string): boolean {
  return bytesOf(file) > 0;
}

/** Throws StoreDamaged for a file that is begun and is no whole head of an LMDB store. */
export function checkStoreFile(file: string): void {
  const size = bytesOf(file);
  if (size === 0) return;
  const [first, second] = [headAt(file, 0), headAt(file, pageSizeOf(file))];
  if (isHead(first) && isHead(second)) return;
  throw new StoreDamaged(`${file} has ${size} bytes and no head of a store`);
}

function bytesOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

function pageSizeOf(file: string): number {
  const head = headAt(file, 0);
  return head === undefined ? PAGE_SIZES[0]! : head.readUInt32LE(PAGE_SIZE_AT);
}

function headAt(file: string, position: number): Buffer | undefined {
  const descriptor = openSync(file, 'r');
  try {
    const head = Buffer.alloc(HEAD_BYTES);
    const read = readSync(descriptor, head, 0, HEAD_BYTES, position);
    return read === HEAD_BYTES ? head : undefined;
  } finally {
    closeSync(descriptor);
  }
}

function isHead(head: Buffer | undefined): boolean {
  return (
    head !== undefined &&
    head.readUInt32LE(MAGIC_AT) === MAGIC &&
    head.readUInt32LE(VERSION_AT) === VERSION &&
    PAGE_SIZES.includes(head.readUInt32LE(PAGE_SIZE_AT))
  );
}
