/**
 * What a checker needs of an X.509 certificate (RFC 5280): whose it is, from when to when, its
 * public key. Trust does not come from here: a seal's certificate is trusted because its bytes are
 * those of one that was made known (keys.ts).
 */
import { p256, p384, p521 } from '@noble/curves/nist.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { compare, type Der, hexOf, numberOf, oid, part, readDer, TAG } from './der.ts';
import { altered } from './refusal.ts';

export type SealPublicKey =
  | { readonly kind: 'rsa'; readonly modulus: bigint; readonly bytes: number }
  | { readonly kind: 'ec'; readonly curve: (typeof CURVES)[number]; readonly point: Uint8Array };

export interface Certificate {
  readonly der: Uint8Array;
  /** Hex. */
  readonly sha256: string;
  /** `CN=…, O=…, C=…` */
  readonly subject: string;
  /** Issuer and serial number. */
  readonly identity: readonly [Uint8Array, Uint8Array];
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  readonly publicKey: SealPublicKey;
}

export const CURVES = [
  { name: 'P-256', curve: p256, oid: oid('1.2.840.10045.3.1.7'), bytes: 32 },
  { name: 'P-384', curve: p384, oid: oid('1.3.132.0.34'), bytes: 48 },
  { name: 'P-521', curve: p521, oid: oid('1.3.132.0.35'), bytes: 66 },
] as const;
const RSA = oid('1.2.840.113549.1.1.1');
const EC = oid('1.2.840.10045.2.1');
const RSA_BITS = { min: 2048, max: 8192 } as const;
/** The only exponent that is in use. */
const RSA_EXPONENT = 65_537n;
const NAME_PARTS: readonly (readonly [string, Uint8Array])[] = [
  ['CN', oid('2.5.4.3')],
  ['O', oid('2.5.4.10')],
  ['OU', oid('2.5.4.11')],
  ['C', oid('2.5.4.6')],
];
const VERSION_TAG = 0xa0;

/** Refuses what is no certificate, or has a key that seals no receipt. */
export function readCertificate(der: Uint8Array): Certificate {
  const { validity, subject, key } = fieldsOf(der);
  return {
    der,
    sha256: hexOf(sha256(der)),
    subject: nameIn(subject),
    identity: identityOf(der),
    notBeforeMs: instantOf(validity.parts[0]),
    notAfterMs: instantOf(validity.parts[1]),
    publicKey: publicKeyOf(key),
  };
}

/** Issuer and serial number as they stand in a certificate. */
export function identityOf(der: Uint8Array): Certificate['identity'] {
  const { issuer, serial } = fieldsOf(der);
  return [issuer.bytes, serial.bytes];
}

function fieldsOf(der: Uint8Array) {
  const fields = part(readDer(der), 0, TAG.sequence);
  const first = fields.parts[0]?.tag === VERSION_TAG ? 1 : 0;
  const [serial, , issuer, validity, subject, key] = fields.parts.slice(first);
  if (!serial || !issuer || !validity || !subject || !key) throw altered('sealForm');
  return { serial, issuer, validity, subject, key };
}

function publicKeyOf(info: Der): SealPublicKey {
  const algorithm = part(info, 0, TAG.sequence);
  const [unused, ...bytes] = part(info, 1, TAG.bits).content;
  const kind = algorithm.parts[0]?.bytes ?? new Uint8Array();
  if (unused !== 0) throw altered('sealForm');
  if (compare(kind, RSA) === 0) return rsaKeyOf(readDer(Uint8Array.from(bytes)));
  const named = algorithm.parts[1]?.bytes ?? new Uint8Array();
  const curve = CURVES.find((one) => compare(one.oid, named) === 0);
  if (compare(kind, EC) !== 0 || curve === undefined) throw altered('sealForm');
  return { kind: 'ec', curve, point: Uint8Array.from(bytes) };
}

function rsaKeyOf(key: Der): SealPublicKey {
  const modulus = numberOf(part(key, 0, TAG.integer));
  const bits = modulus.toString(2).length;
  const isUsual = numberOf(part(key, 1, TAG.integer)) === RSA_EXPONENT;
  if (!isUsual || bits < RSA_BITS.min || bits > RSA_BITS.max) throw altered('sealForm');
  return { kind: 'rsa', modulus, bytes: Math.ceil(bits / 8) };
}

function nameIn(name: Der): string {
  const parts = name.parts.flatMap((set) => set.parts);
  const texts = NAME_PARTS.flatMap(([label, type]) => {
    const found = parts.find(({ parts: [id] }) => id && compare(id.bytes, type) === 0);
    const text = found?.parts[1];
    return text ? [`${label}=${new TextDecoder().decode(text.content)}`] : [];
  });
  return texts.join(', ');
}

/** UTCTime or GeneralizedTime, to the second and in UTC (RFC 5280 §4.1.2.5). */
function instantOf(time: Der | undefined): number {
  const digits = new TextDecoder().decode(time?.content);
  const [century, pattern] =
    time?.tag === TAG.generalTime
      ? ['', /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/]
      : [digits < '50' ? '20' : '19', /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/];
  const [, year, month, day, hour, minute, second] = pattern.exec(digits) ?? [];
  const ms = Date.parse(`${century}${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(ms)) throw altered('sealForm');
  return ms;
}
