/** SHA-256 (FIPS 180-4), the only hash of this project. */
import { createHash, hash } from 'node:crypto';

/** The 32 bytes of SHA-256 over one or more pieces. */
export function sha256(...pieces: readonly (Uint8Array | string)[]): Buffer {
  const state = createHash('sha256');
  for (const piece of pieces) state.update(piece);
  return state.digest();
}

/** SHA-256 of a text or of bytes as base64url without padding, 43 characters. */
export function sha256Base64Url(data: Uint8Array | string): string {
  return hash('sha256', data, 'base64url');
}
