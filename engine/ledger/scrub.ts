/**
 * Reading a stored ledger again, a page at a time, over and over: the seal and the chain of each
 * page, and the Merkle root of each commit, from the stored bytes. Damage is found before somebody
 * asks for the entry. What it does not do: look into entries (verify does), mend, or wait.
 *
 * What the kernel holds in memory is read from there: a disk that went bad beneath is found when
 * the page has left the memory.
 */
import type { Damage } from './damage.ts';
import { EMPTY_TREE, extendTree, type Hash, hashOf, type MerkleTree, rootOf } from './merkle.ts';
import { damageOf, missingPage, storedPages } from './stored-pages.ts';
import { decodeBatch, FIRST_SEQ, type LedgerTables } from './tables.ts';

export interface ScrubStatus {
  /** Passes that came to their end since the start. */
  readonly passes: number;
  readonly lastPassAtUs: number | null;
  /** Share of the present pass that is done, 0 to 1. */
  readonly progress: number;
}

export interface Scrub {
  /** Reads pages of at least `bytes` together, or to the end of the ledger. */
  step(bytes: number): { readonly isEnd: boolean; readonly damages: readonly Damage[] };
  progress(): number;
}

/** One pass from the first page to the last after the other. */
export function createScrub(tables: LedgerTables, gate: string): Scrub {
  let nextSeq = FIRST_SEQ;
  /** Of the pages so far; undefined behind damage, until the next pass. */
  let tree: MerkleTree | undefined = EMPTY_TREE;
  let chain: Hash | undefined;

  const begin = () => {
    nextSeq = FIRST_SEQ;
    tree = EMPTY_TREE;
    chain = undefined;
  };

  const lose = () => {
    tree = undefined;
    chain = undefined;
  };

  const rootWrong = (lastSeq: number): boolean => {
    const batch = tables.batches.get(lastSeq);
    if (batch === undefined || tree === undefined) return false;
    return !rootOf(tree).equals(decodeBatch(batch).root);
  };

  return {
    progress: () => (nextSeq - 1) / Math.max(1, tables.entries.last() ?? 0),
    step: (bytes) => {
      tables.environment.refresh();
      const damages: Damage[] = [];
      const report = (damage: Damage) => {
        damages.push(damage);
        lose();
      };
      let read = 0;
      for (const page of storedPages(tables, nextSeq)) {
        const { lastSeq, firstSeq, leaves, seal } = page;
        read += leaves.reduce((sum, leaf) => sum + leaf.length, 0);
        if (page.damage !== undefined) {
          report(damageOf(tables, { gate, page: lastSeq, reason: page.damage }));
        } else {
          if (firstSeq !== nextSeq) report(missingPage(gate, nextSeq, firstSeq));
          const before = chain ?? (tree && rootOf(tree).toString('latin1'));
          if (seal !== undefined && before !== undefined && seal.chain !== before) {
            report(damageOf(tables, { gate, page: lastSeq, reason: 'CHAIN_BROKEN' }));
          }
          chain = seal?.check;
          if (tree !== undefined) tree = extendTree(tree, leaves.map(hashOf));
          if (rootWrong(lastSeq)) {
            report(damageOf(tables, { gate, page: lastSeq, reason: 'ROOT_WRONG' }));
          }
        }
        nextSeq = lastSeq + 1;
        if (read >= bytes) return { isEnd: false, damages };
      }
      begin();
      return { isEnd: true, damages };
    },
  };
}
