/**
 * What a reader throws instead of serving bytes that are not what was written. A damaged page
 * damages nobody else: the pages before and after it go on being read.
 */

/** Which entries cannot be served. */
export interface Damage {
  readonly gate: string;
  /** Key of the page in the store: the number of its last entry. */
  readonly page: number;
  readonly fromSeq: number;
  readonly toSeq: number;
  readonly reason: DamageReason;
}

export type DamageReason =
  /** The bytes are not those that the check was made of. */
  | 'CHECK_WRONG'
  /** The page is whole but does not follow the page before it. */
  | 'CHAIN_BROKEN'
  /** No page holds these numbers. */
  | 'PAGE_MISSING'
  /** The Merkle root of a commit is not that of its entries. */
  | 'ROOT_WRONG'
  /** A page of format 2, which has no check, holds what is no entry. */
  | 'LEAF_UNREADABLE';

export class LedgerDamaged extends Error {
  override name = 'LedgerDamaged';
  readonly damage: Damage;
  constructor(damage: Damage) {
    const { gate, page, fromSeq, toSeq, reason } = damage;
    super(`the ledger of ${gate} is damaged: entries ${fromSeq}–${toSeq}, page ${page}: ${reason}`);
    this.damage = damage;
  }
}
