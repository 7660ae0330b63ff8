/** The Merkle tree of RFC 6962 against its well-known vectors and a second implementation. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leafHash } from '#engine/ledger/index.ts';
import {
  decodeTree,
  EMPTY_TREE,
  encodeTree,
  extendTree,
  nodeHash,
  rootOf,
} from '#engine/ledger/merkle.ts';

const LEAVES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
].map((hex) => Buffer.from(hex, 'hex'));

/** Roots of the first 1 … 8 leaves, as in the test data of Certificate Transparency. */
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

const sha256 = (...parts: readonly Buffer[]) =>
  createHash('sha256').update(Buffer.concat(parts)).digest();

/** RFC 6962 §2.1 word by word: split at the largest power of two below n. */
function rootByDefinition(leaves: readonly Buffer[]): Buffer {
  if (leaves.length === 0) return sha256();
  if (leaves.length === 1) return sha256(Buffer.of(0), leaves[0]!);
  let k = 1;
  while (k * 2 < leaves.length) k *= 2;
  const [left, right] = [leaves.slice(0, k), leaves.slice(k)];
  return sha256(Buffer.of(1), rootByDefinition(left), rootByDefinition(right));
}

/** A leaf's hash as the tree takes it. */
const hashText = (leaf: Uint8Array | string) => leafHash(leaf).toString('latin1');

const treeOf = (leaves: readonly Buffer[]) => extendTree(EMPTY_TREE, leaves.map(hashText));

describe('the root', () => {
  it('is that of the known vectors for 1 to 8 leaves', () => {
    const roots = ROOTS.map((_, at) => rootOf(treeOf(LEAVES.slice(0, at + 1))).toString('hex'));
    expect(roots).toEqual(ROOTS);
    const again = ROOTS.map((_, at) => rootByDefinition(LEAVES.slice(0, at + 1)).toString('hex'));
    expect(again).toEqual(ROOTS);
  });

  it('of no leaf is SHA-256 of nothing', () => {
    expect(rootOf(EMPTY_TREE).toString('hex')).toBe(
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    );
  });

  it('is that of the definition for any leaves', () => {
    const leaves = fc.array(
      fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
      {
        maxLength: 70,
      },
    );
    fc.assert(
      fc.property(leaves, (all) => {
        expect(rootOf(treeOf(all))).toEqual(rootByDefinition(all));
      }),
    );
  });

  it('keeps leaves and nodes apart', () => {
    const [a, b] = [hashText('a'), hashText('b')];
    expect(nodeHash(a, b)).not.toBe(hashText(Buffer.from(a + b, 'latin1')));
  });
});

describe('a tree', () => {
  const hashes = fc
    .array(fc.string(), { minLength: 0, maxLength: 40 })
    .map((all) => all.map(hashText));

  it('grown in pieces is the tree grown at once, and the old one is unchanged', () => {
    fc.assert(
      fc.property(hashes, hashes, (first, second) => {
        const before = extendTree(EMPTY_TREE, first);
        const root = rootOf(before);
        const pieces = extendTree(before, second);
        expect(pieces).toEqual(extendTree(EMPTY_TREE, [...first, ...second]));
        expect(rootOf(before)).toEqual(root);
        expect(before.size).toBe(first.length);
      }),
    );
  });

  it('is the same after it was stored', () => {
    fc.assert(
      fc.property(hashes, (all) => {
        const tree = extendTree(EMPTY_TREE, all);
        expect(decodeTree(encodeTree(tree))).toEqual(tree);
      }),
    );
  });

  it('is refused when its stored bytes cannot be one', () => {
    const bytes = encodeTree(extendTree(EMPTY_TREE, [hashText('a'), hashText('b')]));
    expect(() => decodeTree(bytes.subarray(0, -1))).toThrow('wrong length');
    expect(() => decodeTree(Buffer.concat([bytes, bytes]))).toThrow('wrong length');
  });
});
