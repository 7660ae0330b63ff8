/**
 * The seal of a receipt: a CMS signature (RFC 5652) of the form that PAdES asks for (ETSI EN 319
 * 142-1, baseline B-B): detached, SHA-256, with the signed attributes content type, message digest
 * and signing certificate (RFC 5035), and no others. The claimed time stands in the PDF.
 *
 * Everything but the digest and the signature is the same for every receipt of a key, so it is
 * encoded once. Every certificate is named by its hash in what is signed, so none can be left out
 * or exchanged. Only definite lengths and sorted sets: a reader can encode it again and compare.
 * RSA (PKCS#1 v1.5) gives one input one output; ECDSA does not.
 */
import { type KeyObject, sign, X509Certificate } from 'node:crypto';
import { sha256 } from '#engine/foundation/digest.ts';
import { context, integer, nothing, octets, oid, readDer, sequence, setOf } from './der.ts';

/** Who seals: a key and its certificates, the signer's first, then those that issued it. */
export interface SealKey {
  readonly key: KeyObject;
  readonly certificates: readonly Buffer[];
}

export interface Signer {
  /** No signature is longer. */
  readonly bytesMax: number;
  /** The CMS over content whose SHA-256 is `digest`. */
  sign(digest: Uint8Array): Buffer;
}

const OID = {
  data: '1.2.840.113549.1.7.1',
  signedData: '1.2.840.113549.1.7.2',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingCertificate: '1.2.840.113549.1.9.16.2.47',
  sha256: '2.16.840.1.101.3.4.2.1',
  rsa: '1.2.840.113549.1.1.1',
  ecdsa: '1.2.840.10045.4.3.2',
} as const;
const SIGNED_ATTRIBUTES = 0xa0;
const DIGEST = { sha256: sequence(oid(OID.sha256)) } as const;
const RSA_BITS_MIN = 2048;
const DIGEST_BYTES = 32;

/** Throws when the key is not one that seals, or is not the certificate's. */
export function createSigner({ key, certificates }: SealKey): Signer {
  const [own] = certificates;
  if (own === undefined) throw new Error('a seal needs its certificate');
  const certificate = new X509Certificate(own);
  if (!certificate.checkPrivateKey(key)) throw new Error('the key is not the certificate’s');
  const algorithm = algorithmOf(key);
  const identity = identityOf(own);
  const attributes = attributesFor(certificates);
  const before = { certificates: context(0, ...certificates.toSorted(Buffer.compare)) };
  const assemble = (attributesDer: Buffer, signature: Buffer): Buffer => {
    const signed = Buffer.from(attributesDer);
    signed[0] = SIGNED_ATTRIBUTES;
    const head = [integer(1), identity, DIGEST.sha256, signed, algorithm.identifier];
    const signer = sequence(...head, octets(signature));
    const content = [setOf(DIGEST.sha256), sequence(oid(OID.data)), before.certificates];
    const data = sequence(integer(1), ...content, setOf(signer));
    return sequence(oid(OID.signedData), context(0, data));
  };
  const longest = assemble(
    attributes(Buffer.alloc(DIGEST_BYTES)),
    Buffer.alloc(algorithm.bytesMax),
  );
  return {
    bytesMax: longest.length,
    sign: (digest) => {
      const signed = attributes(digest);
      return assemble(signed, sign('sha256', signed, key));
    },
  };
}

/** The signed attributes as a `SET OF`, the form that is signed (RFC 5652 §5.4). */
function attributesFor(certificates: readonly Buffer[]): (digest: Uint8Array) => Buffer {
  const attribute = (name: string, value: Buffer) => sequence(oid(name), setOf(value));
  const type = attribute(OID.contentType, oid(OID.data));
  // ESSCertIDv2 with its default hash, SHA-256, which DER leaves out; the signer's must be first.
  const [own, ...issuers] = certificates;
  const named = [own!, ...issuers.toSorted(Buffer.compare)].map((bytes) =>
    sequence(octets(sha256(bytes))),
  );
  const signing = attribute(OID.signingCertificate, sequence(sequence(...named)));
  return (digest) => setOf(type, signing, attribute(OID.messageDigest, octets(digest)));
}

/** Issuer and serial number, copied as they stand in the certificate (RFC 5280 §4.1). */
function identityOf(certificate: Buffer): Buffer {
  const fields = readDer(certificate).parts[0]!.parts;
  const first = fields[0]!.tag === 0xa0 ? 1 : 0; // the version is left out of version 1
  return sequence(fields[first + 2]!.bytes, fields[first]!.bytes);
}

function algorithmOf(key: KeyObject): { identifier: Buffer; bytesMax: number } {
  const { modulusLength = 0, namedCurve = '' } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === 'rsa' && modulusLength >= RSA_BITS_MIN) {
    return {
      identifier: sequence(oid(OID.rsa), nothing()),
      bytesMax: Math.ceil(modulusLength / 8),
    };
  }
  const coordinate = CURVE_BYTES[namedCurve];
  if (key.asymmetricKeyType === 'ec' && coordinate !== undefined) {
    const number = octets(Buffer.alloc(coordinate + 1)); // an integer, with its zero byte
    return { identifier: sequence(oid(OID.ecdsa)), bytesMax: sequence(number, number).length };
  }
  throw new Error('a seal needs an RSA key of 2048 bits or more, or one on P-256, P-384 or P-521');
}

const CURVE_BYTES: Readonly<Record<string, number>> = {
  prime256v1: 32,
  secp384r1: 48,
  secp521r1: 66,
};
