/**
 * The key of a witness and its name, made on the first start, in a file that only its owner may
 * read. Logs are told both as one verifier key, so neither changes afterwards.
 */
import type { JsonWebKey } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { generateSigningKey } from '#engine/foundation/jws.ts';
import { type Cosigner, cosigner } from '#engine/foundation/note-signing.ts';
import { replaceFile } from '#engine/store/index.ts';

interface StoredKey {
  readonly name: string;
  readonly key: JsonWebKey;
}

/** The witness has a name already, and it is another. */
export class WitnessNamed extends Error {
  override name = 'WitnessNamed';
  constructor(known: string) {
    super(`this witness is called ${known}, for ever: its name is part of its key`);
  }
}

/** RFC 2606 keeps this name from ever being somebody's. */
const NO_NAME = 'clickday.invalid/witness';

/** The key in `path`; made under `name` when there is none. Throws WitnessNamed. */
export function loadOrCreateCosigner(path: string, name: string | undefined): Cosigner {
  if (!existsSync(path)) {
    const key = generateSigningKey().privateKey.export({ format: 'jwk' });
    const made: StoredKey = { name: name ?? NO_NAME, key };
    replaceFile(path, `${JSON.stringify(made)}\n`);
  }
  const stored = JSON.parse(readFileSync(path, 'utf8')) as StoredKey;
  if (name !== undefined && name !== stored.name) throw new WitnessNamed(stored.name);
  return cosigner(stored.name, stored.key);
}
