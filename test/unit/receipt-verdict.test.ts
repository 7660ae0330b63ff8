/**
 * What a check of a receipt says, on real receipts: genuine ones with all that they prove, and
 * every way in which one can be wrong though somebody's seal holds.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import type { LedgerEntry } from '#protocol/entry.ts';
import { formatTlogProof, parseTlogProof } from '#protocol/log/tlog-proof.ts';
import type { VerificationKeys } from '#protocol/portal-api.ts';
import {
  addHistory,
  type GenuineVerdict,
  type ReadLog,
  readTrustedKeys,
  type Verdict,
  verifyReceipt,
} from '#protocol/receipt/index.ts';
import { LogKey, ReceiptStage } from '#test/support/receipt-stage.ts';
import { OPENING_US } from '#test/support/register-entries.ts';
import { testSeal } from '#test/support/test-seal.ts';

const stage = new ReceiptStage();
/** Another portal, with a seal and a log of its own under the same names. */
const elsewhere = new ReceiptStage();

async function check(pdf: Uint8Array, keys: VerificationKeys = stage.keys()): Promise<Verdict> {
  return verifyReceipt(pdf, readTrustedKeys(keys)!);
}

async function codeOf(pdf: Uint8Array, keys?: VerificationKeys): Promise<string> {
  const verdict = await check(pdf, keys);
  return verdict.genuine ? verdict.code : `${verdict.code} ${verdict.reason}`;
}

describe('a genuine receipt', () => {
  it('is told with its place, its proof and every step', async () => {
    const verdict = (await check(await stage.receipt(7))) as GenuineVerdict;
    expect(verdict.code).toBe('RECEIPT_TEST_SEAL');
    expect(verdict.steps.map(({ step, ok }) => [step, ok])).toEqual([
      ['file', true],
      ['seal', true],
      ['certificate', true],
      ['statement', true],
      ['checkpoint', true],
      ['entry', true],
    ]);
    const { protocol, gate, seq, stamp, checkpoint, test, rehearsal } = verdict.facts;
    expect({ protocol, gate, seq, stamp, test, rehearsal }).toEqual({
      protocol: '2011-01-31/g1/000000007',
      gate: 'g1',
      seq: 7,
      stamp: '2011-01-31T07:00:00.000006Z',
      test: true,
      rehearsal: false,
    });
    expect(checkpoint.size).toBe(20);
    expect(checkpoint.signedBy).toBe(stage.logKey.verifierKey);
  });

  it('says plainly that it is of a rehearsal, or sealed with a test key', async () => {
    expect(await codeOf(await stage.receipt(1, { rehearsal: true }))).toBe('RECEIPT_REHEARSAL');
    const real = new ReceiptStage({ seal: { ...testSeal(), isTest: false } });
    expect(await codeOf(await real.receipt(1), real.keys())).toBe('RECEIPT_GENUINE');
  });

  it.each(['it', 'en'] as const)(
    'is genuine in %s and in both faces of its letters',
    async (language) => {
      for (const worker of ['El Idrissi Youssef', 'Ωμέγα Ж']) {
        const pdf = await stage.receipt(3, { facts: { language, worker } });
        expect(await codeOf(pdf)).toBe('RECEIPT_TEST_SEAL');
      }
    },
  );

  it.each([
    ['rsa', 'RSA 2048, SHA-256'],
    ['ec', 'ECDSA P-256, SHA-256'],
  ] as const)('may be sealed with a key of kind %s', async (kind, algorithm) => {
    const issuer = new ReceiptStage({ seal: testSeal(kind) });
    const verdict = await check(await issuer.receipt(2), issuer.keys());
    expect(verdict.code).toBe('RECEIPT_TEST_SEAL');
    expect(verdict.steps[1]!.evidence[1]!.value).toBe(algorithm);
  });

  it('is genuine at every place of logs of every size', async () => {
    for (let size = 1; size <= 20; size += 1) {
      const pdf = await stage.receipt(size, { size });
      expect(await codeOf(pdf), `the last of ${size}`).toBe('RECEIPT_TEST_SEAL');
    }
    expect(await codeOf(await stage.receipt(1, { size: 13 }))).toBe('RECEIPT_TEST_SEAL');
  });
});

