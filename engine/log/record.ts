/**
 * The last checkpoint that a gate signed, as it lies on the disk: what verify, backup and the next
 * start compare the ledger with.
 */
import { createPublicKey, verify } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { type Checkpoint, parseCheckpoint } from '#protocol/log/checkpoint.ts';
import { type NoteKey, parseNote, type SignedNote, signaturesOf } from '#protocol/log/note.ts';
import { readLogKeys, sha256 } from './keys.ts';

/** Where a gate keeps its log's keys and its last signed checkpoint. */
export interface LogPlaces {
  readonly keys: string;
  readonly checkpoint: string;
}

export interface SignedRecord {
  /** As it lies there, and read. */
  readonly note: string;
  readonly parsed: SignedNote;
  readonly checkpoint: Checkpoint;
  /** Whether one of the gate's own keys has signed it. */
  readonly isGenuine: boolean;
}

/** Undefined when nothing was signed yet. Throws when what lies there is no checkpoint. */
export function readSigned(places: LogPlaces): SignedRecord | undefined {
  if (!existsSync(places.checkpoint)) return undefined;
  const text = readFileSync(places.checkpoint, 'utf8');
  const note = parseNote(text);
  const checkpoint = note && parseCheckpoint(note.text);
  if (note === undefined || checkpoint === undefined) throw new RecordUnreadable(places.checkpoint);
  const known = existsSync(places.keys) ? readLogKeys(places.keys) : undefined;
  const keys = [...(known?.signers.map(({ key }) => key) ?? []), ...(known?.retired ?? [])];
  return {
    note: text,
    parsed: note,
    checkpoint,
    isGenuine: keys.some((key) => isSignedBy(note, key)),
  };
}

/** The record of the last signed checkpoint is none: a person has to look. */
export class RecordUnreadable extends Error {
  override name = 'RecordUnreadable';
  constructor(path: string) {
    super(`the record of the last signed checkpoint in ${path} is none`);
  }
}

/** DER of an Ed25519 SubjectPublicKeyInfo before the key's 32 bytes (RFC 8410). */
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');

/** Whether `key` has signed the note; nobody has signed one that is not there. */
export function isSignedBy(note: SignedNote | undefined, key: NoteKey): boolean {
  if (note === undefined) return false;
  const encoded = Buffer.concat([SPKI, key.publicKey]);
  const publicKey = createPublicKey({ key: encoded, format: 'der', type: 'spki' });
  return signaturesOf(note, key, sha256).some(({ signature }) =>
    verify(null, Buffer.from(note.text), publicKey, signature),
  );
}
