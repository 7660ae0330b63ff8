/**
 * A log that is signed: it follows a ledger, computes the tree from the bytes that are stored, and
 * signs what it has seen, never two roots of one size.
 *
 *     ledger on disk ──every leaf hashed again──► tree ──root as the writer's?──► record ──► signed
 *                                                  └─ as the last signed one?      (on disk)
 *
 * What was signed is on disk before anybody sees it. After a restart nothing is signed before the
 * tree has passed that size with that root: a ledger that was set back, or in which a bit was
 * turned, gets no signature any more (that is how the CT log Yeti 2022 ended, for want of it).
 */
import { isSignedBy } from '#engine/foundation/note-signing.ts';
import { type CommitRecord, LedgerDamaged, type LedgerReader } from '#engine/ledger/index.ts';
import { replaceFile } from '#engine/store/index.ts';
import { formatCheckpoint } from '#protocol/log/checkpoint.ts';
import { formatNote } from '#protocol/log/note.ts';
import type { LogKeys } from './keys.ts';
import { type LogPlaces, readSigned } from './record.ts';
import { LogTree } from './tree.ts';

export type LogRefusal =
  /** The ledger is shorter than what was signed, or has another root at that size. */
  | 'SIGNED_OTHERWISE'
  /** The root over the stored bytes is not the one that the writer noted. */
  | 'ROOT_DIFFERS'
  /** A page cannot be read. */
  | 'LEDGER_DAMAGED';

/** Why nothing is signed now: for good, or for want of room for the record. */
export type LogTrouble = LogRefusal | 'RECORD_UNWRITABLE';

export interface SignedLog {
  /**
   * Reads some `LEAVES_A_STEP` leaves, to the end of a commit, whose root was noted. True when the
   * tree has come as far as the ledger.
   */
  step(): boolean;
  /**
   * Signs what was read, if there is more than was signed: after any step, since a log that lags
   * behind has a root to sign too. Throws when the record cannot be written: then the last note
   * stays, and it may be tried again.
   */
  sign(): void;
  /** Entries that the ledger had at the last step. */
  seen(): number;
  /** True when the tree has passed what was signed last. */
  mayBeSigned(): boolean;
  /** The last signed note, also while the ledger is still read. */
  checkpoint(): string | undefined;
  readonly tree: LogTree;
  /** Why nothing is signed any more; undefined while all is well. */
  refusal(): LogRefusal | undefined;
}

/** More than most commits have; under 2 ms. */
const LEAVES_A_STEP = 1024;

export function createSignedLog(options: {
  ledger: LedgerReader;
  keys: LogKeys;
  places: LogPlaces;
}): SignedLog {
  const { ledger, keys, places } = options;
  const tree = new LogTree((from, end) => ledger.leafHashes(from + 1, end - from));
  const recorded = readSigned(places);
  const signed = recorded?.checkpoint;
  let note = recorded?.note;
  let signedSize = signed?.size ?? -1;
  let isKeyNew = keys.signers.some(({ key }) => !isSignedBy(recorded?.parsed, key));
  let refusal: LogRefusal | undefined;
  let seen = 0;
  if (signed !== undefined && ledger.lastSeq() < signed.size) refusal = 'SIGNED_OTHERWISE';

  const take = (until: number): LogRefusal | undefined => {
    for (const leaf of ledger.leafHashes(tree.size + 1, until - tree.size)) {
      tree.append(leaf);
      if (tree.size === signed?.size && !tree.root().equals(signed.root)) return 'SIGNED_OTHERWISE';
    }
    return undefined;
  };

  /** Where a step ends: at the last commit within it, or at the next one, if that is larger. */
  const nextCommit = (): CommitRecord | undefined => {
    const within = ledger.batchUpTo(tree.size + LEAVES_A_STEP);
    if (within !== undefined && within.lastSeq > tree.size) return within;
    for (const next of ledger.batches(tree.size + 1)) return next;
    return undefined;
  };

  /** Takes what one step takes, all of which the writer has noted a root over. */
  const grow = (): LogRefusal | undefined => {
    const commit = nextCommit();
    if (commit === undefined) return 'ROOT_DIFFERS';
    try {
      const refused = take(commit.lastSeq);
      if (refused !== undefined) return refused;
    } catch (error) {
      if (!(error instanceof LedgerDamaged)) throw error;
      return 'LEDGER_DAMAGED';
    }
    return tree.root().equals(commit.batch.root) ? undefined : 'ROOT_DIFFERS';
  };

  /** What has not yet been compared with the last signed one is not signed. */
  const mayBeSigned = () => tree.size >= signedSize;

  return {
    tree,
    seen: () => seen,
    mayBeSigned,
    refusal: () => refusal,
    step: () => {
      if (refusal !== undefined) return true;
      ledger.refresh();
      seen = ledger.lastSeq();
      if (tree.size < seen) refusal = grow();
      if (refusal !== undefined) return true;
      if (tree.size < seen) return false;
      const noted = ledger.root();
      if (noted !== undefined && !noted.equals(tree.root())) refusal = 'ROOT_DIFFERS';
      return true;
    },
    sign: () => {
      if (refusal !== undefined || !mayBeSigned()) return;
      if (tree.size === signedSize && !isKeyNew) return;
      const { origin, signers } = keys;
      const text = formatCheckpoint({ origin, size: tree.size, root: tree.root() });
      const next = formatNote({ text, signatures: signers.map((signer) => signer.sign(text)) });
      replaceFile(places.checkpoint, next);
      note = next;
      signedSize = tree.size;
      isKeyNew = false;
    },
    checkpoint: () => note,
  };
}
