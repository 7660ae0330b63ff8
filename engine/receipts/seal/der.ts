/**
 * DER, the distinguished encoding of ASN.1 (ITU-T X.690): as much of it as a certificate, a CMS
 * signature and a PKCS#12 file need. What is written has one form only; `readDer` also takes the
 * indefinite lengths and divided strings of BER, since older programs write PKCS#12 files so.
 */

const CLASS_CONTEXT = 0x80;
const CONSTRUCTED = 0x20;
const TAG = {
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  nothing: 0x05,
  oid: 0x06,
  utf8: 0x0c,
  printable: 0x13,
  utcTime: 0x17,
  generalTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;
/** A longer form would be a tag above 30 or a value of 4 GiB: no file of ours has one. */
const TAG_MASK = 0x1f;
const DEPTH_MAX = 32;

/** A value of tag `tag` around its content. */
export function wrapped(tag: number, ...content: readonly Uint8Array[]): Buffer {
  const length = content.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([Buffer.of(tag), lengthOf(length), ...content]);
}

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.of(length);
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return Buffer.of(0x80 | bytes.length, ...bytes);
}

export const sequence = (...parts: readonly Uint8Array[]) => wrapped(TAG.sequence, ...parts);
export const octets = (bytes: Uint8Array) => wrapped(TAG.octets, bytes);
export const nothing = () => wrapped(TAG.nothing);
export const boolean = (value: boolean) => wrapped(0x01, Buffer.of(value ? 0xff : 0));
export const utf8 = (text: string) => wrapped(TAG.utf8, Buffer.from(text));
export const printable = (text: string) => wrapped(TAG.printable, Buffer.from(text, 'latin1'));
/** `[number] EXPLICIT`, or IMPLICIT for what is constructed. */
export const context = (number: number, ...parts: readonly Uint8Array[]) =>
  wrapped(CLASS_CONTEXT | CONSTRUCTED | number, ...parts);
/** `[number] IMPLICIT` of a primitive. */
export const contextPrimitive = (number: number, bytes: Uint8Array) =>
  wrapped(CLASS_CONTEXT | number, bytes);
/** `SET OF`: its members in the order of their encodings (X.690 §11.6). */
export const setOf = (...parts: readonly Uint8Array[]) =>
  wrapped(TAG.set, ...parts.toSorted(Buffer.compare));
/** A bit string; `unused` bits at the end of the last byte do not count. */
export const bits = (bytes: Uint8Array, unused = 0) => wrapped(TAG.bits, Buffer.of(unused), bytes);

/** A number that is not negative, from its bytes with the highest first. */
export function integer(value: number | Uint8Array): Buffer {
  const bytes = typeof value === 'number' ? bytesOf(value) : value;
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start += 1;
  const short = bytes.subarray(start);
  const sign = (short[0] ?? 0) >= 0x80 || short.length === 0 ? [0] : [];
  return wrapped(TAG.integer, Buffer.of(...sign), short);
}

function bytesOf(value: number): Buffer {
  const hex = value.toString(16);
  return Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex');
}

/** `1.2.840.113549` as an object identifier. */
export function oid(dotted: string): Buffer {
  const [first, second, ...rest] = dotted.split('.').map(Number);
  const bytes = [first! * 40 + second!, ...rest].flatMap((arc) => {
    const groups = [arc % 128];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) {
      groups.unshift(0x80 | (left % 128));
    }
    return groups;
  });
  return wrapped(TAG.oid, Buffer.from(bytes));
}

/** An instant to the second: UTCTime up to 2049, then GeneralizedTime (RFC 5280 §4.1.2.5). */
export function time(us: number): Buffer {
  const iso = new Date(Math.floor(us / 1000)).toISOString();
  const digits = `${iso.replace(/[-:T]/g, '').slice(0, 14)}Z`;
  if (digits < '2050') return wrapped(TAG.utcTime, Buffer.from(digits.slice(2)));
  return wrapped(TAG.generalTime, Buffer.from(digits));
}

/** A value that was read: `bytes` is all of it, `content` what is inside. */
export interface Der {
  readonly tag: number;
  readonly bytes: Buffer;
  readonly content: Buffer;
  /** The values inside; none when it is primitive. */
  readonly parts: readonly Der[];
}

/** The value at the start of `bytes`. Throws when it is not whole. */
export function readDer(bytes: Uint8Array): Der {
  return readAt(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), DEPTH_MAX);
}

function readAt(bytes: Buffer, depth: number): Der {
  const [tag, first] = bytes;
  if (tag === undefined || first === undefined || (tag & TAG_MASK) === TAG_MASK || depth === 0) {
    throw new Error('not a DER value');
  }
  const isConstructed = (tag & CONSTRUCTED) !== 0;
  if (first === 0x80) return readOpenEnded(bytes, tag, depth);
  const count = first < 0x80 ? 0 : first & 0x7f;
  if (count > 4 || bytes.length < 2 + count) throw new Error('a DER value is cut off');
  const start = 2 + count;
  const length = count === 0 ? first : bytes.readUIntBE(2, count);
  const content = bytes.subarray(start, start + length);
  if (content.length < length) throw new Error('a DER value is cut off');
  const parts = isConstructed ? readAll(content, depth - 1) : [];
  return { tag, bytes: bytes.subarray(0, start + length), content, parts };
}

function readAll(content: Buffer, depth: number): Der[] {
  const parts: Der[] = [];
  for (let at = 0; at < content.length; at += parts.at(-1)!.bytes.length) {
    parts.push(readAt(content.subarray(at), depth));
  }
  return parts;
}

/** A value of indefinite length (X.690 §8.1.3.6): its parts up to two zero bytes. */
function readOpenEnded(bytes: Buffer, tag: number, depth: number): Der {
  const parts: Der[] = [];
  let at = 2;
  while (bytes[at] !== 0 || bytes[at + 1] !== 0) {
    const part = readAt(bytes.subarray(at), depth - 1);
    parts.push(part);
    at += part.bytes.length;
  }
  return { tag, bytes: bytes.subarray(0, at + 2), content: bytes.subarray(2, at), parts };
}

/** The bytes of a string, which BER may divide. */
export function stringBytes(value: Der): Buffer {
  if (value.parts.length === 0) return value.content;
  return Buffer.concat(value.parts.map(stringBytes));
}

/** `1.2.840.113549` of an object identifier. */
export function oidText(value: Der): string {
  if (value.tag !== TAG.oid) throw new Error('not an object identifier');
  const arcs: number[] = [];
  let arc = 0;
  for (const byte of value.content) {
    arc = arc * 128 + (byte & 0x7f);
    if (byte >= 0x80) continue;
    arcs.push(arc);
    arc = 0;
  }
  const first = Math.min(2, Math.floor((arcs[0] ?? 0) / 40));
  return [first, (arcs[0] ?? 0) - first * 40, ...arcs.slice(1)].join('.');
}
