/**
 * Cosignatures (C2SP tlog-cosignature, Ed25519): a second party says that at a moment this was the
 * largest checkpoint of a log that it had seen, and that all it had seen before fits to it.
 *
 *     signature line:   — <witness> base64(key id ‖ time, 8 bytes ‖ Ed25519, 64 bytes)
 *     signed message:   cosignature/v1 ⏎ time <seconds> ⏎ <the text of the checkpoint's note>
 */

export interface Cosignature {
  /** Seconds since the Unix epoch. */
  readonly timeS: number;
  /** 64 bytes, RFC 8032. */
  readonly signature: Uint8Array;
}

const TIME_BYTES = 8;
const SIGNATURE_BYTES = 64;

/** What a witness signs of a note's text. */
export function cosignedMessage(text: string, timeS: number): string {
  return `cosignature/v1\ntime ${timeS}\n${text}`;
}

/** The bytes of a signature line behind the key id. */
export function encodeCosignature({ timeS, signature }: Cosignature): Uint8Array {
  const bytes = new Uint8Array(TIME_BYTES + signature.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(timeS));
  bytes.set(signature, TIME_BYTES);
  return bytes;
}

/** Undefined when the bytes are none, or of a time that no clock will ever show. */
export function decodeCosignature(bytes: Uint8Array): Cosignature | undefined {
  if (bytes.length !== TIME_BYTES + SIGNATURE_BYTES) return undefined;
  const timeS = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0));
  if (!Number.isSafeInteger(timeS)) return undefined;
  return { timeS, signature: bytes.slice(TIME_BYTES) };
}
