/**
 * Stands in for the thread of a gate's public log and its file: four times a second the root that
 * the ledger has on disk becomes a checkpoint, in the form of a signed one. Nobody verifies the
 * signature here; that proofs lead to a root that was signed is checked (check-proofs.ts).
 */
import type { LedgerReader } from '#engine/ledger/index.ts';
import { formatCheckpoint } from '#protocol/log/checkpoint.ts';
import { formatNote } from '#protocol/log/note.ts';
import type { SimulatedProcess } from './process.ts';

/** A checkpoint as it lies in the gate's directory, and read. */
export interface SignedCheckpoint {
  readonly note: string;
  readonly checkpoint: { readonly origin: string; readonly size: number; readonly root: Buffer };
  readonly isGenuine: true;
}

const SIGN_EVERY_MS = 250;
const SIGNATURE = new Uint8Array(64);

/** Signs in `process`, as long as it lives. */
export function startSigner(
  process: SimulatedProcess,
  ledger: LedgerReader,
  keep: (signed: SignedCheckpoint) => void,
): void {
  const origin = `clickday.example/${ledger.gate}`;
  let size = 0;
  process.timers.every(SIGN_EVERY_MS, () => {
    ledger.refresh();
    const root = ledger.root();
    if (root === undefined || ledger.lastSeq() === size) return;
    size = ledger.lastSeq();
    const checkpoint = { origin, size, root };
    const signatures = [{ name: origin, keyId: 0, signature: SIGNATURE }];
    const note = formatNote({ text: formatCheckpoint(checkpoint), signatures });
    keep({ note, checkpoint, isGenuine: true });
  });
}
