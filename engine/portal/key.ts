/**
 * The portal's signing key (Ed25519) on disk: a private JWK, readable by its owner only. It signs
 * passbooks and the calendar; whoever has it can forge both, so it is made once and never printed.
 */

import type { JsonWebKey } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { generateSigningKey, type SigningKey, signingKeyFrom } from '../foundation/jws.ts';

/**
 * The key in the file at `path`; made (mode 0600) when there is none. Two processes that start at
 * once end up with the same key: the file appears whole, or was there first.
 */
export function loadOrCreateKey(path: string): SigningKey {
  if (!existsSync(path)) writeNewKey(path);
  return signingKeyFrom(JSON.parse(readFileSync(path, 'utf8')) as JsonWebKey);
}

function writeNewKey(path: string): void {
  const jwk = generateSigningKey().privateKey.export({ format: 'jwk' });
  writeSecretOnce(path, `${JSON.stringify(jwk)}\n`);
}

/** Writes the file with mode 0600, whole or not at all; leaves one that is there. */
export function writeSecretOnce(path: string, text: string): void {
  const draft = `${path}.${process.pid}.part`;
  const file = openSync(draft, 'wx', 0o600);
  writeSync(file, text);
  fsyncSync(file);
  closeSync(file);
  try {
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft);
  }
}
