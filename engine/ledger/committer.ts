/**
 * The part of the writer that touches the disk: one commit after the other, and with them the
 * Merkle tree and the seals of the pages. It does not know how entries come to be, so that it runs
 * in the caller's thread or in one of its own (committer-thread.ts).
 */
import { assert } from '#engine/foundation/assert.ts';
import {
  bytesOf,
  decodeTree,
  EMPTY_TREE,
  encodeTree,
  extendTree,
  type Hash,
  type MerkleTree,
  rootOf,
} from './merkle.ts';
import { leafHashesOf, type Page } from './page.ts';
import { sealPage } from './seal.ts';
import { storedPageAt } from './stored-pages.ts';
import {
  encodeBatch,
  encodeInstant,
  firstSealedSeq,
  LEDGER_FORMAT,
  type LedgerTables,
} from './tables.ts';

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

/** Where the ledger ends: what the next commit grows from. Immutable. */
export interface LedgerEnd {
  readonly tree: MerkleTree;
  /** Check of the last sealed page; the Merkle root while there is none. */
  readonly chain: Hash;
  readonly sealedFrom: number;
}

/** A commit as it goes to the disk, and where the ledger ends after it. */
export interface Growth {
  readonly end: LedgerEnd;
  readonly pages: readonly { readonly lastSeq: number; readonly bytes: Uint8Array }[];
}

/** The end as the last commit left it. Fails when it and the entries differ in size. */
export function storedEnd(tables: LedgerTables): LedgerEnd {
  const stored = tables.state.get('tree');
  const tree = stored === undefined ? EMPTY_TREE : decodeTree(stored);
  const lastSeq = tables.entries.last() ?? 0;
  assert(tree.size === lastSeq, 'the ledger and its tree differ in size: run verify');
  const sealedFrom = Math.min(firstSealedSeq(tables), lastSeq + 1);
  const chain = tables.state.get('chain')?.toString('latin1');
  if (chain !== undefined) {
    const last = lastSeq < sealedFrom ? undefined : storedPageAt(tables, lastSeq);
    const isEnd = last?.seal === undefined || last.seal.check === chain;
    assert(isEnd, 'the last page of the ledger is not the one it ends with: run verify');
    return { tree, chain, sealedFrom };
  }
  assert(sealedFrom === lastSeq + 1, 'the chain of the ledger’s pages is lost: run verify');
  return { tree, chain: rootOf(tree).toString('latin1'), sealedFrom };
}

/** Commits in the caller's thread; the disk is waited for elsewhere. */
export function createCommitter(tables: LedgerTables, gate: string): Committer {
  let end = storedEnd(tables);
  return {
    commit: async (commit) => {
      const growth = grownBy(end, commit.pages);
      await tables.environment.transaction(() => writeCommit(tables, gate, commit, growth));
      end = growth.end;
    },
    watermark: (us) => tables.environment.transaction(() => writeWatermark(tables, us)),
    close: () => tables.environment.close(),
  };
}

/** The end with the leaves of `pages`, and the pages sealed. Under 2 µs a leaf. */
export function grownBy(end: LedgerEnd, pages: readonly Page[]): Growth {
  let { chain } = end;
  const sealed = pages.map((page) => {
    const { bytes, check } = sealPage(page, chain);
    chain = check;
    return { lastSeq: page.lastSeq, bytes };
  });
  const leaves = pages.flatMap(({ bytes }) => leafHashesOf(bytes));
  return { end: { ...end, tree: extendTree(end.tree, leaves), chain }, pages: sealed };
}

/** Inside a transaction only. */
export function writeCommit(
  tables: LedgerTables,
  gate: string,
  { stampUs, committedAtUs }: Pick<Commit, 'stampUs' | 'committedAtUs'>,
  { pages, end }: Growth,
): void {
  for (const { lastSeq, bytes } of pages) tables.entries.append(lastSeq, bytes);
  const { tree, chain, sealedFrom } = end;
  tables.batches.append(tree.size, encodeBatch({ root: rootOf(tree), committedAtUs }));
  tables.state.put('tree', encodeTree(tree));
  tables.state.put('chain', bytesOf(chain));
  tables.state.put('sealed', encodeInstant(sealedFrom));
  writeWatermark(tables, stampUs);
  tables.state.put('gate', Buffer.from(gate));
  tables.state.put('format', Buffer.from(String(LEDGER_FORMAT)));
}

/** Inside a transaction only. */
export function writeWatermark(tables: LedgerTables, us: number): void {
  tables.state.put('watermark', encodeInstant(us));
}
