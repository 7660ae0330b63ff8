/**
 * The seal by itself, as OpenSSL reads it: certificate and CMS signature of both kinds of keys, and
 * the bytes that a checker relies on.
 */
import { execFileSync } from 'node:child_process';
import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createTestSeal } from '#engine/receipts/seal/certificate.ts';
import { createSigner, type SealKey } from '#engine/receipts/seal/cms.ts';
import { integer, oid, oidText, readDer, stringBytes, time } from '#engine/receipts/seal/der.ts';

const MADE_AT_US = Date.UTC(2026, 10, 27) * 1000;
const CONTENT = Buffer.from('what is sealed');
const DIGEST = createHash('sha256').update(CONTENT).digest();

const sealOf = (algorithm: 'rsa' | 'ec', change: { organization?: string; serial?: Buffer } = {}) =>
  createTestSeal({
    ...{ organization: 'Prefettura di Forlì', madeAtUs: MADE_AT_US },
    ...{ serial: Buffer.alloc(16, 0xff), algorithm, ...change },
  });

describe('DER', () => {
  it.each([
    [0, '020100'],
    [127, '02017f'],
    [128, '02020080'],
    [65_537, '0203010001'],
  ])('writes the number %i in its shortest form', (value, hex) => {
    expect(integer(value).toString('hex')).toBe(hex);
  });

  it('writes long lengths, object identifiers and instants as X.690 and RFC 5280 say', () => {
    const dotted = '1.2.840.113549.1.9.16.2.47';
    expect(oid(dotted).toString('hex')).toBe('060b2a864886f70d010910022f');
    expect(oidText(readDer(oid(dotted)))).toBe(dotted);
    expect(oidText(readDer(oid('2.16.840.1.101.3.4.2.1')))).toBe('2.16.840.1.101.3.4.2.1');
    expect(time(Date.UTC(2049, 11, 31, 23, 59, 59) * 1000).toString('latin1', 2)).toBe(
      '491231235959Z',
    );
    expect(time(Date.UTC(2050, 0, 1) * 1000).toString('latin1', 2)).toBe('20500101000000Z');
    const long = integer(Buffer.alloc(300, 1));
    expect(long.toString('hex', 0, 4)).toBe('0282012c');
    expect(readDer(long).content).toHaveLength(300);
  });

  it('reads divided strings of indefinite length, which older programs write', () => {
    const divided = Buffer.from('2480040201020401030000', 'hex');
    expect(stringBytes(readDer(divided)).toString('hex')).toBe('010203');
  });

  it.each(['', '30', '3005', '3082ff', '30800401', '3f00', `${'3080'.repeat(40)}`])(
    'refuses bytes that are no whole value: %s',
    (hex) => {
      expect(() => readDer(Buffer.from(hex, 'hex'))).toThrow(/DER/);
    },
  );
});

describe.each(['rsa', 'ec'] as const)('a test seal with a key of kind %s', (algorithm) => {
  const folder = mkdtempSync(join(tmpdir(), 'clickday-seal-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = (name: string, bytes: Uint8Array) => {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    return path;
  };
  const openssl = (...args: string[]) =>
    execFileSync('openssl', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  const seal = sealOf(algorithm);
  const [certificate] = seal.certificates;

  it('has a certificate that says it is a test, for seals only, for ten years', () => {
    const path = file('seal.crt', certificate!);
    const text = openssl(
      'x509',
      '-inform',
      'DER',
      '-in',
      path,
      '-noout',
      '-text',
      '-nameopt',
      'utf8',
    );
    expect(text).toMatch(
      /Subject: C ?= ?IT, O ?= ?Prefettura di Forlì, CN ?= ?TEST \/ PROVA – Clickday/,
    );
    expect(text).toMatch(/Not Before: Nov 26 .* 2026 GMT\s+Not After : Nov 27 .* 2036 GMT/);
    expect(text).toMatch(/Key Usage: critical\s+Digital Signature, Non Repudiation\n/);
    expect(text).toMatch(/Basic Constraints: critical\s+CA:FALSE/);
    const read = new X509Certificate(certificate!);
    expect(read.verify(read.publicKey)).toBe(true);
    expect(read.serialNumber).toBe(`7F${'FF'.repeat(15)}`);
  });

  it('keeps a long organisation to 64 characters', () => {
    const long = sealOf(algorithm, { organization: 'à'.repeat(200) });
    expect(new X509Certificate(long.certificates[0]!).subject).toContain(`O=${'à'.repeat(64)}\n`);
  });

  it('signs so that OpenSSL agrees, and not about other content', () => {
    const cms = file('seal.cms', createSigner(seal).sign(DIGEST));
    const root = file('seal.pem', Buffer.from(new X509Certificate(certificate!).toString()));
    const verify = (content: string) =>
      openssl(
        ...['cms', '-verify', '-binary', '-cades', '-purpose', 'any', '-no_check_time'],
        ...['-CAfile', root, '-inform', 'DER', '-in', cms, '-content', content],
      );
    expect(verify(file('content', CONTENT))).toBe(CONTENT.toString());
    expect(() => verify(file('other', Buffer.from('what is sealeD')))).toThrow();
  });

  it('never needs more room than it says', () => {
    const signer = createSigner(seal);
    const lengths = Array.from({ length: 30 }, () => signer.sign(DIGEST).length);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(signer.bytesMax);
    expect(signer.bytesMax - Math.min(...lengths)).toBeLessThan(12);
  });

  it('does not sign with a key that is not the certificate’s', () => {
    const other = sealOf(algorithm);
    expect(() => createSigner({ ...seal, key: other.key })).toThrow('not the certificate');
  });
});

describe('a signer', () => {
  it('gives the same bytes again with RSA', () => {
    const signer = createSigner(sealOf('rsa'));
    expect(signer.sign(DIGEST).equals(signer.sign(DIGEST))).toBe(true);
  });

  it('has room for an ECDSA signature whose both numbers need their zero byte', () => {
    const signer = createSigner(sealOf('ec'));
    const longest = Array.from({ length: 300 }, () => signer.sign(DIGEST).length);
    expect(Math.max(...longest)).toBe(signer.bytesMax);
  });

  it.each(['rsa:1024', 'ed25519'])('takes no key of the kind %s', (kind) => {
    const folder = mkdtempSync(join(tmpdir(), 'clickday-seal-'));
    const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
    const files = ['-keyout', key, '-out', certificate, '-subj', '/CN=x', '-nodes'];
    execFileSync('openssl', ['req', '-x509', '-newkey', kind, ...files], { stdio: 'ignore' });
    const weak: SealKey = {
      key: createPrivateKey(readFileSync(key)),
      certificates: [new X509Certificate(readFileSync(certificate)).raw],
    };
    expect(() => createSigner(weak)).toThrow('RSA key of 2048 bits or more');
    rmSync(folder, { recursive: true });
  });
});
