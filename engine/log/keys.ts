/**
 * The keys that sign a log's checkpoints (Ed25519), and the log's name. Made on the first start and
 * kept in one file that only its owner may read; the name is for ever, since receipts are checked
 * against it. While two keys stand in the file both sign: that is the overlap of a rotation.
 */
import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { generateSigningKey } from '#engine/foundation/jws.ts';
import { type LogSigner, logSigner, noteKeyOf, sha256 } from '#engine/foundation/note-signing.ts';
import { replaceFile } from '#engine/store/index.ts';
import { ED25519, formatNoteKey, type NoteKey } from '#protocol/log/note.ts';

export interface LogKeys {
  readonly origin: string;
  readonly signers: readonly LogSigner[];
  /** Keys that have signed and sign no more. */
  readonly retired: readonly NoteKey[];
}

/** What the file holds: private keys, and of those that were retired the public half. */
interface StoredKeys {
  readonly origin: string;
  readonly keys: readonly StoredKey[];
  readonly retired: readonly StoredKey[];
  /** Absent in files of before. */
  readonly revoked?: readonly RevokedKey[];
}

interface StoredKey {
  readonly madeAt: string;
  readonly key: JsonWebKey;
}

interface RevokedKey extends StoredKey {
  readonly revokedAt: string;
}

/** A log as a checker of receipts knows it: who may have signed, and who is trusted no more. */
export interface KnownLog {
  readonly origin: string;
  /** Verifier keys, those that were retired among them. */
  readonly keys: readonly string[];
  readonly revoked: readonly { readonly key: string; readonly revokedAt: string }[];
}

/** The keys in `path`; made, for a log called `origin`, when there are none. */
export function loadOrCreateLogKeys(path: string, made: { origin: string; at: string }): LogKeys {
  if (!existsSync(path)) {
    writeKeys(path, { origin: made.origin, keys: [newKey(made.at)], retired: [] });
  }
  return readLogKeys(path);
}

/** The keys in `path`. */
export function readLogKeys(path: string): LogKeys {
  const { origin, keys, retired } = readKeys(path);
  return {
    origin,
    signers: keys.map(({ key }) => logSigner(origin, key)),
    retired: retired.map(({ key }) => publicKeyOf(origin, key)),
  };
}

/** Who verifies the log of the keys in `path`: `name+id+key` each. */
export function verifierKeysIn(path: string): string[] {
  return readLogKeys(path).signers.map(({ key }) => formatNoteKey(key, sha256));
}

/** What of the keys in `path` is for everybody. */
export function knownLog(path: string): KnownLog {
  const { origin, revoked = [] } = readKeys(path);
  const { signers, retired } = readLogKeys(path);
  const verifier = (key: NoteKey) => formatNoteKey(key, sha256);
  return {
    origin,
    keys: [...signers.map(({ key }) => key), ...retired].map(verifier),
    revoked: revoked.map(({ key, revokedAt }) => ({
      key: verifier(publicKeyOf(origin, key)),
      revokedAt,
    })),
  };
}

/** Adds a new key, which signs beside the others from the next start on. */
export function addLogKey(path: string, madeAt: string): void {
  const stored = readKeys(path);
  writeKeys(path, { ...stored, keys: [...stored.keys, newKey(madeAt)] });
}

/**
 * Takes all keys but the newest away: they sign no more from the next start on. How many there were
 * to take away.
 */
export function retireLogKeys(path: string): number {
  const { keys, retired, ...rest } = readKeys(path);
  const old = keys.slice(0, -1).map(publicHalf);
  writeKeys(path, { ...rest, keys: keys.slice(-1), retired: [...retired, ...old] });
  return old.length;
}

/**
 * Revokes the key that `verifierKey` (or its id, in hex) names, retired or not: it signs no more
 * from the next start on, and nothing that it has signed counts any more. 'alone' when it is the
 * only one that signs, 'unknown' when there is none of that name.
 */
export function revokeLogKey(
  path: string,
  verifierKey: string,
  revokedAt: string,
): 'done' | 'alone' | 'unknown' {
  const { keys, retired, revoked = [], ...rest } = readKeys(path);
  const isIt = ({ key }: StoredKey) => {
    const text = formatNoteKey(publicKeyOf(rest.origin, key), sha256);
    return text === verifierKey || text.startsWith(`${rest.origin}+${verifierKey}+`);
  };
  const [found] = [...keys, ...retired].filter(isIt);
  if (found === undefined) return 'unknown';
  if (keys.every(isIt)) return 'alone';
  writeKeys(path, {
    ...rest,
    keys: keys.filter((one) => one !== found),
    retired: retired.filter((one) => one !== found),
    revoked: [...revoked, { ...publicHalf(found), revokedAt }],
  });
  return 'done';
}

function publicHalf({ madeAt, key: { d: _private, ...key } }: StoredKey): StoredKey {
  return { madeAt, key };
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

function publicKeyOf(origin: string, jwk: JsonWebKey): NoteKey {
  return noteKeyOf(origin, ED25519, createPublicKey({ key: jwk, format: 'jwk' }));
}
