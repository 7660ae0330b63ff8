/**
 * A seal as it crosses to a thread of the pool: plain bytes, never logged; and what the page and
 * the signature say of it, read from its certificate.
 */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { SealMark } from '../page.ts';
import type { Sealing } from '../update.ts';
import { createSigner, type SealKey } from './cms.ts';

export interface SealMaterial {
  /** The private key, PKCS#8 in DER. */
  readonly key: Uint8Array;
  /** In DER, the signer's first, then those that issued it. */
  readonly certificates: readonly Uint8Array[];
  /** The key was made by this installation: the page says so. */
  readonly isTest: boolean;
}

/** For the threads. */
export function sealMaterial({ key, certificates }: SealKey, isTest: boolean): SealMaterial {
  return { key: key.export({ type: 'pkcs8', format: 'der' }), certificates, isTest };
}

export interface OpenSeal {
  readonly sealing: Sealing;
  readonly mark: SealMark;
  /** For the template; nothing when the certificates are long. */
  readonly certificate: Buffer;
}

/** Twice this is what a template grows by. */
const CERTIFICATE_BYTES_MAX = 1000;

/** Ready to seal. Throws when key and certificate do not belong together. */
export function openSeal(material: SealMaterial): OpenSeal {
  const key = createPrivateKey({ key: Buffer.from(material.key), format: 'der', type: 'pkcs8' });
  const certificates = material.certificates.map((bytes) => Buffer.from(bytes));
  const signer = createSigner({ key, certificates });
  const mark = { ...describeCertificate(certificates[0]!), isTest: material.isTest };
  const bytes = certificates.reduce((sum, { length }) => sum + length, 0);
  const certificate = bytes > CERTIFICATE_BYTES_MAX ? Buffer.alloc(0) : certificates[0]!;
  return { sealing: { signer, name: mark.subject }, mark, certificate };
}

/** Of the certificate that seals: who, which, until when. */
export function describeSeal({ certificates }: Pick<SealMaterial, 'certificates'>) {
  const certificate = new X509Certificate(certificates[0]!);
  const validToUs = Date.parse(certificate.validTo) * 1000;
  return { ...describeCertificate(certificates[0]!), validToUs };
}

/** Subject, issuer and fingerprint of a certificate, as people read them. */
export function describeCertificate(bytes: Uint8Array): Omit<SealMark, 'isTest'> {
  const certificate = new X509Certificate(bytes);
  const subject = nameText(certificate.subject);
  const issuer = nameText(certificate.issuer);
  return {
    subject,
    issuer: certificate.subject === certificate.issuer ? null : issuer,
    fingerprint: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
  };
}

/** `CN=…\nO=…` with the common name first: `Seal of …, Ministry, IT`. */
function nameText(name: string): string {
  const parts = name.split('\n').map((line) => line.slice(line.indexOf('=') + 1));
  return parts.reverse().join(', ');
}
