/** SHA-256 (FIPS 180-4), the only hash of this project. */
import { createHash, hash } from 'node:crypto';

/**
 * The 32 bytes of SHA-256 over one or more pieces. One piece takes half the time of several: the
 * one-shot call, and text out of it, because Node makes a Buffer faster from text than by itself.
 */
export function sha256(...pieces: readonly (Uint8Array | string)[]): Buffer {
  const [first] = pieces;
  if (pieces.length === 1 && first !== undefined) {
    return Buffer.from(hash('sha256', first, 'binary'), 'latin1');
  }
  const state = createHash('sha256');
  for (const piece of pieces) state.update(piece);
  return state.digest();
}

/** SHA-256 of a text or of bytes as base64url without padding, 43 characters. */
export function sha256Base64Url(data: Uint8Array | string): string {
  return hash('sha256', data, 'base64url');
}
