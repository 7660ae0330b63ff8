/**
 * The Merkle tree of a whole log as its tiles have it: the hashes of all full tiles from level 1
 * up, and the leaves of the last tile of level 0. That is 32 bytes for each 256 entries; leaf
 * hashes of full tiles are read from the ledger again when somebody wants them.
 *
 *     level 1    [h h h …]  one for each 256 leaves          in memory
 *     level 0    ············ ············ [l l l]           in the ledger, but for the last
 */
import { bytesOf, EMPTY_ROOT, type Hash, nodeHash } from '#engine/ledger/index.ts';
import { TILE_WIDTH } from '#protocol/log/tile.ts';

const TILE_HEIGHT = 8;

/** Leaf hashes `from` up to `end`, from the ledger. */
export type LeafHashes = (from: number, end: number) => Hash[];

export class LogTree {
  /** Leaves. */
  size = 0;
  readonly #leafHashes: LeafHashes;
  #lastLeaves: Hash[] = [];
  /** At L − 1: the hashes of level L, one for each full tile of the level below. */
  readonly #rows: Hash[][] = [];

  constructor(leafHashes: LeafHashes) {
    this.#leafHashes = leafHashes;
  }

  append(leaf: Hash): void {
    this.size += 1;
    this.#lastLeaves.push(leaf);
    if (this.#lastLeaves.length < TILE_WIDTH) return;
    const tile = this.#lastLeaves;
    this.#lastLeaves = [];
    this.#carry(1, tile);
  }

  /** RFC 6962 root of all leaves, 32 bytes. */
  root(): Buffer {
    let root: Hash | undefined;
    for (const partial of [this.#lastLeaves, ...this.#rows.map(partOf)]) {
      for (const part of powersFromTheRight(partial)) {
        const hash = rootOfFull(part);
        root = root === undefined ? hash : nodeHash(hash, root);
      }
    }
    return root === undefined ? EMPTY_ROOT : bytesOf(root);
  }

  /** Hashes `from` up to `end` of a level, all of which exist. */
  hashes(level: number, from: number, end: number): Hash[] {
    if (level > 0) return this.#rows[level - 1]?.slice(from, end) ?? [];
    const inMemoryFrom = this.size - this.#lastLeaves.length;
    if (from >= inMemoryFrom) {
      return this.#lastLeaves.slice(from - inMemoryFrom, end - inMemoryFrom);
    }
    return this.#leafHashes(from, end);
  }

  /** The root of the full subtree of 2^height leaves at `index`, 32 bytes. */
  subtree(height: number, index: number): Buffer {
    const level = Math.floor(height / TILE_HEIGHT);
    const count = 2 ** (height % TILE_HEIGHT);
    return bytesOf(rootOfFull(this.hashes(level, index * count, (index + 1) * count)));
  }

  #carry(level: number, tile: readonly Hash[]) {
    const row = this.#rows[level - 1] ?? [];
    this.#rows[level - 1] = row;
    row.push(rootOfFull(tile));
    if (row.length % TILE_WIDTH === 0) this.#carry(level + 1, row.slice(-TILE_WIDTH));
  }
}

/** The hashes of a level that no full tile holds. */
function partOf(row: readonly Hash[]): Hash[] {
  return row.slice(row.length - (row.length % TILE_WIDTH));
}

/** `hashes` cut as the binary digits of their number say, the smallest part first. */
function* powersFromTheRight(hashes: readonly Hash[]): Generator<readonly Hash[]> {
  let end = hashes.length;
  for (let count = 1; end > 0; count *= 2) {
    if ((hashes.length & count) === 0) continue;
    yield hashes.slice(end - count, end);
    end -= count;
  }
}

/** The root over a power of two of hashes. */
function rootOfFull(hashes: readonly Hash[]): Hash {
  let row = hashes;
  while (row.length > 1) {
    const pairs = row;
    row = Array.from({ length: pairs.length / 2 }, (_, at) =>
      nodeHash(pairs[2 * at] as Hash, pairs[2 * at + 1] as Hash),
    );
  }
  return row[0] as Hash;
}
