/**
 * What the log has become since a receipt was made: that the checkpoint of the receipt is the
 * beginning of the one that the log shows now (RFC 9162 §2.1.4), so that nothing before the entry
 * was changed, taken out or put in. The proof is worked out from the log's own tiles; a wrong tile
 * leads to another root and proves nothing.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { consistencyProof, isConsistent, type Subtree } from '../log/proof.ts';
import { type ReadLog, readSubtrees, TileMissing } from '../log/tile-reading.ts';
import type { TrustedLog } from './keys.ts';
import { readCheckpoint, type SignedCheckpoint } from './log-evidence.ts';
import { ReceiptRefused } from './refusal.ts';

export type { ReadLog } from '../log/tile-reading.ts';

const CHECKPOINT_BYTES_MAX = 65_536;

/** The log's present checkpoint, of which `before` is the beginning. Refuses any other history. */
export async function compareWithLog(
  before: SignedCheckpoint,
  logs: readonly TrustedLog[],
  read: ReadLog,
): Promise<SignedCheckpoint> {
  const note = await read('checkpoint');
  if (note === undefined || note.length > CHECKPOINT_BYTES_MAX) throw unreachable();
  const own = logs.filter(({ origin }) => origin === before.origin);
  const after = readCheckpoint(new TextDecoder().decode(note), own);
  if (after.size < before.size) throw diverged('logShrunk');
  const prove = (subtree: Subtree) => consistencyProof(subtree, before.size, after.size, sha256);
  const proof = prove(await subtrees({ size: after.size, read }, prove));
  if (!isConsistent({ before, after, proof }, sha256)) throw diverged('logDiverged');
  return after;
}

async function subtrees(...wish: Parameters<typeof readSubtrees>): Promise<Subtree> {
  try {
    return await readSubtrees(...wish);
  } catch (error) {
    throw error instanceof TileMissing ? unreachable() : error;
  }
}

function unreachable(): ReceiptRefused {
  return new ReceiptRefused('RECEIPT_LOG_UNREACHABLE', 'logUnreachable');
}

function diverged(reason: 'logShrunk' | 'logDiverged'): ReceiptRefused {
  return new ReceiptRefused('RECEIPT_LOG_DIVERGED', reason);
}
