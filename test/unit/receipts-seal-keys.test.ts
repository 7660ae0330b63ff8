/** The file of seals: made on the first start, rotated, revoked, and never shown. */
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  addSeal,
  knownSeals,
  openSeals,
  retireSeals,
  revokeSeal,
  SealUnusable,
} from '#engine/receipts/index.ts';
import { createTestSeal } from '#engine/receipts/seal/certificate.ts';

const NOW_US = Date.UTC(2026, 10, 27, 8) * 1000;
const LATER = '2026-12-01T00:00:00.000000Z';

describe('the seals of an installation', () => {
  let folder: string;
  let path: string;
  let serial = 0;
  const making = () => {
    serial += 1;
    return { organization: 'Prefettura', nowUs: NOW_US, serial: Buffer.alloc(16, serial) };
  };
  const open = () => openSeals(path, making());
  const p12 = () => {
    const { nowUs: madeAtUs, ...rest } = making();
    return createTestSeal({ madeAtUs, ...rest });
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'clickday-seals-'));
    path = join(folder, 'keys', 'seal.json');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('begin with a test key, in a file that only its owner may read', () => {
    const seal = open();
    expect(seal.isTest).toBe(true);
    expect(open()).toEqual(seal);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(knownSeals(path)).toMatchObject([
      {
        subject: 'TEST / PROVA – Clickday, Prefettura, IT',
        isTest: true,
        madeAt: '2026-11-27T08:00:00.000000Z',
        validTo: '2036-11-27T08:00:00.000000Z',
      },
    ]);
  });

  it('are told without their keys', () => {
    const { key } = open();
    const told = JSON.stringify(knownSeals(path));
    expect(told).not.toContain(Buffer.from(key).toString('base64').slice(0, 40));
    expect(Object.keys(knownSeals(path)[0]!)).not.toContain('key');
  });

  it('are rotated with overlap: the old one stays known, its key goes', () => {
    const first = open();
    const second = addSeal(path, making());
    expect(open()).toEqual(second);
    expect(retireSeals(path, LATER)).toBe(1);
    expect(retireSeals(path, LATER)).toBe(0);
    expect(knownSeals(path).map(({ retiredAt }) => retiredAt)).toEqual([LATER, undefined]);
    expect(readFileSync(path, 'utf8')).not.toContain(Buffer.from(first.key).toString('base64'));
    expect(open()).toEqual(second);
  });

  it('are revoked by the beginning of a fingerprint that only one has', () => {
    const first = open();
    addSeal(path, making());
    const [old, young] = knownSeals(path);
    expect(revokeSeal(path, '', LATER)).toBeUndefined();
    expect(revokeSeal(path, 'zz', LATER)).toBeUndefined();
    expect(revokeSeal(path, old!.fingerprint.slice(0, 12), LATER)?.revokedAt).toBe(LATER);
    expect(readFileSync(path, 'utf8')).not.toContain(Buffer.from(first.key).toString('base64'));
    revokeSeal(path, young!.fingerprint, LATER);
    expect(knownSeals(path).map(({ revokedAt }) => revokedAt)).toEqual([LATER, LATER]);
    open();
    expect(knownSeals(path)).toHaveLength(3);
  });

  it('note a PKCS#12 file’s certificates once, never its key, and use it while it is given', () => {
    const own = open();
    const given = p12();
    const seal = openSeals(path, making(), given);
    openSeals(path, making(), given);
    expect(seal.isTest).toBe(false);
    expect(knownSeals(path).map(({ isTest }) => isTest)).toEqual([true, false]);
    expect(readFileSync(path, 'utf8')).not.toContain(Buffer.from(seal.key).toString('base64'));
    expect(open()).toEqual(own);
  });

  it('do not seal with a PKCS#12 file that was revoked', () => {
    const given = p12();
    openSeals(path, making(), given);
    revokeSeal(path, knownSeals(path)[0]!.fingerprint, LATER);
    expect(() => openSeals(path, making(), given)).toThrow(SealUnusable);
  });
});
