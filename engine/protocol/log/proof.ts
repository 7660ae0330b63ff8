/**
 * Merkle proofs of RFC 9162 §2.1.3 and §2.1.4 (the tree of RFC 6962): an entry is in the log, and a
 * log is what it was and has only grown.
 *
 * A proof is made from the roots of full subtrees, which whoever has the tree's tiles can give, and
 * checked with nothing but a hash function.
 */
import type { Sha256 } from './note.ts';

/** The root of leaves `index · 2^level` up to `(index + 1) · 2^level`, all of which exist. */
export type Subtree = (level: number, index: number) => Uint8Array;

const LEAF = 0;
const NODE = 1;

/** SHA-256(0x00 ‖ entry). */
export function leafHashOf(entry: Uint8Array, sha256: Sha256): Uint8Array {
  const framed = new Uint8Array(1 + entry.length);
  framed[0] = LEAF;
  framed.set(entry, 1);
  return sha256(framed);
}

/** SHA-256(0x01 ‖ left ‖ right). */
export function nodeHashOf(left: Uint8Array, right: Uint8Array, sha256: Sha256): Uint8Array {
  const framed = new Uint8Array(1 + left.length + right.length);
  framed[0] = NODE;
  framed.set(left, 1);
  framed.set(right, 1 + left.length);
  return sha256(framed);
}

/** The root of a tree of `size` leaves. */
export function rootFrom(subtree: Subtree, size: number, sha256: Sha256): Uint8Array {
  return size === 0 ? sha256(new Uint8Array()) : rangeRoot(subtree, 0, size, sha256);
}

/** Siblings of leaf `index` in a tree of `size`, from the leaf's to the one below the root. */
export function inclusionProof(
  subtree: Subtree,
  index: number,
  size: number,
  sha256: Sha256,
): Uint8Array[] {
  const proof: Uint8Array[] = [];
  let [start, end] = [0, size];
  while (end - start > 1) {
    const middle = start + splitOf(end - start);
    if (index < middle) {
      proof.unshift(rangeRoot(subtree, middle, end, sha256));
      end = middle;
    } else {
      proof.unshift(rangeRoot(subtree, start, middle, sha256));
      start = middle;
    }
  }
  return proof;
}

/** Shows that the tree of `from` leaves is the beginning of the one of `size`. */
export function consistencyProof(
  subtree: Subtree,
  from: number,
  size: number,
  sha256: Sha256,
): Uint8Array[] {
  if (from === 0 || from === size) return [];
  const proof: Uint8Array[] = [];
  let [start, end] = [0, size];
  while (end !== from) {
    const middle = start + splitOf(end - start);
    if (from <= middle) {
      proof.unshift(rangeRoot(subtree, middle, end, sha256));
      end = middle;
    } else {
      proof.unshift(rangeRoot(subtree, start, middle, sha256));
      start = middle;
    }
  }
  // The old tree's own last part, unless it is the old tree: then its root is known.
  if (start > 0) proof.unshift(rangeRoot(subtree, start, end, sha256));
  return proof;
}

/** The root that a proof leads to; undefined when it cannot belong to such a tree. */
export function rootByInclusion(
  claim: { index: number; size: number; leaf: Uint8Array; proof: readonly Uint8Array[] },
  sha256: Sha256,
): Uint8Array | undefined {
  const { index, size, leaf, proof } = claim;
  if (!(index >= 0 && index < size)) return undefined;
  let [place, last] = [index, size - 1];
  let hash = leaf;
  for (const sibling of proof) {
    if (last === 0) return undefined;
    if (place % 2 === 1 || place === last) {
      hash = nodeHashOf(sibling, hash, sha256);
      while (place % 2 === 0 && place !== 0) {
        place = Math.floor(place / 2);
        last = Math.floor(last / 2);
      }
    } else hash = nodeHashOf(hash, sibling, sha256);
    place = Math.floor(place / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 ? hash : undefined;
}

/** Whether `proof` shows that the tree of `before` is the beginning of the one of `after`. */
export function isConsistent(
  claim: { before: TreeHead; after: TreeHead; proof: readonly Uint8Array[] },
  sha256: Sha256,
): boolean {
  const { before, after, proof } = claim;
  if (before.size > after.size) return false;
  if (before.size === after.size) return proof.length === 0 && equal(before.root, after.root);
  if (before.size === 0) return proof.length === 0;
  const isPower = Number.isInteger(Math.log2(before.size));
  const path = isPower ? [before.root, ...proof] : [...proof];
  const first = path.shift();
  if (first === undefined) return false;
  let [place, last] = [before.size - 1, after.size - 1];
  while (place % 2 === 1) {
    place = Math.floor(place / 2);
    last = Math.floor(last / 2);
  }
  let [old, now] = [first, first];
  for (const sibling of path) {
    if (last === 0) return false;
    if (place % 2 === 1 || place === last) {
      old = nodeHashOf(sibling, old, sha256);
      now = nodeHashOf(sibling, now, sha256);
      while (place % 2 === 0 && place !== 0) {
        place = Math.floor(place / 2);
        last = Math.floor(last / 2);
      }
    } else now = nodeHashOf(now, sibling, sha256);
    place = Math.floor(place / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && equal(old, before.root) && equal(now, after.root);
}

export interface TreeHead {
  readonly size: number;
  readonly root: Uint8Array;
}

/** The root of leaves `start` up to `end`; `start` is a multiple of the range's largest part. */
function rangeRoot(subtree: Subtree, start: number, end: number, sha256: Sha256): Uint8Array {
  const count = end - start;
  if (Number.isInteger(Math.log2(count))) return subtree(Math.log2(count), start / count);
  const middle = start + splitOf(count);
  const right = rangeRoot(subtree, middle, end, sha256);
  return nodeHashOf(rangeRoot(subtree, start, middle, sha256), right, sha256);
}

/** The largest power of two below `count`. */
function splitOf(count: number): number {
  return 2 ** Math.floor(Math.log2(count - 1));
}

export function equal(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}
