/**
 * Takes key and certificates out of a PKCS#12 file (RFC 7292), the form in which authorities hand
 * out seals. Node reads such files for TLS only and gives nothing out, so the structure is read
 * here; all cryptography is Node's.
 *
 * Read: integrity by PKCS#12 MAC or PBMAC1 (RFC 9579), encryption by PBES2 with AES or triple DES,
 * and the older triple DES; keys RSA or EC. Not read: RC2, which Node has no more; the error says
 * how to convert such a file.
 */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import type { SealKey } from './cms.ts';
import { type Der, oidText, readDer, stringBytes } from './der.ts';
import { checkMac, decrypt, Pkcs12Unreadable } from './p12-cryptography.ts';

const OID = {
  data: '1.2.840.113549.1.7.1',
  encryptedData: '1.2.840.113549.1.7.6',
  keyBag: '1.2.840.113549.1.12.10.1.1',
  shroudedKeyBag: '1.2.840.113549.1.12.10.1.2',
  certificateBag: '1.2.840.113549.1.12.10.1.3',
  nestedBag: '1.2.840.113549.1.12.10.1.6',
  x509: '1.2.840.113549.1.9.22.1',
} as const;
const NESTED_MAX = 4;

interface Found {
  readonly keys: KeyObject[];
  readonly certificates: Buffer[];
}

/**
 * The seal in a file: its one key, the certificate of that key, and those between it and the root.
 * Throws Pkcs12Unreadable, with a sentence that a person can act on.
 */
export function readPkcs12(file: Uint8Array, password: string): SealKey {
  const found = understood(() => contentsOf(file, password));
  for (const key of found.keys) {
    const own = found.certificates.find((bytes) => new X509Certificate(bytes).checkPrivateKey(key));
    if (own !== undefined) return { key, certificates: chainOf(own, found.certificates) };
  }
  throw new Pkcs12Unreadable(
    found.keys.length === 0 ? 'it holds no private key' : 'it holds no certificate of its key',
  );
}

function understood<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (error instanceof Pkcs12Unreadable) throw error;
    throw new Pkcs12Unreadable('it is damaged, or no PKCS#12 file', { cause: error });
  }
}

function contentsOf(file: Uint8Array, password: string): Found {
  const [, safe, mac] = readDer(file).parts;
  const content = dataOf(safe!);
  if (mac !== undefined) checkMac(mac, content, password);
  const found: Found = { keys: [], certificates: [] };
  for (const part of readDer(content).parts) {
    collect(readDer(plainOf(part, password)), password, found, NESTED_MAX);
  }
  return found;
}

/** The bytes in a ContentInfo of plain data. */
function dataOf(info: Der): Buffer {
  const [type, value] = info.parts;
  if (oidText(type!) !== OID.data) throw new Pkcs12Unreadable('it is signed, not under a password');
  return stringBytes(value!.parts[0]!);
}

function plainOf(info: Der, password: string): Buffer {
  const [type, value] = info.parts;
  if (oidText(type!) !== OID.encryptedData) return dataOf(info);
  const [, algorithm, bytes] = value!.parts[0]!.parts[1]!.parts;
  return decrypt(algorithm!, stringBytes(bytes!), password);
}

function collect(bags: Der, password: string, found: Found, nested: number): void {
  for (const bag of bags.parts) {
    const [type, outer] = bag.parts;
    const value = outer!.parts[0]!;
    const kind = oidText(type!);
    if (kind === OID.keyBag) found.keys.push(privateKey(value.bytes));
    if (kind === OID.shroudedKeyBag) {
      const [algorithm, bytes] = value.parts;
      found.keys.push(privateKey(decrypt(algorithm!, stringBytes(bytes!), password)));
    }
    if (kind === OID.certificateBag && oidText(value.parts[0]!) === OID.x509) {
      found.certificates.push(stringBytes(value.parts[1]!.parts[0]!));
    }
    if (kind === OID.nestedBag && nested > 0) collect(value, password, found, nested - 1);
  }
}

function privateKey(bytes: Buffer): KeyObject {
  return createPrivateKey({ key: bytes, format: 'der', type: 'pkcs8' });
}

/** From `own` upwards; the root, which signs itself, is left out: who trusts it has it. */
function chainOf(own: Buffer, all: readonly Buffer[]): Buffer[] {
  const chain = [own];
  for (;;) {
    const last = new X509Certificate(chain.at(-1)!);
    const next = all.find((bytes) => !chain.includes(bytes) && isIssuer(bytes, last));
    if (next === undefined || isIssuer(next, new X509Certificate(next))) return chain;
    chain.push(next);
  }
}

function isIssuer(bytes: Buffer, issued: X509Certificate): boolean {
  const issuer = new X509Certificate(bytes);
  return issued.checkIssued(issuer) && issued.verify(issuer.publicKey);
}
