/**
 * The one order of entries over all gates: `(stamp, gate, seq)`. The registrar keeps it, the
 * published ranking shows it, and anybody can put the entries of the public logs into it again.
 */
import type { LedgerEntry } from '../entry.ts';

/** What decides an entry's place. */
export type OrderKey = Pick<LedgerEntry, 'stampUs' | 'gate' | 'seq'>;

/** Below zero when `a` comes before `b`. */
export function compareEntries(a: OrderKey, b: OrderKey): number {
  if (a.stampUs !== b.stampUs) return a.stampUs - b.stampUs;
  if (a.gate !== b.gate) return a.gate < b.gate ? -1 : 1;
  return a.seq - b.seq;
}
