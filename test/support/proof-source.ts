/** A source of proofs for tests that are about something else: all is proven, unless said. */
import type { ProofSource } from '#engine/receipts/index.ts';
import { proofOf } from '#test/support/receipt-proof.ts';

export function proofSource(change: Partial<ProofSource> = {}): ProofSource {
  return {
    look: () => false,
    provenSeq: () => Number.POSITIVE_INFINITY,
    proofsOf: (entries) => entries.map((entry) => proofOf(entry)),
    troubles: () => [],
    ...change,
  };
}
