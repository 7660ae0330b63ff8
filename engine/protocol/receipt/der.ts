/**
 * DER (ITU-T X.690 §10), read so strictly that what is read has one form only: definite lengths,
 * as short as they can be, tags of one byte, bounded depth. And written, so that a signature can be
 * put together again and compared byte for byte.
 */
import { altered } from './refusal.ts';

export interface Der {
  readonly tag: number;
  /** All of it. */
  readonly bytes: Uint8Array;
  readonly content: Uint8Array;
  /** The values inside; none when it is primitive. */
  readonly parts: readonly Der[];
}

export const TAG = {
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  nothing: 0x05,
  oid: 0x06,
  utf8: 0x0c,
  utcTime: 0x17,
  generalTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;
const CONSTRUCTED = 0x20;
const LONG_TAG = 0x1f;
const DEPTH_MAX = 16;
const LENGTH_BYTES_MAX = 3;

/** Where the content of the value at `at` starts, and its length. */
export function readHeader(bytes: Uint8Array, at: number): { start: number; length: number } {
  const [tag = LONG_TAG, first = 0x80] = bytes.subarray(at, at + 2);
  if ((tag & LONG_TAG) === LONG_TAG) throw altered('sealForm');
  if (first < 0x80) return { start: at + 2, length: first };
  const count = first - 0x80;
  const digits = bytes.subarray(at + 2, at + 2 + count);
  const length = digits.reduce((sum, digit) => sum * 256 + digit, 0);
  const isShortest = length >= 0x80 && digits[0] !== 0;
  if (count > LENGTH_BYTES_MAX || digits.length < count || !isShortest) throw altered('sealForm');
  return { start: at + 2 + count, length };
}

/** The one value that `bytes` are. */
export function readDer(bytes: Uint8Array): Der {
  const value = readAt(bytes, 0, 0);
  if (value.bytes.length !== bytes.length) throw altered('sealForm');
  return value;
}

function readAt(bytes: Uint8Array, at: number, depth: number): Der {
  const { start, length } = readHeader(bytes, at);
  const end = start + length;
  if (end > bytes.length || depth > DEPTH_MAX) throw altered('sealForm');
  const tag = bytes[at] as number;
  const content = bytes.subarray(start, end);
  const parts: Der[] = [];
  if ((tag & CONSTRUCTED) !== 0) {
    for (let next = 0; next < content.length; next += parts.at(-1)?.bytes.length ?? 0) {
      parts.push(readAt(content, next, depth + 1));
    }
  }
  return { tag, bytes: bytes.subarray(at, end), content, parts };
}

/** The part of `value` at `index`, which has that tag. */
export function part(value: Der, index: number, tag: number): Der {
  const found = value.parts.at(index);
  if (found?.tag !== tag) throw altered('sealForm');
  return found;
}

/** An INTEGER that is not negative. */
export function numberOf({ tag, content }: Der): bigint {
  const [first = 0x80, second = 0x80] = content;
  if (tag !== TAG.integer || first >= 0x80) throw altered('sealForm');
  if (first === 0 && content.length > 1 && second < 0x80) throw altered('sealForm');
  return BigInt(`0x${hexOf(content)}`);
}

export function wrap(tag: number, ...content: readonly Uint8Array[]): Uint8Array {
  const length = content.reduce((sum, one) => sum + one.length, 0);
  const digits: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) digits.unshift(rest % 256);
  const header = length < 0x80 ? [tag, length] : [tag, 0x80 + digits.length, ...digits];
  return joined(Uint8Array.from(header), ...content);
}

export const sequence = (...parts: readonly Uint8Array[]) => wrap(TAG.sequence, ...parts);
/** `SET OF`: in the order of their bytes (X.690 §11.6). */
export const setOf = (...parts: readonly Uint8Array[]) => wrap(TAG.set, ...parts.toSorted(compare));
export const octets = (bytes: Uint8Array) => wrap(TAG.octets, bytes);
/** `[number] EXPLICIT`, or IMPLICIT of what is constructed. */
export const context = (number: number, ...parts: readonly Uint8Array[]) =>
  wrap(0xa0 + number, ...parts);

/** `1.2.840.113549` as an object identifier. */
export function oid(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second, ...rest].flatMap((arc) => {
    const groups = [arc % 128];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) {
      groups.unshift(0x80 + (left % 128));
    }
    return groups;
  });
  return wrap(TAG.oid, Uint8Array.from(bytes));
}

export function compare(one: Uint8Array, other: Uint8Array): number {
  const at = one.findIndex((byte, index) => byte !== other[index]);
  return at < 0 ? one.length - other.length : (one[at] as number) - (other[at] ?? -1);
}

export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, one) => sum + one.length, 0));
  let at = 0;
  for (const one of parts) {
    all.set(one, at);
    at += one.length;
  }
  return all;
}

export function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export function bytesOfHex(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
