/** The ledgers of this machine, read in place by the processes that follow them. */
import type { Log } from '#engine/foundation/log.ts';
import { type LedgerReader, ledgerExists, openLedgerReader } from '#engine/ledger/index.ts';
import type { DataDirectory } from '#engine/store/index.ts';

/** Those that are there; looks again with each call, so that a gate may come later. */
export function localLedgers(directory: DataDirectory, log: Log): () => readonly LedgerReader[] {
  const open = new Map<string, LedgerReader>();
  return () => {
    for (const gate of directory.gates()) {
      const path = directory.ledger(gate);
      if (open.has(gate) || !ledgerExists(path)) continue;
      open.set(gate, openLedgerReader({ path, gate }));
      log.info({ gate }, 'following the ledger');
    }
    return [...open.values()];
  };
}
