/**
 * The part of the writer that touches the disk: one commit after the other, and the Merkle tree
 * with them. It does not know how entries come to be, so that it runs in the caller's thread or in
 * one of its own (committer-thread.ts).
 */
import { assert } from '#engine/foundation/assert.ts';
import {
  decodeTree,
  EMPTY_TREE,
  encodeTree,
  extendTree,
  type MerkleTree,
  rootOf,
} from './merkle.ts';
import { leafHashesOf, type Page } from './page.ts';
import { encodeBatch, encodeInstant, LEDGER_FORMAT, type LedgerTables } from './tables.ts';

/** What is committed together. */
export interface Commit {
  readonly pages: readonly Page[];
  /** Of the last entry. */
  readonly stampUs: number;
  /** When the commit began. */
  readonly committedAtUs: number;
}

/**
 * Who commits. Each call MUST NOT resolve before what it wrote survives power loss, and rejects
 * with nothing written. One at a time.
 */
export interface Committer {
  /** `bytes` of the pages may be written again when it has ended. */
  commit(commit: Commit): Promise<void>;
  /** Promises readers that no later entry has a stamp at or below `us`. */
  watermark(us: number): Promise<void>;
  close(): Promise<void>;
}

/** The tree as the last commit left it. Fails when it and the entries differ in size. */
export function storedTree(tables: LedgerTables): MerkleTree {
  const stored = tables.state.get('tree');
  const tree = stored === undefined ? EMPTY_TREE : decodeTree(stored);
  const lastSeq = tables.entries.last() ?? 0;
  assert(tree.size === lastSeq, 'the ledger and its tree differ in size: run verify');
  return tree;
}

/** Commits in the caller's thread; the disk is waited for elsewhere. */
export function createCommitter(tables: LedgerTables, gate: string): Committer {
  let tree = storedTree(tables);
  return {
    commit: async (commit) => {
      const grown = grownBy(tree, commit.pages);
      await tables.environment.transaction(() => writeCommit(tables, gate, commit, grown));
      tree = grown;
    },
    watermark: (us) => tables.environment.transaction(() => writeWatermark(tables, us)),
    close: () => tables.environment.close(),
  };
}

/** The tree with the leaves of `pages`. About 1 µs a leaf. */
export function grownBy(tree: MerkleTree, pages: readonly Page[]): MerkleTree {
  return extendTree(
    tree,
    pages.flatMap(({ bytes }) => leafHashesOf(bytes)),
  );
}

/** Inside a transaction only. */
export function writeCommit(
  tables: LedgerTables,
  gate: string,
  { pages, stampUs, committedAtUs }: Commit,
  tree: MerkleTree,
): void {
  for (const { lastSeq, bytes } of pages) tables.entries.append(lastSeq, bytes);
  tables.batches.append(tree.size, encodeBatch({ root: rootOf(tree), committedAtUs }));
  tables.state.put('tree', encodeTree(tree));
  writeWatermark(tables, stampUs);
  tables.state.put('gate', Buffer.from(gate));
  tables.state.put('format', Buffer.from(String(LEDGER_FORMAT)));
}

/** Inside a transaction only. */
export function writeWatermark(tables: LedgerTables, us: number): void {
  tables.state.put('watermark', encodeInstant(us));
}
