/**
 * Signatures over SHA-256: RSA (PKCS#1 v1.5, RFC 8017 §8.2.2) and ECDSA. The padding of RSA is made
 * and compared, never parsed: parsing it is how forgeries got through elsewhere.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import type { SealPublicKey } from './certificate.ts';
import { compare, hexOf, joined, numberOf, readDer, TAG } from './der.ts';
import { ReceiptRefused } from './refusal.ts';

/** DigestInfo of SHA-256, up to the digest (RFC 8017 §9.2, note 1). */
const SHA256_INFO = Uint8Array.from([
  0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05,
  0x00, 0x04, 0x20,
]);
/** 65,537 is 2^16 + 1. */
const SQUARINGS = 16;

export function isSignedBy(
  key: SealPublicKey,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  const digest = sha256(message);
  return key.kind === 'rsa'
    ? isRsaSignature(key, digest, signature)
    : isEcdsaSignature(key, digest, signature);
}

function isRsaSignature(
  { modulus, bytes }: SealPublicKey & { kind: 'rsa' },
  digest: Uint8Array,
  signature: Uint8Array,
): boolean {
  if (signature.length !== bytes) return false;
  const value = BigInt(`0x${hexOf(signature)}`);
  if (value >= modulus) return false;
  let power = value;
  for (let round = 0; round < SQUARINGS; round += 1) power = (power * power) % modulus;
  const found = (power * value) % modulus;
  const padding = new Uint8Array(bytes - SHA256_INFO.length - digest.length - 3).fill(0xff);
  const wanted = joined(
    ...[Uint8Array.of(0, 1), padding, Uint8Array.of(0)],
    ...[SHA256_INFO, digest],
  );
  return found === BigInt(`0x${hexOf(wanted)}`);
}

function isEcdsaSignature(
  { curve, point }: SealPublicKey & { kind: 'ec' },
  digest: Uint8Array,
  signature: Uint8Array,
): boolean {
  try {
    const { tag, parts } = readDer(signature);
    const [r, s] = parts.map(numberOf);
    if (tag !== TAG.sequence || parts.length !== 2 || r === undefined || s === undefined) {
      return false;
    }
    const compact = [r, s].map((one) => one.toString(16).padStart(2 * curve.bytes, '0')).join('');
    if (compact.length !== 4 * curve.bytes || compare(point.subarray(0, 1), UNCOMPRESSED) !== 0) {
      return false;
    }
    const raw = Uint8Array.from(compact.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
    return curve.curve.verify(raw, digest, point, { prehash: false, lowS: false });
  } catch (error) {
    // Not DER, or a number or point that is none of this curve.
    if (error instanceof ReceiptRefused || error instanceof Error) return false;
    throw error;
  }
}

const UNCOMPRESSED = Uint8Array.of(4);
