/**
 * What the database must hold but not in clear, above all the secrets of second factors: a copy of
 * the database alone gives none of them. The key is a file of the data directory (mode 0600), made
 * once; a backup of the whole directory has both, and is to be kept like the directory itself.
 *
 * AES-256-GCM with a random 96-bit nonce; each text is bound to what it belongs to, so that one
 * account's cannot be put in another's place. Far fewer texts than the 2^32 under one key that
 * NIST SP 800-38D allows.
 */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import type { Random } from '../../foundation/random.ts';
import { writeSecretOnce } from '../key.ts';

export interface Vault {
  /** The enciphered bytes as text; `owner` must be named again to open it. */
  seal(owner: string, bytes: Uint8Array): string;
  /** Throws when the text was changed, belongs to another owner or to another key. */
  open(owner: string, sealed: string): Buffer;
  /** A keyed hash of a text (HMAC-SHA-256, base64url) that nobody without the key can make. */
  sign(text: string): string;
}

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** The vault of the key in the file at `path`, which is made when there is none. */
export function openVault(path: string, random: Random): Vault {
  if (!existsSync(path))
    writeSecretOnce(path, `${random.bytes(KEY_BYTES).toString('base64url')}\n`);
  const key = Buffer.from(readFileSync(path, 'utf8').trim(), 'base64url');
  if (key.length !== KEY_BYTES) throw new Error(`${path} is no key of ${KEY_BYTES} bytes`);
  const derived = (purpose: string) =>
    Buffer.from(hkdfSync('sha256', key, '', `clickday ${purpose}`, KEY_BYTES));
  const [enciphering, signing] = [derived('secrets'), derived('signatures')];
  return {
    seal: (owner, bytes) => {
      const nonce = random.bytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', enciphering, nonce).setAAD(Buffer.from(owner));
      const text = Buffer.concat([cipher.update(bytes), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64url');
    },
    open: (owner, sealed) => {
      const bytes = Buffer.from(sealed, 'base64url');
      const [nonce, rest] = [bytes.subarray(0, NONCE_BYTES), bytes.subarray(NONCE_BYTES)];
      const decipher = createDecipheriv('aes-256-gcm', enciphering, nonce, {
        authTagLength: TAG_BYTES,
      });
      decipher.setAAD(Buffer.from(owner)).setAuthTag(rest.subarray(0, TAG_BYTES));
      return Buffer.concat([decipher.update(rest.subarray(TAG_BYTES)), decipher.final()]);
    },
    sign: (text) => createHmac('sha256', signing).update(text).digest('base64url'),
  };
}
