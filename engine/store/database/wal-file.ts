/**
 * The write-ahead log of SQLite as a file: reading what has been committed to one, and writing one.
 * Source: "WAL-Index and WAL file format", sqlite.org/fileformat2.html#walformat.
 *
 *     32 bytes head: magic, version, page size, generation, two salts, checksum
 *     then frames: page number, pages of the database after a commit (0: none), salts, checksum,
 *     and the page
 *
 * Each frame's checksum goes on from that of the frame before, so a frame is valid only behind all
 * that stand before it. When everything has been put into the database the log begins again at its
 * start with the next generation, and what stood there is overwritten little by little.
 */
import { fstatSync, readSync, writeSync } from 'node:fs';

export const WAL_HEAD_BYTES = 32;
const FRAME_HEAD_BYTES = 24;
const MAGIC_LITTLE = 0x377f0682;
const MAGIC_BIG = 0x377f0683;
const VERSION = 3007000;

type Sum = readonly [number, number];

export interface WalHead {
  readonly isBig: boolean;
  readonly pageBytes: number;
  readonly generation: number;
  /** Both, as they stand in each frame. */
  readonly salts: Buffer;
  readonly sum: Sum;
}

/** How far a log has been read: behind the last commit that was taken. */
export interface WalPosition {
  readonly head: WalHead;
  readonly offset: number;
  readonly sum: Sum;
  /** Head of the last frame that was taken: another one now means that the log was rewritten. */
  readonly last: Buffer | undefined;
}

/** A page as a commit left it; `pagesAfter` is above 0 in the last frame of a commit. */
export interface Frame {
  readonly page: number;
  readonly pagesAfter: number;
  readonly bytes: Buffer;
}

/** Undefined: there is none yet, or it is just being written. */
export function readWalHead(file: number): WalHead | undefined {
  const bytes = Buffer.alloc(WAL_HEAD_BYTES);
  if (readSync(file, bytes, 0, WAL_HEAD_BYTES, 0) < WAL_HEAD_BYTES) return undefined;
  const magic = bytes.readUInt32BE(0);
  if (magic !== MAGIC_LITTLE && magic !== MAGIC_BIG) return undefined;
  const isBig = magic === MAGIC_BIG;
  const sum = summed([0, 0], bytes.subarray(0, 24), isBig);
  if (bytes.readUInt32BE(24) !== sum[0] || bytes.readUInt32BE(28) !== sum[1]) return undefined;
  const salts = bytes.subarray(16, 24);
  return {
    isBig,
    pageBytes: bytes.readUInt32BE(8),
    generation: bytes.readUInt32BE(12),
    salts,
    sum,
  };
}

export function walStart(head: WalHead): WalPosition {
  return { head, offset: WAL_HEAD_BYTES, sum: head.sum, last: undefined };
}

/** The whole commits behind `from`, at least one if there is one, and not much above `bytesMax`. */
export function readCommits(
  file: number,
  from: WalPosition,
  bytesMax: number,
): { readonly frames: readonly Frame[]; readonly position: WalPosition } {
  const { head } = from;
  const frameBytes = FRAME_HEAD_BYTES + head.pageBytes;
  const frames: Frame[] = [];
  let taken = 0;
  let position = from;
  let { offset, sum } = from;
  const size = fstatSync(file).size;
  while (offset + frameBytes <= size && position.offset - from.offset < bytesMax) {
    const bytes = Buffer.allocUnsafe(frameBytes);
    if (readSync(file, bytes, 0, frameBytes, offset) < frameBytes) break;
    if (!bytes.subarray(8, 16).equals(head.salts)) break;
    sum = summed(sum, bytes.subarray(0, 8), head.isBig);
    sum = summed(sum, bytes.subarray(FRAME_HEAD_BYTES), head.isBig);
    if (bytes.readUInt32BE(16) !== sum[0] || bytes.readUInt32BE(20) !== sum[1]) break;
    offset += frameBytes;
    const pagesAfter = bytes.readUInt32BE(4);
    frames.push({
      ...{ page: bytes.readUInt32BE(0), pagesAfter, bytes: bytes.subarray(FRAME_HEAD_BYTES) },
    });
    if (pagesAfter === 0) continue;
    taken = frames.length;
    position = { head, offset, sum, last: bytes.subarray(0, FRAME_HEAD_BYTES) };
  }
  return { frames: frames.slice(0, taken), position };
}

/** True when the last frame that was taken still stands where it was. */
export function isUnchanged(file: number, { head, offset, last }: WalPosition): boolean {
  if (last === undefined) return true;
  const now = Buffer.alloc(FRAME_HEAD_BYTES);
  readSync(file, now, 0, FRAME_HEAD_BYTES, offset - FRAME_HEAD_BYTES - head.pageBytes);
  return now.equals(last);
}

export interface WalWriter {
  /** Appends frames; the caller syncs. */
  append(frames: readonly Frame[]): void;
  bytes(): number;
}

/** Begins a log in an empty file. `salts` are 8 bytes that no log of this database had before. */
export function beginWal(file: number, options: { pageBytes: number; salts: Buffer }): WalWriter {
  const { pageBytes, salts } = options;
  const head = Buffer.alloc(WAL_HEAD_BYTES);
  for (const [at, word] of [MAGIC_LITTLE, VERSION, pageBytes, 0].entries()) {
    head.writeUInt32BE(word, 4 * at);
  }
  salts.copy(head, 16);
  let sum = summed([0, 0], head.subarray(0, 24), false);
  head.writeUInt32BE(sum[0], 24);
  head.writeUInt32BE(sum[1], 28);
  writeSync(file, head, 0, WAL_HEAD_BYTES, 0);
  let offset = WAL_HEAD_BYTES;

  const append = (frames: readonly Frame[]) => {
    const out = Buffer.allocUnsafe(frames.length * (FRAME_HEAD_BYTES + pageBytes));
    let at = 0;
    for (const { page, pagesAfter, bytes } of frames) {
      out.writeUInt32BE(page, at);
      out.writeUInt32BE(pagesAfter, at + 4);
      salts.copy(out, at + 8);
      sum = summed(sum, out.subarray(at, at + 8), false);
      sum = summed(sum, bytes, false);
      out.writeUInt32BE(sum[0], at + 16);
      out.writeUInt32BE(sum[1], at + 20);
      bytes.copy(out, at + FRAME_HEAD_BYTES);
      at += FRAME_HEAD_BYTES + pageBytes;
    }
    writeSync(file, out, 0, out.length, offset);
    offset += out.length;
  };
  return { append, bytes: () => offset };
}

/** The format's checksum: 32-bit words two by two, each sum fed with the other. */
function summed([first, second]: Sum, bytes: Buffer, isBig: boolean): Sum {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let [a, b] = [first, second];
  for (let at = 0; at < bytes.length; at += 8) {
    a = (a + view.getUint32(at, !isBig) + b) >>> 0;
    b = (b + view.getUint32(at + 4, !isBig) + a) >>> 0;
  }
  return [a, b];
}
