/**
 * The seals of an installation: the one that seals now, and all that have sealed, since a receipt
 * is checked against them for ever. One file that only its owner may read; a test key is made on
 * the first start. Of a seal from a PKCS#12 file the certificates are noted, never the key.
 *
 *     in use ──retire──► retired    what it sealed stays valid; its key is deleted
 *        └─────revoke──► revoked    nothing it sealed is accepted any more, whatever its time
 */
import { createPrivateKey } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolder, replaceFile } from '#engine/store/index.ts';
import { isoFromUs } from '#protocol/time.ts';
import { createTestSeal, type SealAlgorithm } from './certificate.ts';
import type { SealKey } from './cms.ts';
import { describeCertificate, describeSeal, type SealMaterial, sealMaterial } from './material.ts';

/** A seal as everybody may know it. */
export interface KnownSeal {
  /** In DER. */
  readonly certificate: Buffer;
  readonly subject: string;
  /** SHA-256 of the certificate, hex. */
  readonly fingerprint: string;
  readonly isTest: boolean;
  readonly madeAt: string;
  readonly validTo: string;
  readonly retiredAt?: string;
  readonly revokedAt?: string;
}

/** For a test key that has to be made. */
export interface SealMaking {
  readonly organization: string;
  readonly nowUs: number;
  /** 16 random bytes. */
  readonly serial: Uint8Array;
  readonly algorithm?: SealAlgorithm;
}

/** The seal cannot be used: revoked, or not the file's. The message is for who configures it. */
export class SealUnusable extends Error {
  override name = 'SealUnusable';
}

interface StoredSeal {
  readonly madeAt: string;
  readonly test: boolean;
  /** DER in base64, the signer's first. */
  readonly certificates: readonly string[];
  /** PKCS#8 in base64; only of a test key that may still seal. */
  readonly key?: string;
  readonly retiredAt?: string;
  readonly revokedAt?: string;
}

/** The seal to use: `p12` when there is one, else the newest test key, made when there is none. */
export function openSeals(path: string, making: SealMaking, p12?: SealKey): SealMaterial {
  if (p12 !== undefined) return registered(path, p12, making.nowUs);
  const [known] = readSeals(path)
    .filter(({ key }) => key !== undefined)
    .slice(-1);
  if (known !== undefined) return materialOf(known);
  return addSeal(path, making);
}

/** Makes another test key, which seals from the next start on. */
export function addSeal(path: string, making: SealMaking): SealMaterial {
  const { nowUs: madeAtUs, ...rest } = making;
  const material = sealMaterial(createTestSeal({ madeAtUs, ...rest }), true);
  const certificates = material.certificates.map(base64);
  const key = base64(material.key);
  const made = { madeAt: isoFromUs(making.nowUs), test: true, certificates, key };
  writeSeals(path, [...readSeals(path), made]);
  return material;
}

/** Deletes the keys of all test seals but the newest. How many there were. */
export function retireSeals(path: string, at: string): number {
  const seals = readSeals(path);
  const old = seals.filter(({ key }) => key !== undefined).slice(0, -1);
  writeSeals(
    path,
    seals.map((seal) => (old.includes(seal) ? { ...withoutKey(seal), retiredAt: at } : seal)),
  );
  return old.length;
}

/**
 * Revokes the one seal whose fingerprint begins so, from `at` on, and deletes its key. Undefined
 * when none or more than one does.
 */
export function revokeSeal(path: string, fingerprint: string, at: string): KnownSeal | undefined {
  const seals = readSeals(path);
  const found = seals.filter((seal) => knownOf(seal).fingerprint.startsWith(fingerprint));
  const [seal] = found;
  if (seal === undefined || found.length > 1) return undefined;
  const revoked = { ...withoutKey(seal), revokedAt: at };
  writeSeals(
    path,
    seals.map((each) => (each === seal ? revoked : each)),
  );
  return knownOf(revoked);
}

/** All seals, the oldest first; none before the first start. */
export function knownSeals(path: string): KnownSeal[] {
  return readSeals(path).map(knownOf);
}

function registered(path: string, p12: SealKey, nowUs: number): SealMaterial {
  const seals = readSeals(path);
  const certificates = p12.certificates.map(base64);
  const known = seals.find((seal) => seal.certificates[0] === certificates[0]);
  if (known?.revokedAt !== undefined) {
    throw new SealUnusable(
      `the certificate of CLICKDAY_SEAL_P12 was revoked on ${known.revokedAt}`,
    );
  }
  if (known === undefined) {
    writeSeals(path, [...seals, { madeAt: isoFromUs(nowUs), test: false, certificates }]);
  }
  return sealMaterial(p12, false);
}

function readSeals(path: string): readonly StoredSeal[] {
  if (!existsSync(path)) return [];
  return (JSON.parse(readFileSync(path, 'utf8')) as { seals: StoredSeal[] }).seals;
}

function writeSeals(path: string, seals: readonly StoredSeal[]): void {
  makeFolder(dirname(path));
  replaceFile(path, `${JSON.stringify({ seals })}\n`);
}

function withoutKey({ key: _private, ...seal }: StoredSeal): StoredSeal {
  return seal;
}

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');
const fromBase64 = (text: string) => Buffer.from(text, 'base64');

function materialOf({ key, certificates, test }: StoredSeal): SealMaterial {
  const privateKey = createPrivateKey({ key: fromBase64(key!), format: 'der', type: 'pkcs8' });
  return sealMaterial({ key: privateKey, certificates: certificates.map(fromBase64) }, test);
}

function knownOf(seal: StoredSeal): KnownSeal {
  const certificate = fromBase64(seal.certificates[0]!);
  const { subject, fingerprint } = describeCertificate(certificate);
  const { madeAt, retiredAt, revokedAt } = seal;
  const validTo = isoFromUs(describeSeal({ certificates: [certificate] }).validToUs);
  return {
    ...{ certificate, subject, fingerprint, isTest: seal.test, madeAt, validTo },
    ...(retiredAt !== undefined && { retiredAt }),
    ...(revokedAt !== undefined && { revokedAt }),
  };
}