describe('the seal', () => {
  it('of another portal is refused', async () => {
    expect(await codeOf(await elsewhere.receipt(1))).toBe('RECEIPT_SEAL_UNKNOWN otherSeal');
  });

  it('is refused once it is revoked, whenever it was used', async () => {
    const keys = stage.keys({ revokedAt: '2030-01-01T00:00:00.000000Z' });
    expect(await codeOf(await stage.receipt(1), keys)).toBe('RECEIPT_SEAL_REVOKED sealRevoked');
  });

  it('is refused when its certificate was not valid at the stamp', async () => {
    const tenYearsUs = 10 * 365.25 * 86_400_000_000;
    for (const openingUs of [OPENING_US + tenYearsUs, OPENING_US - tenYearsUs]) {
      const late = new ReceiptStage({ seal: stage.seal, openingUs });
      const code = await codeOf(await late.receipt(1), late.keys());
      expect(code).toBe('RECEIPT_SEAL_NOT_VALID sealNotValid');
    }
  });
});

describe('the statement', () => {
  const differing: readonly (readonly [string, object])[] = [
    ['protocol', { protocol: '2011-01-31/g1/000000008' }],
    ['model', { model: 'A' }],
    ['click day', { clickDay: '2011-02-01' }],
  ];
  it.each(differing)('is refused when its %s is not the entry’s', async (_name, facts) => {
    const code = await codeOf(await stage.receipt(7, { facts }));
    expect(code).toBe('RECEIPT_CONTENT_WRONG statementDiffers');
  });

  it('is refused when it says test and the seal is none, or the other way round', async () => {
    const code = await codeOf(await stage.receipt(1), stage.keys({ test: false }));
    expect(code).toBe('RECEIPT_CONTENT_WRONG statementDiffers');
  });
});

describe('the proof', () => {
  const withProof = (tlogProof: string, keys = stage.keys()) =>
    stage.receipt(5, { tlogProof }).then((pdf) => codeOf(pdf, keys));

  it('of another log is refused: other name, other gate of this portal, other key', async () => {
    const other = new ReceiptStage({ origin: 'elsewhere.example/g1' });
    expect(await withProof(other.tlogProof(5, 20))).toBe('RECEIPT_LOG_FOREIGN otherOrigin');
    const second = new ReceiptStage({ gate: 'g2', seal: stage.seal });
    const logs = [...stage.keys().logs, ...second.keys().logs];
    const code = await withProof(second.tlogProof(5, 20), { ...stage.keys(), logs });
    expect(code).toBe('RECEIPT_LOG_FOREIGN otherOrigin');
    expect(await withProof(elsewhere.tlogProof(5, 20))).toBe('RECEIPT_LOG_FOREIGN otherLogKey');
  });

  it('signed by a revoked key is refused, unless one that counts has signed too', async () => {
    const [log] = stage.keys().logs;
    const second = new LogKey(stage.origin);
    const key = stage.logKey.verifierKey;
    const revoked = [{ key, revokedAt: '2011-03-01T00:00:00.000000Z' }];
    for (const keys of [[key], []]) {
      const known = { ...stage.keys(), logs: [{ ...log!, keys, revoked }] };
      const code = await codeOf(await stage.receipt(5), known);
      expect(code).toBe('RECEIPT_LOG_KEY_REVOKED logKeyRevoked');
    }
    const line = stage.checkpoint(20, second).split('\n\n')[1]!;
    const both = stage.tlogProof(5, 20) + line;
    const keys = [key, second.verifierKey];
    const known = { ...stage.keys(), logs: [{ ...log!, keys, revoked }] };
    expect(await withProof(both, known)).toBe('RECEIPT_TEST_SEAL');
  });

  it('is refused when it is of another place, or leads elsewhere', async () => {
    expect(await withProof(stage.tlogProof(6, 20))).toBe('RECEIPT_PROOF_WRONG otherIndex');
    const proof = parseTlogProof(stage.tlogProof(5, 20))!;
    const hashes = proof.hashes.toSpliced(1, 1, new Uint8Array(32));
    const changed = [hashes, hashes.slice(1), [...proof.hashes, hashes[0]!]];
    for (const each of changed) {
      const text = formatTlogProof({ ...proof, hashes: each });
      expect(await withProof(text)).toBe('RECEIPT_PROOF_WRONG otherRoot');
    }
    const forged = new ReceiptStage({ seal: stage.seal });
    forged.entries[3] = { ...forged.entries[3]!, stampUs: 0 } satisfies LedgerEntry;
    const root = parseTlogProof(forged.tlogProof(5, 20))!;
    const text = formatTlogProof({ ...root, checkpoint: proof.checkpoint });
    expect(await withProof(text)).toBe('RECEIPT_PROOF_WRONG otherRoot');
  });
});

