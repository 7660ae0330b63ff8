/** Proofs: every one that is made leads to the root, and nothing that was changed does. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  consistencyProof,
  inclusionProof,
  isConsistent,
  leafHashOf,
  nodeHashOf,
  rootByInclusion,
  rootFrom,
  type Subtree,
} from '#protocol/log/proof.ts';

const SIZE_MAX = 70;
const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest());
const leaves = Array.from({ length: SIZE_MAX }, (_, at) =>
  leafHashOf(new TextEncoder().encode(`entry ${at}`), sha256),
);
const hex = (bytes: Uint8Array | undefined) => bytes && Buffer.from(bytes).toString('hex');

const subtree: Subtree = (level, index) =>
  level === 0
    ? leaves[index]!
    : nodeHashOf(subtree(level - 1, 2 * index), subtree(level - 1, 2 * index + 1), sha256);

/** RFC 6962 §2.1 word by word. */
function rootByDefinition(of: readonly Uint8Array[]): Uint8Array {
  if (of.length === 0) return sha256(new Uint8Array());
  if (of.length === 1) return of[0]!;
  let k = 1;
  while (k * 2 < of.length) k *= 2;
  return nodeHashOf(rootByDefinition(of.slice(0, k)), rootByDefinition(of.slice(k)), sha256);
}

const headOf = (size: number) => ({ size, root: rootByDefinition(leaves.slice(0, size)) });
const sizes = Array.from({ length: SIZE_MAX + 1 }, (_, size) => size);
/** `proof` with one bit turned, a hash taken away or one too many. */
const spoilt = (proof: readonly Uint8Array[]) =>
  fc.oneof(
    fc.constant([...proof, leaves[0]!]),
    ...(proof.length === 0
      ? []
      : [
          fc.constant(proof.slice(1)),
          fc
            .tuple(fc.nat(proof.length - 1), fc.nat(255))
            .map(([which, bit]) =>
              proof.map((hash, at) =>
                at === which ? hash.with(bit >> 3, hash[bit >> 3]! ^ (1 << (bit & 7))) : hash,
              ),
            ),
        ]),
  );

describe('the root from full subtrees', () => {
  it('is that of RFC 6962 for every size', () => {
    for (const size of sizes)
      expect(hex(rootFrom(subtree, size, sha256))).toBe(hex(headOf(size).root));
  });
});

describe('an inclusion proof', () => {
  it('leads from each leaf of each tree to its root', () => {
    for (const size of sizes) {
      const { root } = headOf(size);
      for (let index = 0; index < size; index += 1) {
        const proof = inclusionProof(subtree, index, size, sha256);
        const claim = { index, size, leaf: leaves[index]!, proof };
        expect(hex(rootByInclusion(claim, sha256))).toBe(hex(root));
      }
    }
  });

  it('leads nowhere else when it, the leaf, the place or the size was changed', () => {
    const claim = fc
      .integer({ min: 1, max: SIZE_MAX })
      .chain((size) => fc.tuple(fc.constant(size), fc.nat(size - 1)))
      .chain(([size, index]) => {
        const proof = inclusionProof(subtree, index, size, sha256);
        const right = { index, size, leaf: leaves[index]!, proof };
        return fc
          .oneof(
            spoilt(proof).map((other) => ({ ...right, proof: other })),
            fc.constant({ ...right, leaf: sha256(leaves[index]!) }),
            fc
              .nat(SIZE_MAX - 1)
              .filter((other) => other !== index)
              .map((other) => ({ ...right, index: other })),
          )
          .map((wrong) => ({ size, wrong }));
      });
    fc.assert(
      fc.property(claim, ({ size, wrong }) => {
        expect(hex(rootByInclusion(wrong, sha256))).not.toBe(hex(headOf(size).root));
      }),
      { numRuns: 500 },
    );
  });
});

describe('a consistency proof', () => {
  it('shows for all pairs of sizes that the log has only grown', () => {
    for (const size of sizes) {
      for (let from = 0; from <= size; from += 1) {
        const proof = consistencyProof(subtree, from, size, sha256);
        const claim = { before: headOf(from), after: headOf(size), proof };
        expect(isConsistent(claim, sha256), `${from} in ${size}`).toBe(true);
      }
    }
  });

  it('shows nothing when it or one of the roots was changed', () => {
    const claim = fc
      .integer({ min: 2, max: SIZE_MAX })
      .chain((size) => fc.tuple(fc.constant(size), fc.integer({ min: 1, max: size - 1 })))
      .chain(([size, from]) => {
        const proof = consistencyProof(subtree, from, size, sha256);
        const right = { before: headOf(from), after: headOf(size), proof };
        const other = { ...right.before, root: sha256(right.before.root) };
        return fc.oneof(
          spoilt(proof).map((changed) => ({ ...right, proof: changed })),
          fc.constant({ ...right, before: other }),
          fc.constant({ ...right, after: { ...right.after, root: other.root } }),
          fc.constant({ ...right, before: right.after, after: right.before }),
        );
      });
    fc.assert(
      fc.property(claim, (wrong) => {
        expect(isConsistent(wrong, sha256)).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});
