/**
 * The keys that sign a log's checkpoints (Ed25519), and the log's name. Made on the first start and
 * kept in one file that only its owner may read; the name is for ever, since receipts are checked
 * against it. While two keys stand in the file both sign: that is the overlap of a rotation.
 */
import { createHash, createPublicKey, type JsonWebKey, type KeyObject, sign } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { generateSigningKey, signingKeyFrom } from '#engine/foundation/jws.ts';
import { replaceFile } from '#engine/store/index.ts';
import { ED25519, keyIdOf, type NoteKey, type NoteSignature } from '#protocol/log/note.ts';

export interface LogSigner {
  readonly key: NoteKey;
  sign(text: string): NoteSignature;
}

export interface LogKeys {
  readonly origin: string;
  readonly signers: readonly LogSigner[];
}

/** What the file holds. */
interface StoredKeys {
  readonly origin: string;
  readonly keys: readonly { readonly madeAt: string; readonly key: JsonWebKey }[];
}

const PUBLIC_KEY_BYTES = 32;

export function sha256(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(bytes).digest());
}

/** The keys in `path`; made, for a log called `origin`, when there are none. */
export function loadOrCreateLogKeys(path: string, made: { origin: string; at: string }): LogKeys {
  if (!existsSync(path)) {
    writeKeys(path, { origin: made.origin, keys: [newKey(made.at)] });
  }
  return readLogKeys(path);
}

/** The keys in `path`. */
export function readLogKeys(path: string): LogKeys {
  const { origin, keys } = readKeys(path);
  return { origin, signers: keys.map(({ key }) => signerOf(origin, key)) };
}

/** Adds a new key, which signs beside the others from the next start on. */
export function addLogKey(path: string, madeAt: string): void {
  const stored = readKeys(path);
  writeKeys(path, { ...stored, keys: [...stored.keys, newKey(madeAt)] });
}

/** Takes all keys but the newest away: they sign no more from the next start on. */
export function retireLogKeys(path: string): number {
  const stored = readKeys(path);
  writeKeys(path, { ...stored, keys: stored.keys.slice(-1) });
  return stored.keys.length - 1;
}

function readKeys(path: string): StoredKeys {
  return JSON.parse(readFileSync(path, 'utf8')) as StoredKeys;
}

function writeKeys(path: string, keys: StoredKeys): void {
  replaceFile(path, `${JSON.stringify(keys)}\n`);
}

function newKey(madeAt: string) {
  return { madeAt, key: generateSigningKey().privateKey.export({ format: 'jwk' }) };
}

function signerOf(origin: string, jwk: JsonWebKey): LogSigner {
  const { privateKey } = signingKeyFrom(jwk);
  const key: NoteKey = { name: origin, type: ED25519, publicKey: publicKeyOf(privateKey) };
  const keyId = keyIdOf(key, sha256);
  return {
    key,
    sign: (text) => ({
      ...{ name: origin, keyId },
      signature: new Uint8Array(sign(null, Buffer.from(text), privateKey)),
    }),
  };
}

/** The 32 bytes at the end of its SubjectPublicKeyInfo (RFC 8410). */
function publicKeyOf(privateKey: KeyObject): Uint8Array {
  const encoded = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  return new Uint8Array(encoded.subarray(-PUBLIC_KEY_BYTES));
}
