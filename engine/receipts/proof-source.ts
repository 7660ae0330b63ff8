/**
 * Where receipts get their proofs from. A receipt is made only when a signed checkpoint covers its
 * entry; until then it waits, which is nobody's fault and blames no receipt.
 *
 * The log of a gate on this machine is read in place (engine/log/log-proofs.ts). A source for
 * gates elsewhere would fetch checkpoint and tiles when it is told to look, and answer the same
 * questions.
 */
import type { LedgerEntry } from '#protocol/entry.ts';
import type { ReceiptProof } from './facts.ts';

/** Why the proofs of a gate's entries do not come. */
export interface ProofTrouble {
  readonly gate: string;
  /** A code, for instance NOT_SIGNED. */
  readonly reason: string;
}

export interface ProofSource {
  /**
   * Looks for checkpoints that are new and takes in a part of what they cover, in some
   * milliseconds. True when there is more to take in at once.
   */
  look(): boolean;
  /** Entries of `gate` up to this number can be proved; 0 while none can. Never falls. */
  provenSeq(gate: string): number;
  /**
   * One proof for each of `entries`, all of which can be proved. Throws when what is stored is not
   * what was signed: nobody is given a proof that leads nowhere.
   */
  proofsOf(
    entries: readonly LedgerEntry[],
  ): readonly ReceiptProof[] | Promise<readonly ReceiptProof[]>;
  /** What a person has to look at, as of the last look. */
  troubles(): readonly ProofTrouble[];
}
