/**
 * The check that trusts nobody: reads every stored byte of a ledger and says all that is wrong.
 *
 * Checked: numbers contiguous from 1, stamps strictly rising and inside the click day's window, one
 * entry an application, leaves in canonical form, the seal and the chain of every page, the Merkle
 * root of every commit, and that the entries end where the commits and the writer's own tree end.
 * It works beside a running gate (LMDB gives it one moment's view). It mends nothing.
 */
import type { ClickDay } from '#protocol/calendar.ts';
import { entryFromLeaf, type LedgerEntry, leafText } from '#protocol/entry.ts';
import { usFromIso } from '#protocol/time.ts';
import { EMPTY_TREE, encodeTree, extendTree, leafHash, type MerkleTree, rootOf } from './merkle.ts';
import type { LedgerReader } from './reader.ts';
import { leavesOf, type StoredPage } from './stored-pages.ts';
import { FIRST_SEQ } from './tables.ts';

/** One thing that is wrong. `code` is stable; `seq` where there is one. */
export interface Violation {
  readonly code: string;
  readonly where: string;
  readonly seq?: number;
  readonly detail: string;
}

export interface LedgerReport {
  readonly gate: string;
  readonly entries: number;
  readonly batches: number;
  readonly root: string;
  readonly violations: readonly Violation[];
}

interface Progress {
  lastSeq: number;
  lastStampUs: number;
  readonly seen: Map<string, number>;
  readonly report: (code: string, seq: number, detail: string) => void;
}

/** Checks one ledger against the calendar. O(n) in time, the application ids in memory. */
export function verifyLedger(options: {
  reader: LedgerReader;
  clickDays: readonly ClickDay[];
  /** What was signed: the ledger must have had each root at its size. */
  signed?: readonly { readonly size: number; readonly root: Uint8Array }[];
}): LedgerReport {
  const { reader, signed = [] } = options;
  const violations: Violation[] = [];
  const report = (code: string, seq: number, detail: string) => {
    violations.push({ code, where: reader.gate, seq, detail });
  };
  const progress: Progress = { lastSeq: FIRST_SEQ - 1, lastStampUs: 0, seen: new Map(), report };
  const windows = new Map(options.clickDays.map((day) => [day.id, windowOf(day)]));
  const commits = reader.batches()[Symbol.iterator]();
  let commit = commits.next();
  let batches = 0;
  let committedSeq = FIRST_SEQ - 1;
  let tree = EMPTY_TREE;
  let before: StoredPage | undefined;
  for (const page of reader.pages()) {
    checkPage(page, { before, tree, report });
    before = page;
    for (const { seq, leaf } of leavesOf(page)) {
      checkLeaf({ seq, leaf, gate: reader.gate, windows, progress });
      tree = extendTree(tree, [leafHash(leaf).toString('latin1')]);
      for (const { size, root } of signed) {
        if (tree.size !== size || rootOf(tree).equals(root)) continue;
        report('CHECKPOINT_DIFFERS', seq, 'another root was signed for these entries');
      }
      if (!commit.done && commit.value.lastSeq === seq) {
        if (!rootOf(tree).equals(commit.value.batch.root)) {
          report('ROOT_WRONG', seq, 'the Merkle root of this commit does not match its entries');
        }
        batches += 1;
        committedSeq = seq;
        commit = commits.next();
      }
    }
  }
  if (!commit.done) report('ENTRY_MISSING', commit.value.lastSeq, 'a commit has lost its entries');
  else if (committedSeq !== progress.lastSeq) {
    report('COMMIT_MISSING', progress.lastSeq, `the last commit ended at ${committedSeq}`);
  }
  const stored = reader.treeBytes() ?? encodeTree(EMPTY_TREE);
  if (!stored.equals(encodeTree(tree))) {
    report('TREE_DIFFERS', progress.lastSeq, 'the entries do not end where the writer stands');
  }
  if (before?.seal !== undefined && before.seal.check !== reader.chain()) {
    report('CHAIN_DIFFERS', progress.lastSeq, 'the pages do not end where the writer stands');
  }
  for (const { size } of signed) {
    if (tree.size >= size) continue;
    report('CHECKPOINT_AHEAD', progress.lastSeq, `${size} entries were signed`);
  }
  const root = rootOf(tree).toString('base64');
  return { gate: reader.gate, entries: tree.size, batches, root, violations };
}

/** A page whose own seal or that of the page before is broken says nothing of the chain. */
function checkPage(
  page: StoredPage,
  known: { before: StoredPage | undefined; tree: MerkleTree; report: Progress['report'] },
): void {
  const { before, tree, report } = known;
  if (page.damage !== undefined) {
    report('PAGE_DAMAGED', page.lastSeq, 'the stored bytes are not those that were sealed');
    return;
  }
  if (before?.damage !== undefined || page.seal === undefined) return;
  const chain = before?.seal?.check ?? rootOf(tree).toString('latin1');
  if (page.seal.chain !== chain) {
    report('CHAIN_BROKEN', page.lastSeq, 'this page does not follow the one before it');
  }
}

interface Window {
  readonly opensAtUs: number;
  readonly closesAtUs: number;
}

function windowOf(day: ClickDay): Window {
  return { opensAtUs: usFromIso(day.opensAt), closesAtUs: usFromIso(day.closesAt) };
}

function checkLeaf(options: {
  seq: number;
  leaf: Buffer;
  gate: string;
  windows: ReadonlyMap<string, Window>;
  progress: Progress;
}): void {
  const { seq, leaf, gate, windows, progress } = options;
  const { report } = progress;
  if (seq !== progress.lastSeq + 1) report('SEQ_GAP', seq, `follows ${progress.lastSeq}`);
  progress.lastSeq = seq;
  const entry = parsed(leaf);
  if (entry === undefined || leafText(entry) !== leaf.toString('utf8')) {
    report('LEAF_DAMAGED', seq, 'the stored bytes are not a canonical entry');
    return;
  }
  if (entry.seq !== seq || entry.gate !== gate) {
    report('LEAF_MISPLACED', seq, `the entry says ${entry.gate}/${entry.seq}`);
  }
  checkStamp(entry, windows, progress);
  const first = progress.seen.get(entry.application);
  if (first !== undefined) {
    report('APPLICATION_TWICE', seq, `${entry.application} is already number ${first}`);
  }
  progress.seen.set(entry.application, seq);
}

function checkStamp(
  entry: LedgerEntry,
  windows: ReadonlyMap<string, Window>,
  progress: Progress,
): void {
  const { report } = progress;
  if (entry.stampUs <= progress.lastStampUs) {
    report('STAMP_NOT_RISING', entry.seq, `${entry.stampUs} after ${progress.lastStampUs}`);
  }
  progress.lastStampUs = entry.stampUs;
  const window = windows.get(entry.clickDay);
  if (window === undefined) {
    report('CLICK_DAY_UNKNOWN', entry.seq, `${entry.clickDay} is not in the calendar`);
  } else if (entry.stampUs - entry.uncertaintyUs < window.opensAtUs) {
    report('STAMP_EARLY', entry.seq, 'admitted before the opening was certain');
  } else if (entry.stampUs >= window.closesAtUs) {
    report('STAMP_LATE', entry.seq, 'admitted at or after the close');
  }
}

function parsed(leaf: Buffer): LedgerEntry | undefined {
  try {
    return entryFromLeaf(leaf.toString('utf8'));
  } catch {
    return undefined;
  }
}
