/**
 * Proofs of one gate's entries, for who reads its ledger in place and is not its writer.
 *
 *     last signed checkpoint ──► tree read up to its size ──root as signed?──► proofs of all below
 *
 * The tree is made from the stored leaves and not taken over from the gate, so a proof that is
 * handed out leads from the stored entry to the signed root by our own reckoning: what was damaged
 * or set back gives no proof. One checkpoint serves for all entries until the next is read, which
 * is when somebody waits for it. 32 bytes for each 256 entries are kept, and a cache.
 */
import {
  bytesOf,
  type Hash,
  hashOf,
  LedgerDamaged,
  type LedgerReader,
} from '#engine/ledger/index.ts';
import { type LedgerEntry, leafText } from '#protocol/entry.ts';
import { inclusionProof } from '#protocol/log/proof.ts';
import { formatTlogProof } from '#protocol/log/tlog-proof.ts';
import type { SignedRecord } from './record.ts';
import type { LogRefusal } from './signed-log.ts';
import { createSubtrees } from './subtrees.ts';
import { LogTree } from './tree.ts';

/** Why entries of a gate cannot be proved. */
export type ProofTroubleCode =
  | Exclude<LogRefusal, 'ROOT_DIFFERS'>
  /** Entries wait, and for a while nothing was signed: no gate runs, or it refuses to sign. */
  | 'NOT_SIGNED'
  /** What lies in the place of the checkpoint, or of the keys, cannot be read. */
  | 'CHECKPOINT_UNREADABLE'
  /** It is not signed by a key of this gate. */
  | 'CHECKPOINT_FOREIGN';

/** What was signed last, as `readSigned` gives it. */
export type Signed = Pick<SignedRecord, 'note' | 'checkpoint' | 'isGenuine'>;

export interface EntryProofs {
  /** As in ProofSource of the receipts. `nowUs` tells how long entries have waited. */
  look(nowUs: number): boolean;
  /** Entries up to this number can be proved. Never falls. */
  provenSeq(): number;
  /** The proof of one of them, as c2sp.org/tlog-proof@v1. 50 µs. Throws TileDiffers and others. */
  proofOf(entry: LedgerEntry): string;
  trouble(): ProofTroubleCode | undefined;
}

/** Some 5 ms. */
const LEAVES_A_STEP = 2000;
/** A gate signs four times a second, and is back within a second when it dies. */
const NOT_SIGNED_AFTER_US = 10_000_000;

/** The stored entry is not the one that is to be proved. */
export class EntryDiffers extends Error {
  override name = 'EntryDiffers';
  constructor({ gate, seq }: LedgerEntry) {
    super(`entry ${seq} of gate ${gate} is not in the ledger as it is in the register`);
  }
}

export type ProofLedger = Pick<LedgerReader, 'gate' | 'refresh' | 'lastSeq' | 'leafHashes'>;

/** Knows nothing before the first `look`. `signed` may throw. */
export function createEntryProofs(
  ledger: ProofLedger,
  signed: () => Signed | undefined,
): EntryProofs {
  const tree = new LogTree((from, end) => ledger.leafHashes(from + 1, end - from));
  const subtree = createSubtrees(tree);
  let proven: Signed | undefined;
  /** Signed, and the tree is not there yet. */
  let ahead: Signed | undefined;
  let trouble: ProofTroubleCode | undefined;
  let behindSinceUs: number | undefined;

  const provenSeq = () => proven?.checkpoint.size ?? 0;

  const recorded = (): Signed | undefined => {
    try {
      return signed();
    } catch {
      trouble = 'CHECKPOINT_UNREADABLE';
      return undefined;
    }
  };
  /** A checkpoint that covers more; undefined and perhaps a trouble when there is none. */
  const newer = (): Signed | undefined => {
    const found = recorded();
    ledger.refresh(); // after: what was signed was stored before
    if (found === undefined || found.checkpoint.size <= provenSeq()) return undefined;
    if (!found.isGenuine) trouble = 'CHECKPOINT_FOREIGN';
    else if (found.checkpoint.size > ledger.lastSeq()) trouble = 'SIGNED_OTHERWISE';
    return trouble === undefined ? found : undefined;
  };
  const read = ({ size, root }: Signed['checkpoint']): boolean => {
    const end = Math.min(size, tree.size + LEAVES_A_STEP);
    for (const leaf of ledger.leafHashes(tree.size + 1, end - tree.size)) tree.append(leaf);
    if (tree.size < size) return true;
    if (tree.root().equals(root)) proven = ahead;
    else trouble = 'SIGNED_OTHERWISE'; // and stays so: what is in the tree is in doubt
    ahead = undefined;
    return false;
  };
  const noteWaiting = (nowUs: number, isMoving: boolean) => {
    if (isMoving || ledger.lastSeq() <= provenSeq()) behindSinceUs = undefined;
    else behindSinceUs ??= nowUs;
    const waitedUs = nowUs - (behindSinceUs ?? nowUs);
    if (waitedUs > NOT_SIGNED_AFTER_US) trouble ??= 'NOT_SIGNED';
  };

  return {
    provenSeq,
    trouble: () => trouble,
    look: (nowUs) => {
      trouble = undefined;
      try {
        ahead ??= newer();
        const isMoving = ahead !== undefined;
        const isMore = ahead !== undefined && read(ahead.checkpoint);
        noteWaiting(nowUs, isMoving);
        return isMore;
      } catch (error) {
        if (!(error instanceof LedgerDamaged)) throw error;
        trouble = 'LEDGER_DAMAGED';
        return false;
      }
    },
    proofOf: (entry) => {
      const index = entry.seq - 1;
      if (proven === undefined || entry.seq > provenSeq()) throw new EntryDiffers(entry);
      if (subtree(0, index) !== leafHashOf(entry)) throw new EntryDiffers(entry);
      const { note, checkpoint } = proven;
      const at = (height: number, place: number) => bytesOf(subtree(height, place));
      const hashes = inclusionProof(at, index, checkpoint.size, sha256);
      return formatTlogProof({ index, hashes, checkpoint: note });
    },
  };
}

const sha256 = (bytes: Uint8Array): Uint8Array => bytesOf(hashOf(bytes));

const leafHashOf = (entry: LedgerEntry): Hash => hashOf(Buffer.from(`\0${leafText(entry)}`));
