/**
 * The signature of a receipt (CMS, RFC 5652, in the form of PAdES B-B): certificates, the digest of
 * what is sealed and the signature are read out of it, then all of it is put together again from
 * these three and compared byte for byte. So there is no second way to write one, and no bit in it
 * that could be changed unseen: what is not signed follows from what is.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { type Certificate, identityOf, readCertificate } from './certificate.ts';
import {
  compare,
  context,
  joined,
  octets,
  oid,
  part,
  readDer,
  sequence,
  setOf,
  TAG,
  wrap,
} from './der.ts';
import { altered } from './refusal.ts';
import { isSignedBy } from './signature.ts';

const OID = {
  data: oid('1.2.840.113549.1.7.1'),
  signedData: oid('1.2.840.113549.1.7.2'),
  contentType: oid('1.2.840.113549.1.9.3'),
  messageDigest: oid('1.2.840.113549.1.9.4'),
  signingCertificate: oid('1.2.840.113549.1.9.16.2.47'),
  sha256: oid('2.16.840.1.101.3.4.2.1'),
  rsa: oid('1.2.840.113549.1.1.1'),
  ecdsa: oid('1.2.840.10045.4.3.2'),
} as const;
const CONTEXT_0 = 0xa0;
const CERTIFICATES_MAX = 8;
const DIGEST_BYTES = 32;
const SHA256 = sequence(OID.sha256);
const ONE = wrap(TAG.integer, Uint8Array.of(1));

export interface Seal {
  /** The signer's. */
  readonly certificate: Certificate;
  /** What the seal says is the SHA-256 of the sealed bytes. */
  readonly digest: Uint8Array;
  readonly algorithm: string;
}

/** The seal in `cms`, whose own signature holds. Refuses any other. */
export function readSeal(cms: Uint8Array): Seal {
  const parts = partsOf(cms);
  const certificate = signerAmong(parts.certificates, parts.identity);
  const attributes = attributesFor(certificate, parts);
  if (compare(assemble(certificate, { ...parts, attributes }), cms) !== 0) {
    throw altered('sealForm');
  }
  if (!isSignedBy(certificate.publicKey, attributes, parts.signature)) {
    throw altered('sealSignature');
  }
  const { publicKey } = certificate;
  const algorithm =
    publicKey.kind === 'rsa'
      ? `RSA ${publicKey.bytes * 8}, SHA-256`
      : `ECDSA ${publicKey.curve.name}, SHA-256`;
  return { certificate, digest: parts.digest, algorithm };
}

interface Parts {
  readonly certificates: readonly Uint8Array[];
  /** Of the signer: issuer and serial number. */
  readonly identity: Uint8Array;
  readonly digest: Uint8Array;
  readonly signature: Uint8Array;
}

function partsOf(cms: Uint8Array): Parts {
  const content = part(part(readDer(cms), 1, CONTEXT_0), 0, TAG.sequence);
  const certificates = part(content, 3, CONTEXT_0).parts.map(({ bytes }) => bytes);
  const signer = part(part(content, 4, TAG.set), 0, TAG.sequence);
  const attributes = part(signer, 3, CONTEXT_0).parts;
  const digests = attributes.filter(
    ({ parts: [name] }) => name && compare(name.bytes, OID.messageDigest) === 0,
  );
  const [digest] = digests;
  if (digest === undefined || certificates.length > CERTIFICATES_MAX) throw altered('sealForm');
  const value = part(part(digest, 1, TAG.set), 0, TAG.octets).content;
  if (value.length !== DIGEST_BYTES) throw altered('sealForm');
  return {
    certificates,
    identity: part(signer, 1, TAG.sequence).bytes,
    digest: value,
    signature: part(signer, 5, TAG.octets).content,
  };
}

function signerAmong(certificates: readonly Uint8Array[], identity: Uint8Array): Certificate {
  const signer = certificates.find((der) => compare(sequence(...identityOf(der)), identity) === 0);
  if (signer === undefined) throw altered('sealForm');
  return readCertificate(signer);
}

/** What is signed, as a `SET OF` (RFC 5652 §5.4); names every certificate that goes with it. */
function attributesFor({ der }: Certificate, { certificates, digest }: Parts): Uint8Array {
  const attribute = (name: Uint8Array, value: Uint8Array) => sequence(name, setOf(value));
  const others = certificates.filter((one) => compare(one, der) !== 0).toSorted(compare);
  const named = [der, ...others].map((one) => sequence(octets(sha256(one))));
  return setOf(
    attribute(OID.contentType, OID.data),
    attribute(OID.signingCertificate, sequence(sequence(...named))),
    attribute(OID.messageDigest, octets(digest)),
  );
}

function assemble(
  { identity, publicKey }: Certificate,
  parts: Parts & { readonly attributes: Uint8Array },
): Uint8Array {
  const algorithm =
    publicKey.kind === 'rsa' ? sequence(OID.rsa, wrap(TAG.nothing)) : sequence(OID.ecdsa);
  const signed = joined(Uint8Array.of(CONTEXT_0), parts.attributes.subarray(1));
  const signer = sequence(
    ...[ONE, sequence(...identity), SHA256, signed, algorithm],
    octets(parts.signature),
  );
  const certificates = context(0, ...parts.certificates.toSorted(compare));
  const data = sequence(ONE, setOf(SHA256), sequence(OID.data), certificates, setOf(signer));
  return sequence(OID.signedData, context(0, data));
}
