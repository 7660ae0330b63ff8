/** PKCS#12 files made by OpenSSL in the forms that authorities and older programs use. */
import { createHash, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSigner } from '#engine/receipts/seal/cms.ts';
import { readPkcs12 } from '#engine/receipts/seal/p12.ts';
import { CertificateChain, openssl } from '#test/support/certificate-chain.ts';

const PASSWORD = 'pässword 1€';
const FORMS: Readonly<Record<string, readonly string[]>> = {
  'AES-256 as OpenSSL 3 does': [],
  'triple DES': ['-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-3DES', '-macalg', 'sha1'],
  'AES-128 with SHA-512': [
    '-keypbe',
    'AES-128-CBC',
    '-certpbe',
    'AES-128-CBC',
    '-macalg',
    'sha512',
  ],
  'no encryption of certificates': ['-certpbe', 'NONE'],
  'nothing but a MAC': ['-keypbe', 'NONE', '-certpbe', 'NONE'],
  'no MAC': ['-nomac'],
};

describe('a PKCS#12 file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'clickday-p12-'));
  const at = (name: string) => join(folder, name);
  const chains = {} as Record<'rsa' | 'ec', CertificateChain>;
  beforeAll(() => {
    for (const kind of ['rsa', 'ec'] as const) chains[kind] = new CertificateChain(folder, kind);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const subjects = (certificates: readonly Uint8Array[]) =>
    certificates.map((bytes) => new X509Certificate(bytes).subject.replace(/^.*CN=/s, ''));

  describe.each(['rsa', 'ec'] as const)('with a key of kind %s', (kind) => {
    it.each(Object.keys(FORMS))('gives the key and its chain without the root: %s', (form) => {
      const seal = readPkcs12(chains[kind].pkcs12(PASSWORD, FORMS[form]!), PASSWORD);
      expect(seal.key.asymmetricKeyType).toBe(kind);
      expect(subjects(seal.certificates)).toEqual(['Seal', 'Middle']);
    });

    it('seals, and OpenSSL finds the way to the root by what is in the seal', () => {
      const seal = readPkcs12(chains[kind].pkcs12(PASSWORD), PASSWORD);
      writeFileSync(at('content'), 'sealed');
      const digest = createHash('sha256').update('sealed').digest();
      writeFileSync(at('seal.cms'), createSigner(seal).sign(digest));
      const found = openssl(
        ...['cms', '-verify', '-binary', '-cades', '-purpose', 'any', '-inform', 'DER'],
        ...['-in', at('seal.cms'), '-content', at('content'), '-CAfile', chains[kind].root],
      );
      expect(found.toString()).toBe('sealed');
    });
  });

  it.each(['triple DES', 'AES-256 as OpenSSL 3 does', 'no MAC'])(
    'is refused with another password: %s',
    (form) => {
      const file = chains.ec.pkcs12(PASSWORD, FORMS[form]!);
      expect(() => readPkcs12(file, 'password')).toThrow(/password is another/);
    },
  );

  it('without a password is read', () => {
    const seal = readPkcs12(chains.ec.pkcs12(''), '');
    expect(seal.certificates).toHaveLength(2);
  });

  it('without a key, or that is something else, is refused with a sentence', () => {
    expect(() => readPkcs12(chains.ec.pkcs12(PASSWORD, ['-nokeys']), PASSWORD)).toThrow(
      'no private key',
    );
    const other = readFileSync(at('ec-seal.pem'));
    expect(() => readPkcs12(other, PASSWORD)).toThrow('damaged, or no PKCS#12 file');
    expect(() => readPkcs12(Buffer.alloc(0), PASSWORD)).toThrow('damaged, or no PKCS#12 file');
    const cut = chains.ec.pkcs12(PASSWORD).subarray(0, 900);
    expect(() => readPkcs12(cut, PASSWORD)).toThrow('damaged, or no PKCS#12 file');
  });

  it('encrypted with RC2 is refused with the way to convert it', () => {
    const old = ['-legacy', '-keypbe', 'PBE-SHA1-RC2-40', '-certpbe', 'PBE-SHA1-RC2-40'];
    expect(() => readPkcs12(chains.rsa.pkcs12(PASSWORD, old), PASSWORD)).toThrow(
      /openssl pkcs12 -legacy -in OLD\.p12/,
    );
  });

  it('changed in one byte is not taken', () => {
    const file = chains.ec.pkcs12(PASSWORD);
    const before = readPkcs12(file, PASSWORD);
    for (let byte = 40; byte < file.length - 60; byte += 97) {
      const changed = Buffer.from(file);
      changed[byte]! ^= 1;
      expect(() => readPkcs12(changed, PASSWORD), `byte ${byte}`).toThrow();
    }
    expect(readPkcs12(file, PASSWORD).certificates).toEqual(before.certificates);
  });
});
