/**
 * The Merkle tree of a whole log as its tiles have it: the hashes of all full tiles from level 1
 * up, and the leaves of the last tile of level 0. That is 32 bytes for each 256 entries; leaf
 * hashes of full tiles are read from the ledger again when somebody wants them. A leaf costs one
 * hash on average: the tree grows along its right edge, as merkle.ts draws it.
 *
 *     level 1    [h h h …]  one for each 256 leaves          in memory
 *     level 0    ············ ············ [l l l]           in the ledger, but for the last
 */
import { bytesOf, type Hash, NODE_BYTES, nodeHash, rootOf } from '#engine/ledger/index.ts';
import { TILE_WIDTH } from '#protocol/log/tile.ts';

/** Levels of the tree in one level of tiles: 2^8 = 256. */
export const TILE_HEIGHT = 8;

/** Leaf hashes `from` up to `end`, from the ledger. */
export type LeafHashes = (from: number, end: number) => Iterable<Hash>;

export class LogTree {
  /** Leaves. */
  size = 0;
  readonly #leafHashes: LeafHashes;
  /** The roots of the full subtrees that the size's binary digits name, largest first. */
  readonly #edge: Hash[] = [];
  #lastLeaves: Hash[] = [];
  /** At L − 1: the hashes of level L, one for each full tile of the level below. */
  readonly #rows: Hash[][] = [];
  readonly #framed = Buffer.allocUnsafe(NODE_BYTES);

  constructor(leafHashes: LeafHashes) {
    this.#leafHashes = leafHashes;
  }

  append(leaf: Hash): void {
    this.#lastLeaves.push(leaf);
    let hash = leaf;
    let height = 0;
    for (let rest = this.size; rest % 2 === 1; rest = (rest - 1) / 2) {
      hash = nodeHash(this.#edge.pop() as Hash, hash, this.#framed);
      height += 1;
      if (height % TILE_HEIGHT === 0) this.#row(height / TILE_HEIGHT).push(hash);
    }
    this.#edge.push(hash);
    this.size += 1;
    if (this.#lastLeaves.length === TILE_WIDTH) this.#lastLeaves = [];
  }

  /** RFC 6962 root of all leaves, 32 bytes. */
  root(): Buffer {
    return rootOf({ size: this.size, edge: this.#edge });
  }

  /** Hashes `from` up to `end` of a level, all of which exist. */
  hashes(level: number, from: number, end: number): Hash[] {
    if (level > 0) return this.#rows[level - 1]?.slice(from, end) ?? [];
    const inMemoryFrom = this.size - this.#lastLeaves.length;
    if (from >= inMemoryFrom) {
      return this.#lastLeaves.slice(from - inMemoryFrom, end - inMemoryFrom);
    }
    return [...this.#leafHashes(from, end)];
  }

  /** The root of the full subtree of 2^height leaves at `index`, 32 bytes. */
  subtree(height: number, index: number): Buffer {
    const level = Math.floor(height / TILE_HEIGHT);
    const count = 2 ** (height % TILE_HEIGHT);
    return bytesOf(rootOfFull(this.hashes(level, index * count, (index + 1) * count)));
  }

  #row(level: number): Hash[] {
    const row = this.#rows[level - 1] ?? [];
    this.#rows[level - 1] = row;
    return row;
  }
}

/** The root over a power of two of hashes. */
export function rootOfFull(hashes: readonly Hash[]): Hash {
  let row = hashes;
  while (row.length > 1) {
    const pairs = row;
    row = Array.from({ length: pairs.length / 2 }, (_, at) =>
      nodeHash(pairs[2 * at] as Hash, pairs[2 * at + 1] as Hash),
    );
  }
  return row[0] as Hash;
}
