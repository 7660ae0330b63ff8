/**
 * That an entry stands in the public log of its gate: the checkpoint that the receipt carries is
 * one of that log, signed by a key of it that still counts, and the proof leads from the entry to
 * the checkpoint's root (RFC 9162 §2.1.3).
 */
import { ed25519 } from '@noble/curves/ed25519.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { type LedgerEntry, leafText } from '../entry.ts';
import { type Checkpoint, parseCheckpoint } from '../log/checkpoint.ts';
import {
  ED25519,
  formatNoteKey,
  type NoteKey,
  parseNote,
  type SignedNote,
  signaturesOf,
} from '../log/note.ts';
import { equal, leafHashOf, rootByInclusion } from '../log/proof.ts';
import { parseTlogProof } from '../log/tlog-proof.ts';
import type { TrustedLog } from './keys.ts';
import { ReceiptRefused } from './refusal.ts';

/** A checkpoint whose signature holds. */
export interface SignedCheckpoint extends Checkpoint {
  /** `name+id+key` of who signed it. */
  readonly signedBy: string;
}

export interface LogProof {
  readonly checkpoint: SignedCheckpoint;
  readonly index: number;
  readonly hashes: readonly Uint8Array[];
}

/** The proof of a receipt, its checkpoint checked. Refuses one that is not of the gate's log. */
export function readLogProof(
  text: string,
  { gate }: LedgerEntry,
  logs: readonly TrustedLog[],
): LogProof {
  const proof = parseTlogProof(text);
  if (proof === undefined) throw new ReceiptRefused('RECEIPT_PROOF_WRONG', 'proofForm');
  const own = logs.filter((log) => log.gate === gate);
  const checkpoint = readCheckpoint(proof.checkpoint, own);
  return { checkpoint, index: proof.index, hashes: proof.hashes };
}

/** The checkpoint in a signed note. Refuses what no key of `logs` has signed. */
export function readCheckpoint(note: string, logs: readonly TrustedLog[]): SignedCheckpoint {
  const signed = parseNote(note);
  const checkpoint = signed && parseCheckpoint(signed.text);
  if (!signed || !checkpoint) throw new ReceiptRefused('RECEIPT_PROOF_WRONG', 'proofForm');
  const known = logs.filter(({ origin }) => origin === checkpoint.origin);
  if (known.length === 0) throw new ReceiptRefused('RECEIPT_LOG_FOREIGN', 'otherOrigin');
  const revoked = known.flatMap((log) => log.revoked.map(({ key }) => key));
  const signers = known.flatMap((log) => log.keys).filter((key) => hasSigned(signed, key));
  const signer = signers.find((key) => !revoked.some((one) => isSame(one, key)));
  if (signer !== undefined) return { ...checkpoint, signedBy: formatNoteKey(signer, sha256) };
  if (revoked.some((key) => hasSigned(signed, key))) {
    throw new ReceiptRefused('RECEIPT_LOG_KEY_REVOKED', 'logKeyRevoked');
  }
  throw new ReceiptRefused('RECEIPT_LOG_FOREIGN', 'otherLogKey');
}

/** The leaf's hash. Refuses an entry that is not in the log where the receipt says. */
export function checkInclusion(entry: LedgerEntry, proof: LogProof): Uint8Array {
  const leaf = leafHashOf(new TextEncoder().encode(leafText(entry)), sha256);
  const { checkpoint, index, hashes } = proof;
  if (index !== entry.seq - 1) throw new ReceiptRefused('RECEIPT_PROOF_WRONG', 'otherIndex');
  const claim = { index, size: checkpoint.size, leaf, proof: hashes };
  const root = rootByInclusion(claim, sha256);
  if (root === undefined || !equal(root, checkpoint.root)) {
    throw new ReceiptRefused('RECEIPT_PROOF_WRONG', 'otherRoot');
  }
  return leaf;
}

function hasSigned(note: SignedNote, key: NoteKey): boolean {
  if (key.type !== ED25519) return false;
  const text = new TextEncoder().encode(note.text);
  return signaturesOf(note, key, sha256).some(({ signature }) =>
    isEd25519(signature, text, key.publicKey),
  );
}

/** RFC 8032 as it is written, not the looser rule of ZIP 215. */
function isEd25519(signature: Uint8Array, text: Uint8Array, publicKey: Uint8Array): boolean {
  if (signature.length !== 64) return false;
  try {
    return ed25519.verify(signature, text, publicKey, { zip215: false });
  } catch {
    return false; // no point of the curve
  }
}

function isSame(one: NoteKey, other: NoteKey): boolean {
  return one.name === other.name && equal(one.publicKey, other.publicKey);
}
