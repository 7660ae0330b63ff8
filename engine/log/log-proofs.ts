/**
 * Proofs of the entries of all gates on this machine, gate by gate: a log that is not signed any
 * more holds up its own receipts and nobody else's. Reads in place and writes nothing.
 */
import type { Clock } from '#engine/clock/index.ts';
import { assert } from '#engine/foundation/assert.ts';
import type { Log } from '#engine/foundation/log.ts';
import type { LedgerEntry } from '#protocol/entry.ts';
import {
  createEntryProofs,
  type EntryProofs,
  type ProofLedger,
  type ProofTroubleCode,
  type Signed,
} from './entry-proofs.ts';

/** What receipts ask of a source of proofs, and get here at once. */
export interface LogProofs {
  look(): boolean;
  provenSeq(gate: string): number;
  proofsOf(entries: readonly LedgerEntry[]): { readonly tlogProof: string }[];
  troubles(): { gate: string; reason: ProofTroubleCode }[];
}

export interface LogProofsParts {
  /** Those that are there now; a gate may come later. */
  readonly ledgers: () => readonly ProofLedger[];
  /** What this gate signed last. */
  readonly signed: (gate: string) => Signed | undefined;
  readonly clock: Pick<Clock, 'nowUs'>;
  readonly log: Log;
}

export function createLogProofs({ ledgers, signed, clock, log }: LogProofsParts): LogProofs {
  const gates = new Map<string, EntryProofs>();

  const follow = () => {
    for (const ledger of ledgers()) {
      const { gate } = ledger;
      if (!gates.has(gate))
        gates.set(
          gate,
          createEntryProofs(ledger, () => signed(gate)),
        );
    }
  };
  const tell = (gate: string, before: string | undefined, reason: string | undefined) => {
    if (reason === before) return;
    if (reason === undefined) log.info({ gate }, 'receipts of this gate have their proofs again');
    else log.error({ gate, reason }, 'receipts of this gate wait: its log gives no proof');
  };

  return {
    look: () => {
      follow();
      let isMore = false;
      for (const [gate, proofs] of gates) {
        const before = proofs.trouble();
        isMore = proofs.look(clock.nowUs()) || isMore;
        tell(gate, before, proofs.trouble());
      }
      return isMore;
    },
    provenSeq: (gate) => gates.get(gate)?.provenSeq() ?? 0,
    proofsOf: (entries) =>
      entries.map((entry) => {
        const proofs = gates.get(entry.gate);
        assert(proofs !== undefined, `nothing of gate ${entry.gate} is proven`);
        return { tlogProof: proofs.proofOf(entry) };
      }),
    troubles: () =>
      Array.from(gates, ([gate, proofs]) => ({ gate, reason: proofs.trouble() })).filter(
        (each): each is { gate: string; reason: ProofTroubleCode } => each.reason !== undefined,
      ),
  };
}
