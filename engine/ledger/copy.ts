/**
 * A second ledger that follows the first, page by page: what a commit wrote is checked against its
 * seals, its chain and its Merkle root and appended with one transaction of ours. At any moment the
 * copy is a ledger like any other that ends with a commit of the original.
 *
 * It never goes on over a page that is damaged, nor over a copy that has another history.
 */
import { assert } from '#engine/foundation/assert.ts';
import { entryFromLeaf } from '#protocol/entry.ts';
import { type LedgerEnd, storedEnd, writeWatermark } from './committer.ts';
import { bytesOf, encodeTree, extendTree, type Hash, hashOf, rootOf } from './merkle.ts';
import {
  leavesOf,
  type StoredLeaf,
  type StoredPage,
  soundPage,
  storedPages,
} from './stored-pages.ts';
import {
  type BatchRecord,
  decodeBatch,
  decodeInstant,
  encodeBatch,
  encodeInstant,
  firstSealedSeq,
  type LedgerTables,
  openLedgerTables,
} from './tables.ts';

export interface LedgerCopy {
  readonly gate: string;
  /**
   * Copies what has been committed since, up to `COMMITS_MAX` commits. MUST NOT resolve before it
   * survives power loss. True when the copy then equals the original as it was at the call. Throws
   * LedgerDamaged or CopyDiffers.
   */
  step(): Promise<boolean>;
  lastSeq(): number;
  close(): Promise<void>;
}

/** The copy is not of this ledger, or the original was set back. Nothing was written. */
export class CopyDiffers extends Error {
  override name = 'CopyDiffers';
}

const COMMITS_MAX = 256;

/** Opens the ledger in `from` to read and the copy in `to` (made if need be) to write. */
export function openLedgerCopy(options: { from: string; to: string; gate: string }): LedgerCopy {
  const { from, to, gate } = options;
  const source = openLedgerTables({ path: from, readOnly: true });
  const target = openLedgerTables({ path: to });
  let end = storedEnd(target);
  checkHistory({ source, target, end, to });

  const step = async () => {
    source.environment.refresh();
    const growth = nextCommits(source, gate, end);
    const isWhole = growth.end.tree.size === (source.entries.last() ?? 0);
    const watermarkUs = decodeInstant(source.state.get('watermark'));
    const knownUs = decodeInstant(target.state.get('watermark'));
    if (growth.commits.length === 0 && !(isWhole && watermarkUs > knownUs)) return isWhole;
    await target.environment.transaction(() => {
      if (growth.commits.length > 0) writeGrowth(source, target, growth);
      if (isWhole) writeWatermark(target, watermarkUs);
    });
    end = growth.end;
    return isWhole;
  };

  return {
    gate,
    step,
    lastSeq: () => end.tree.size,
    close: async () => {
      await source.environment.close();
      await target.environment.close();
    },
  };
}

interface CopiedCommit {
  readonly lastSeq: number;
  readonly batch: BatchRecord;
  readonly pages: readonly StoredPage[];
}

interface CopyGrowth {
  readonly commits: readonly CopiedCommit[];
  readonly end: LedgerEnd;
}

/** The commits of the original behind `end`, each checked. */
function nextCommits(source: LedgerTables, gate: string, end: LedgerEnd): CopyGrowth {
  const commits: CopiedCommit[] = [];
  const pages = storedPages(source, end.tree.size + 1);
  let { tree, chain } = end;
  const range = { start: end.tree.size + 1, limit: COMMITS_MAX };
  for (const { key: lastSeq, value } of source.batches.range(range)) {
    const batch = decodeBatch(value);
    const taken: StoredPage[] = [];
    while (tree.size < lastSeq) {
      const next = pages.next();
      if (next.done) throw new CopyDiffers(`${gate}: commit ${lastSeq} has lost its entries`);
      const page = soundPage(source, gate, next.value);
      tree = extendTree(tree, page.leaves.map(hashOf));
      chain = page.seal === undefined ? rootHash(tree) : followed(page, chain, gate);
      taken.push(page);
    }
    if (tree.size !== lastSeq || !rootOf(tree).equals(batch.root)) {
      throw new CopyDiffers(`${gate}: the Merkle root of commit ${lastSeq} is another`);
    }
    commits.push({ lastSeq, batch, pages: taken });
  }
  return { commits, end: { tree, chain, sealedFrom: firstSealedSeq(source) } };
}

const rootHash = (tree: LedgerEnd['tree']): Hash => rootOf(tree).toString('latin1');

/** The check of a page that follows `chain`. */
function followed({ lastSeq, seal }: StoredPage, chain: Hash, gate: string): Hash {
  assert(seal !== undefined, 'only a sealed page follows another');
  if (seal.chain === chain) return seal.check;
  throw new CopyDiffers(`${gate}: page ${lastSeq} does not follow what was copied before it`);
}

/** Inside a transaction only. Pages go over as the bytes they are. */
function writeGrowth(source: LedgerTables, target: LedgerTables, growth: CopyGrowth): void {
  const { commits, end } = growth;
  for (const { lastSeq, batch, pages } of commits) {
    for (const page of pages) {
      target.entries.append(page.lastSeq, source.entries.get(page.lastSeq) as Buffer);
    }
    target.batches.append(lastSeq, encodeBatch(batch));
  }
  target.state.put('tree', encodeTree(end.tree));
  if (end.sealedFrom <= end.tree.size) {
    target.state.put('chain', bytesOf(end.chain));
    target.state.put('sealed', encodeInstant(end.sealedFrom));
    target.state.put('format', Buffer.from('3'));
  } else target.state.put('format', Buffer.from('2'));
  target.state.put('gate', source.state.get('gate') as Buffer);
  writeWatermark(target, lastStampUs(commits));
}

/** No later entry has a stamp at or below it. */
function lastStampUs(commits: readonly CopiedCommit[]): number {
  const [last] = [...leavesOf(commits.at(-1)?.pages.at(-1) as StoredPage)].slice(-1);
  return entryFromLeaf((last as StoredLeaf).leaf.toString('utf8')).stampUs;
}

function checkHistory(options: {
  source: LedgerTables;
  target: LedgerTables;
  end: LedgerEnd;
  to: string;
}): void {
  const { source, target, end, to } = options;
  if (end.tree.size === 0) return;
  const here = target.batches.get(end.tree.size);
  const there = source.batches.get(end.tree.size);
  if (here !== undefined && there?.equals(here)) return;
  throw new CopyDiffers(
    `the copy in ${to} ends with number ${end.tree.size}, where the original has another history ` +
      '(was it set back to a backup?): keep this copy, and follow into a new folder',
  );
}
