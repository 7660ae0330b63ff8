/**
 * The roots of full subtrees of a log, for proofs of many entries one after the other. A full
 * subtree never changes, so what was computed once is kept while there is room: the proofs of 256
 * neighbours cost one tile.
 */
import { type Hash, nodeHash } from '#engine/ledger/index.ts';
import { TILE_WIDTH } from '#protocol/log/tile.ts';
import { type LogTree, rootOfFull, TILE_HEIGHT } from './tree.ts';

/** Heights below this; and no tree of ours is as high. */
const HEIGHTS = 64;
/** About twelve tiles: 1 MB. */
const KNOWN_MAX = 8192;

/** The leaves that the ledger gives now are not those from which the tree was made. */
export class TileDiffers extends Error {
  override name = 'TileDiffers';
  constructor(tile: number) {
    super(`the entries of tile ${tile} are not those that were signed`);
  }
}

/**
 * The root of leaves `index · 2^height` up to the next such, all of which the tree has. Leaves of
 * full tiles come from the ledger again, and are compared with the tree: throws TileDiffers.
 */
export function createSubtrees(tree: LogTree): (height: number, index: number) => Hash {
  const known = new Map<number, Hash>();

  const keep = (height: number, index: number, hash: Hash) => {
    if (known.size >= KNOWN_MAX) known.clear();
    known.set(index * HEIGHTS + height, hash);
  };
  const subtree = (height: number, index: number): Hash => {
    const found = known.get(index * HEIGHTS + height);
    if (found !== undefined) return found;
    if (height === 0) return leaf(index);
    const hash =
      height % TILE_HEIGHT === 0
        ? (tree.hashes(height / TILE_HEIGHT, index, index + 1)[0] as Hash)
        : nodeHash(subtree(height - 1, 2 * index), subtree(height - 1, 2 * index + 1));
    keep(height, index, hash);
    return hash;
  };
  const leaf = (index: number): Hash => {
    const tile = Math.floor(index / TILE_WIDTH);
    const from = tile * TILE_WIDTH;
    const leaves = tree.hashes(0, from, Math.min(from + TILE_WIDTH, tree.size));
    const [signed] = tree.hashes(1, tile, tile + 1);
    if (signed !== undefined && rootOfFull(leaves) !== signed) throw new TileDiffers(tile);
    for (const [at, hash] of leaves.entries()) keep(0, from + at, hash);
    return leaves[index - from] as Hash;
  };
  return subtree;
}
