/**
 * Tiles: the Merkle tree and its entries as files that never change (C2SP tlog-tiles).
 *
 *     tile/<L>/<N>[.p/<W>]         256 (or W) hashes of subtrees of 256^L leaves
 *     tile/entries/<N>[.p/<W>]     the same range of entries, each behind its length
 *
 * N is written in groups of three digits, all but the last behind an x: 1234067 is x001/x234/067.
 */

export const TILE_WIDTH = 256;
const LEVEL_MAX = 63;
const GROUP = 1000;
const ENTRY_BYTES_MAX = 65_535;

/** One tile. `level` 'entries': the entries of level 0. `width` below 256: not full yet. */
export interface Tile {
  readonly level: number | 'entries';
  readonly index: number;
  readonly width: number;
}

export function tilePath({ level, index, width }: Tile): string {
  const partial = width === TILE_WIDTH ? '' : `.p/${width}`;
  return `tile/${level}/${indexPath(index)}${partial}`;
}

function indexPath(index: number): string {
  const groups = [padded(index % GROUP)];
  for (let rest = Math.floor(index / GROUP); rest > 0; rest = Math.floor(rest / GROUP)) {
    groups.unshift(`x${padded(rest % GROUP)}`);
  }
  return groups.join('/');
}

const padded = (group: number) => String(group).padStart(3, '0');

const TILE_PATH = /^tile\/(entries|0|[1-9]\d?)\/((?:x\d{3}\/)*\d{3})(?:\.p\/([1-9]\d{0,2}))?$/;

/** The tile that `path` names; undefined when it names none, or not as it is written. */
export function parseTilePath(path: string): Tile | undefined {
  const [, level, digits, width] = TILE_PATH.exec(path) ?? [];
  if (level === undefined || digits === undefined) return undefined;
  const index = Number(digits.replaceAll(/[x/]/g, ''));
  const tile: Tile = {
    level: level === 'entries' ? level : Number(level),
    index,
    width: width === undefined ? TILE_WIDTH : Number(width),
  };
  if (tile.level !== 'entries' && tile.level > LEVEL_MAX) return undefined;
  return Number.isSafeInteger(index) && tilePath(tile) === path ? tile : undefined;
}

/** How wide a tile is in a tree of `size` leaves; 0 when it is not there. */
export function widthIn(size: number, { level, index }: Pick<Tile, 'level' | 'index'>): number {
  const leavesEach = level === 'entries' ? 1 : TILE_WIDTH ** level;
  const hashes = Math.floor(size / leavesEach);
  return Math.max(0, Math.min(TILE_WIDTH, hashes - index * TILE_WIDTH));
}

/** Entries one after the other, each behind its length (16 bits, big-endian). */
export function encodeEntries(entries: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(entries.reduce((sum, entry) => sum + 2 + entry.length, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const entry of entries) {
    if (entry.length > ENTRY_BYTES_MAX) throw new RangeError('an entry has at most 65,535 bytes');
    view.setUint16(at, entry.length);
    bytes.set(entry, at + 2);
    at += 2 + entry.length;
  }
  return bytes;
}

/** The entries of a bundle; undefined when it is cut short. */
export function decodeEntries(bytes: Uint8Array): Uint8Array[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = at + 2 > bytes.length ? Number.NaN : at + 2 + view.getUint16(at);
    if (!(end <= bytes.length)) return undefined;
    entries.push(bytes.subarray(at + 2, end));
    at = end;
  }
  return entries;
}
