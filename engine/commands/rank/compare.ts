/**
 * A published list against the one that was rebuilt, byte by byte. A list only ever grows at its
 * end: what was published earlier must be the beginning of what the logs give now.
 */
import {
  closeSync,
  createReadStream,
  createWriteStream,
  existsSync,
  openSync,
  readSync,
} from 'node:fs';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { Refused } from '../context.ts';
import { type Fetching, fetchPatiently } from './fetching.ts';

export interface Difference {
  /** Line in both files, from 1. */
  readonly line: number;
  readonly published: string | undefined;
  readonly rebuilt: string | undefined;
}

export interface Comparison {
  /** Lines that are the same, the head of a CSV included. */
  readonly same: number;
  /** Lines that only the logs give: not published when the list was read. */
  readonly more: number;
  readonly difference: Difference | undefined;
}

/** Lays the list at a URL into `path`; a file that is there already is used as it is. */
export async function takeList(source: string, path: string, fetching: Fetching): Promise<string> {
  if (!/^https?:/.test(source)) {
    if (existsSync(source)) return source;
    throw new Refused('USAGE', `--compare ${source}: there is no such file, and it is no URL`);
  }
  const response = await fetchPatiently(source, fetching);
  if (!response.ok || response.body === null) {
    throw new Refused('LOG_UNREACHABLE', `${source}: status ${response.status}`);
  }
  const body = Readable.fromWeb(response.body as ReadableStream);
  await pipeline(body, createWriteStream(path));
  return path;
}

const PROTOCOL = /[a-z0-9][a-z0-9.-]*\/([a-z0-9][a-z0-9-]*)\/(\d{9,10})\b/i;

/** How far into each gate's log a list goes: its highest number by gate. */
export async function reachOf(path: string): Promise<Map<string, number>> {
  const reach = new Map<string, number>();
  for await (const line of linesOf(path)) {
    const [, gate, digits] = PROTOCOL.exec(line) ?? [];
    if (gate !== undefined) reach.set(gate, Math.max(Number(digits), reach.get(gate) ?? 0));
  }
  return reach;
}

/** Compares two files byte by byte, a piece at a time. */
export function compareLists(published: string, rebuilt: string): Comparison {
  const [theirs, ours] = [openPieces(published), openPieces(rebuilt)];
  try {
    let same = 0;
    let lineStart = 0;
    for (let at = 0; ; at += PIECE_BYTES) {
      const [piece, own] = [theirs.at(at), ours.at(at)];
      const length = Math.min(piece.length, own.length);
      const isSame = piece.subarray(0, length).equals(own.subarray(0, length));
      const equal = isSame ? length : firstDifference(piece, own);
      for (let byte = piece.indexOf(LINE_FEED); byte >= 0 && byte < equal; ) {
        same += 1;
        lineStart = at + byte + 1;
        byte = piece.indexOf(LINE_FEED, byte + 1);
      }
      const isWhole = equal === piece.length && piece.length < PIECE_BYTES;
      const endsInLine = lineStart === at + piece.length;
      if (isWhole && endsInLine) {
        return { same, more: ours.linesFrom(lineStart), difference: undefined };
      }
      if (!isSame || piece.length !== own.length || isWhole) {
        const lines = { published: theirs.line(lineStart), rebuilt: ours.line(lineStart) };
        return { same, more: 0, difference: { line: same + 1, ...lines } };
      }
    }
  } finally {
    theirs.close();
    ours.close();
  }
}

const PIECE_BYTES = 64 * 1024;
const LINE_BYTES_SHOWN = 1000;
const LINE_FEED = 0x0a;

function firstDifference(one: Buffer, other: Buffer): number {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at += 1;
  return at;
}

function openPieces(path: string) {
  const file = openSync(path, 'r');
  const read = (at: number, length: number) => {
    const bytes = Buffer.alloc(length);
    let filled = 0;
    while (filled < length) {
      const count = readSync(file, bytes, filled, length - filled, at + filled);
      if (count === 0) break;
      filled += count;
    }
    return bytes.subarray(0, filled);
  };
  return {
    at: (at: number) => read(at, PIECE_BYTES),
    /** The line that begins at this byte, cut when it is long; undefined at the end. */
    line: (at: number): string | undefined => {
      const bytes = read(at, LINE_BYTES_SHOWN);
      const end = bytes.indexOf(LINE_FEED);
      return bytes.length === 0 ? undefined : bytes.toString('utf8', 0, end < 0 ? undefined : end);
    },
    linesFrom: (from: number): number => {
      let count = 0;
      for (let at = from, piece = read(at, PIECE_BYTES); piece.length > 0; ) {
        for (const byte of piece) if (byte === LINE_FEED) count += 1;
        at += piece.length;
        piece = read(at, PIECE_BYTES);
      }
      return count;
    },
    close: () => closeSync(file),
  };
}

function linesOf(path: string): AsyncIterable<string> {
  return createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY });
}
