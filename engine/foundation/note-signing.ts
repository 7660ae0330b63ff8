/**
 * Signing and verifying of signed notes with Node's means: Ed25519 over the text, and cosignatures
 * of witnesses with their time. The formats stand in protocol/log/.
 */
import {
  createHash,
  createPublicKey,
  type JsonWebKey,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import {
  cosignedMessage,
  decodeCosignature,
  encodeCosignature,
} from '#protocol/log/cosignature.ts';
import {
  COSIGNATURE,
  ED25519,
  keyIdOf,
  type NoteKey,
  type NoteSignature,
  type SignatureType,
  type SignedNote,
  signaturesOf,
} from '#protocol/log/note.ts';
import { signingKeyFrom } from './jws.ts';

/** Signs a checkpoint as the log that made it. */
export interface LogSigner {
  readonly key: NoteKey;
  sign(text: string): NoteSignature;
}

/** Cosigns a checkpoint as a witness, at `timeS` seconds since the Unix epoch. */
export interface Cosigner {
  readonly key: NoteKey;
  cosign(text: string, timeS: number): NoteSignature;
}

const PUBLIC_KEY_BYTES = 32;
/** DER of an Ed25519 SubjectPublicKeyInfo before the key's 32 bytes (RFC 8410). */
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');

export function sha256(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(bytes).digest());
}

/** The signer of a private JWK under the name of a log. */
export function logSigner(name: string, jwk: JsonWebKey): LogSigner {
  const { privateKey, key: publicKey } = signingKeyFrom(jwk);
  const key = noteKeyOf(name, ED25519, publicKey);
  const keyId = keyIdOf(key, sha256);
  return { key, sign: (text) => ({ name, keyId, signature: signed(text, privateKey) }) };
}

/** The cosigner of a private JWK under the name of a witness. */
export function cosigner(name: string, jwk: JsonWebKey): Cosigner {
  const { privateKey, key: publicKey } = signingKeyFrom(jwk);
  const key = noteKeyOf(name, COSIGNATURE, publicKey);
  const keyId = keyIdOf(key, sha256);
  return {
    key,
    cosign: (text, timeS) => {
      const signature = signed(cosignedMessage(text, timeS), privateKey);
      return { name, keyId, signature: encodeCosignature({ timeS, signature }) };
    },
  };
}

/** Its 32 bytes stand at the end of its SubjectPublicKeyInfo (RFC 8410). */
export function noteKeyOf(name: string, type: SignatureType, key: KeyObject): NoteKey {
  const encoded = key.export({ type: 'spki', format: 'der' });
  return { name, type, publicKey: new Uint8Array(encoded.subarray(-PUBLIC_KEY_BYTES)) };
}

/** Whether `key` has signed (or cosigned) the note; nobody has signed one that is not there. */
export function isSignedBy(note: SignedNote | undefined, key: NoteKey): boolean {
  if (note === undefined) return false;
  return signaturesOf(note, key, sha256).some((one) => isOver(note.text, one, key));
}

/** Whether a signature that names `key` is its signature over `text`. */
export function isOver(text: string, { signature }: NoteSignature, key: NoteKey): boolean {
  if (key.type === ED25519) return isEd25519(text, signature, key);
  const cosignature = decodeCosignature(signature);
  if (cosignature === undefined) return false;
  return isEd25519(cosignedMessage(text, cosignature.timeS), cosignature.signature, key);
}

function isEd25519(message: string, signature: Uint8Array, key: NoteKey): boolean {
  const encoded = Buffer.concat([SPKI, key.publicKey]);
  const publicKey = createPublicKey({ key: encoded, format: 'der', type: 'spki' });
  return verify(null, Buffer.from(message), publicKey, signature);
}

function signed(message: string, privateKey: KeyObject): Uint8Array {
  return new Uint8Array(sign(null, Buffer.from(message), privateKey));
}
