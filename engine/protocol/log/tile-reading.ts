/**
 * Subtrees of a log that lies elsewhere, as its tiles: what a proof asks for is found out first,
 * then its tiles are fetched, each once. A wrong tile leads to another root and proves nothing.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { nodeHashOf, type Subtree } from './proof.ts';
import { TILE_WIDTH, type Tile, tilePath, widthIn } from './tile.ts';

/** Reads `checkpoint` or `tile/…` of the public log; undefined when it is not to be had. */
export type ReadLog = (path: string) => Promise<Uint8Array | undefined>;

/** A tile is not to be had, or has another length than its path says. */
export class TileMissing extends Error {}

const TILE_HEIGHT = 8;
const HASH_BYTES = 32;

/**
 * The subtrees of a tree of `size` leaves for which `prove` asks, whose own results count for
 * nothing here. Throws `TileMissing`.
 */
export async function readSubtrees(
  { size, read }: { readonly size: number; readonly read: ReadLog },
  prove: (subtree: Subtree) => void,
): Promise<Subtree> {
  const wanted = new Map<string, Tile>();
  prove((height, index) => {
    const { tile } = placeOf(height, index, size);
    wanted.set(tilePath(tile), tile);
    return new Uint8Array(HASH_BYTES);
  });
  const tiles = new Map<string, Uint8Array>();
  for (const [path, tile] of wanted) tiles.set(path, await fetchTile(path, tile, read));
  return (height, index) => {
    const { tile, first, count } = placeOf(height, index, size);
    const bytes = tiles.get(tilePath(tile)) ?? new Uint8Array();
    return rootOf(bytes.subarray(first * HASH_BYTES, (first + count) * HASH_BYTES));
  };
}

/** Where the hashes of the full subtree of 2^height leaves stand. */
function placeOf(height: number, index: number, size: number) {
  const level = Math.floor(height / TILE_HEIGHT);
  const count = 2 ** (height % TILE_HEIGHT);
  const at = index * count;
  const place = { level, index: Math.floor(at / TILE_WIDTH) };
  return { tile: { ...place, width: widthIn(size, place) }, first: at % TILE_WIDTH, count };
}

async function fetchTile(path: string, tile: Tile, read: ReadLog): Promise<Uint8Array> {
  const bytes = await read(path);
  if (bytes?.length !== tile.width * HASH_BYTES) throw new TileMissing(path);
  return bytes;
}

/** The root over a power of two of hashes that stand one after the other. */
function rootOf(hashes: Uint8Array): Uint8Array {
  let row: Uint8Array[] = [];
  for (let at = 0; at < hashes.length; at += HASH_BYTES) {
    row.push(hashes.subarray(at, at + HASH_BYTES));
  }
  while (row.length > 1) {
    const pairs = row;
    row = Array.from({ length: pairs.length / 2 }, (_, at) =>
      nodeHashOf(pairs[2 * at] as Uint8Array, pairs[2 * at + 1] as Uint8Array, sha256),
    );
  }
  return row[0] ?? hashes;
}