describe('the log as it is now', () => {
  let verdict: GenuineVerdict;
  const keys = readTrustedKeys(stage.keys())!;
  const compare = async (read: ReadLog) => {
    const { code, steps } = await addHistory(verdict, keys, read);
    return [code, steps.at(-1)!.step, steps.at(-1)!.ok];
  };
  beforeAll(async () => {
    verdict = (await check(await stage.receipt(3, { size: 5 }))) as GenuineVerdict;
  });

  it('begins with what the receipt proves', async () => {
    expect(await compare(stage.readLog)).toEqual(['RECEIPT_TEST_SEAL', 'history', true]);
  });

  it('is read by its tiles, however large it has become', async () => {
    const large = new ReceiptStage({ entries: 70_000 });
    const known = readTrustedKeys(large.keys())!;
    const old = await verifyReceipt(await large.receipt(300, { size: 301 }), known);
    const asked: string[] = [];
    const now = await addHistory(old as GenuineVerdict, known, (path) => {
      asked.push(path);
      return large.readLog(path);
    });
    expect(now.steps.at(-1)).toMatchObject({ step: 'history', ok: true });
    expect(asked).toContain('tile/1/001.p/17');
    expect(asked.length).toBeLessThan(10);
  });

  it('is refused when an entry before was changed, taken out or put in', async () => {
    const diverged = ['RECEIPT_LOG_DIVERGED', 'history', false];
    const { entries } = stage;
    const others = [
      entries.with(1, { ...entries[1]!, stampUs: 1 }),
      entries.toSpliced(1, 1),
      entries.toSpliced(1, 0, entries[7]!),
    ];
    for (const each of others) {
      const was = entries.splice(0, entries.length, ...each);
      try {
        expect(await compare(stage.readLog)).toEqual(diverged);
      } finally {
        entries.splice(0, entries.length, ...was);
      }
    }
    const shrunk: ReadLog = async () => new TextEncoder().encode(stage.checkpoint(4));
    expect(await compare(shrunk)).toEqual(diverged);
  });

  it('is refused when another key signs it, and told apart from one that cannot be read', async () => {
    const foreign: ReadLog = async () => new TextEncoder().encode(elsewhere.checkpoint());
    expect(await compare(foreign)).toEqual(['RECEIPT_LOG_FOREIGN', 'history', false]);
    const silent = ['RECEIPT_LOG_UNREACHABLE', 'history', false];
    expect(await compare(async () => undefined)).toEqual(silent);
    const cut: ReadLog = async (path) =>
      (await stage.readLog(path))?.slice(0, path === 'checkpoint' ? undefined : 31);
    expect(await compare(cut)).toEqual(silent);
  });
});
