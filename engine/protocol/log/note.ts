/**
 * Signed notes: a text, a blank line, and signature lines (C2SP signed-note). Checkpoints of the
 * log are such notes.
 *
 *     clickday.example/g1
 *     1234
 *     <root, base64>
 *
 *     — clickday.example/g1 <key id and signature, base64>
 *
 * The format alone: signing and verifying are passed in, since Node and browsers do them with
 * different means.
 */
import { fromBase64, toBase64 } from './base64.ts';

/** SHA-256 of `bytes`, 32 bytes. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array;

/** 0x01: Ed25519 over the note's text; 0x04: a witness' cosignature with its time. */
export type SignatureType = 1 | 4;
export const ED25519: SignatureType = 1;
export const COSIGNATURE: SignatureType = 4;

export interface NoteSignature {
  readonly name: string;
  /** Unsigned, 32 bits. */
  readonly keyId: number;
  /** What follows the key id. */
  readonly signature: Uint8Array;
}

export interface SignedNote {
  /** With its final newline: the bytes that are signed, in UTF-8. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** Who signs: name and public key, as a verifier knows them. */
export interface NoteKey {
  readonly name: string;
  readonly type: SignatureType;
  /** 32 bytes, RFC 8032. */
  readonly publicKey: Uint8Array;
}

const KEY_ID_BYTES = 4;
const KEY_BYTES = 32;
const SIGNATURE_LINE = /^— ([^\s+]+) ([A-Za-z0-9+/]+=*)$/u;
/** More than anybody signs; a verifier is to bound it. */
const SIGNATURES_MAX = 64;

/** The first four bytes of SHA-256(name ‖ 0x0A ‖ type ‖ public key). */
export function keyIdOf({ name, type, publicKey }: NoteKey, sha256: Sha256): number {
  const head = new TextEncoder().encode(`${name}\n`);
  return firstWord(sha256(Uint8Array.of(...head, type, ...publicKey)));
}

/** `name+key id in hex+base64(type ‖ public key)`: how verifier keys are handed on. */
export function formatNoteKey(key: NoteKey, sha256: Sha256): string {
  const id = keyIdOf(key, sha256)
    .toString(16)
    .padStart(2 * KEY_ID_BYTES, '0');
  return `${key.name}+${id}+${toBase64(Uint8Array.of(key.type, ...key.publicKey))}`;
}

/** The key in `text`; undefined when it is none, or its id is not the key's. */
export function parseNoteKey(text: string, sha256: Sha256): NoteKey | undefined {
  const [, name, id, encoded] = /^([^\s+]+)\+([0-9a-f]{8})\+(\S+)$/u.exec(text.trim()) ?? [];
  const bytes = encoded === undefined ? undefined : fromBase64(encoded);
  if (name === undefined || id === undefined || bytes?.length !== 1 + KEY_BYTES) return undefined;
  const type = bytes[0];
  if (type !== ED25519 && type !== COSIGNATURE) return undefined;
  const key = { name, type, publicKey: bytes.slice(1) };
  return keyIdOf(key, sha256) === Number.parseInt(id, 16) ? key : undefined;
}

/** The line of a signature, with its newline. */
export function signatureLine({ name, keyId, signature }: NoteSignature): string {
  const id = new Uint8Array(KEY_ID_BYTES);
  new DataView(id.buffer).setUint32(0, keyId);
  return `— ${name} ${toBase64(Uint8Array.of(...id, ...signature))}\n`;
}

export function formatNote({ text, signatures }: SignedNote): string {
  return `${text}\n${signatures.map(signatureLine).join('')}`;
}

/** The note in `text`; undefined when it is none. Nothing of it is verified yet. */
export function parseNote(note: string): SignedNote | undefined {
  const split = note.lastIndexOf('\n\n');
  if (split < 0 || !note.endsWith('\n') || hasControls(note)) return undefined;
  const lines = note.slice(split + 2, -1).split('\n');
  if (lines.length > SIGNATURES_MAX) return undefined;
  const signatures = lines.map(parseSignature);
  if (!signatures.every((one) => one !== undefined)) return undefined;
  return { text: note.slice(0, split + 1), signatures };
}

/** The signatures of a note that its name and id say are of `key`. */
export function signaturesOf(note: SignedNote, key: NoteKey, sha256: Sha256): NoteSignature[] {
  const keyId = keyIdOf(key, sha256);
  return note.signatures.filter((one) => one.name === key.name && one.keyId === keyId);
}

function parseSignature(line: string): NoteSignature | undefined {
  const [, name, encoded] = SIGNATURE_LINE.exec(line) ?? [];
  const bytes = encoded === undefined ? undefined : fromBase64(encoded);
  if (name === undefined || bytes === undefined || bytes.length <= KEY_ID_BYTES) return undefined;
  return { name, keyId: firstWord(bytes), signature: bytes.slice(KEY_ID_BYTES) };
}

function firstWord(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
}

function hasControls(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit < 0x20 && unit !== 0x0a) return true;
  }
  return false;
}
