import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ReceiptFacts, Receipts } from '#engine/receipts/index.ts';
import { openRegister, type Register, verifyReceipts } from '#engine/register/index.ts';
import { type ReceiptsChange, receiptsOver } from '#test/support/receipts.ts';
import { applicationId, entryOf, factsOf, OPENING_US } from '#test/support/register-entries.ts';
import { testSeal } from '#test/support/test-seal.ts';

const WORKER = new URL('../support/dying-receipt-worker.ts', import.meta.url);

describe('the queue of receipts', () => {
  let folder: string;
  let store: Register;
  let receipts: Receipts | undefined;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'clickday-receipts-'));
    store = openRegister(folder);
  });
  afterEach(async () => {
    await receipts?.close();
    receipts = undefined;
    await store.close();
    rmSync(folder, { recursive: true });
  });

  const fill = (count: number, from = 1) =>
    store.append(Array.from({ length: count }, (_, index) => entryOf('g1', from + index)));
  /** Facts of every application; `change` by the number of the entry. */
  const factsFrom =
    (change: Record<number, object> = {}) =>
    async (ids: string[]): Promise<ReceiptFacts[]> =>
      ids.map((id) => {
        const seq = Number(id.slice(3));
        return { ...factsOf(entryOf('g1', seq)), ...change[seq] };
      });
  const open = (change: ReceiptsChange = {}): Receipts => {
    const pool = { threads: 1, batchSize: 5, seal };
    const fixed = { nowUs: () => OPENING_US, pool };
    receipts = receiptsOver({ store, facts: factsFrom() }, { ...fixed, ...change });
    receipts.enqueue([{ place: store.lastPlace() }]);
    return receipts;
  };
  const seal = testSeal('rsa'); // the same bytes again
  const small = { threads: 1, batchSize: 5, worker: WORKER };
  const report = () => verifyReceipts({ register: store, receipts: store.receipts });

  it('makes one receipt an entry and hands it out', async () => {
    await fill(12);
    const told: string[] = [];
    const queue = open({ made: (applications) => void told.push(...applications) });
    await queue.settled();
    expect(queue.status()).toMatchObject({ made: 12, pending: 0, failed: [] });
    expect(report()).toEqual({ made: 12, pending: 0, failed: 0, violations: [] });
    const pdf = await queue.read(applicationId(7));
    expect(pdf?.subarray(0, 5).toString()).toBe('%PDF-');
    expect(store.receipts.untold().length).toBeLessThan(12);
    expect(told.toSorted()).toEqual(Array.from({ length: 12 }, (_, i) => applicationId(i + 1)));
  });

  it('knows no receipt of an application that is not in the register', async () => {
    const queue = open();
    expect(await queue.read('01JUNKNOWN')).toBeNull();
    expect(queue.has('01JUNKNOWN')).toBe(false);
  });

  it('goes on with entries that come later, and makes none for a duplicate entry', async () => {
    await fill(2);
    const queue = open();
    await queue.settled();
    const again = entryOf('g2', 1, { application: applicationId(1) });
    const written = await store.append([again, entryOf('g1', 3)]);
    queue.enqueue(written);
    await queue.settled();
    expect(queue.status()).toMatchObject({ made: 3, pending: 0, failed: [] });
    expect(report()).toEqual({ made: 3, pending: 0, failed: 0, violations: [] });
  });

  it('sets aside what cannot be made after three attempts and makes the others', async () => {
    await fill(12);
    let asked = 0;
    const facts = factsFrom({ 4: { employer: undefined } });
    const queue = open({
      facts: async (ids) => {
        if (ids.includes(applicationId(4))) asked += 1;
        return facts(ids);
      },
    });
    await queue.settled();
    expect(queue.status()).toMatchObject({
      made: 11,
      pending: 0,
      failed: [
        {
          application: applicationId(4),
          reason: 'TypeError: receipt fact employer is not a text',
          attempts: 3,
        },
      ],
    });
    expect(asked).toBe(3);
  });

  it('parts a receipt that kills its thread from its batch and blames nobody else', async () => {
    await fill(12);
    const pool = { ...small, batchSize: 6 };
    const queue = open({ facts: factsFrom({ 3: { employer: 'KILL' } }), pool });
    await queue.settled();
    const { made, failed } = queue.status();
    expect(made).toBe(11);
    expect(failed).toMatchObject([{ application: applicationId(3), attempts: 3 }]);
  });

  it('does not count the death of a shared thread among the attempts of the others', async () => {
    await fill(2);
    const facts = factsFrom({ 2: { employer: 'KILL' } });
    let alone = 0;
    const queue = open({
      pool: { ...small, batchSize: 2 },
      facts: async (ids) => {
        if (ids.length === 1 && ids[0] === applicationId(1)) alone += 1;
        const isHidden = ids.length === 1 && alone > 0 && alone <= 2;
        return (await facts(ids)).filter((fact) => !isHidden || fact.employer === 'KILL');
      },
    });
    await queue.settled();
    expect(queue.status()).toMatchObject({ made: 1, failed: [{ application: applicationId(2) }] });
  });

  it('ends a thread that does not come back', async () => {
    await fill(1);
    const pool = { ...small, batchCpuMsMax: 50, lookMs: 20 };
    const queue = open({ facts: factsFrom({ 1: { employer: 'HANG' } }), pool });
    await queue.settled();
    expect(queue.status().failed).toMatchObject([
      { attempts: 3, reason: expect.stringMatching(/abort/) },
    ]);
  });

  it('waits for a thread that a busy machine lets do nothing', async () => {
    await fill(1);
    const pool = { ...small, batchCpuMsMax: 50, lookMs: 20 };
    const queue = open({ facts: factsFrom({ 1: { employer: 'SLOW' } }), pool });
    await queue.settled();
    expect(queue.status()).toMatchObject({ made: 1, failed: [] });
  });

  it('sets aside an application that the portal does not know', async () => {
    await fill(2);
    const facts = async (ids: string[]) =>
      (await factsFrom()(ids)).filter(({ application }) => application !== applicationId(2));
    const queue = open({ facts, pool: small });
    await queue.settled();
    expect(queue.status().failed).toMatchObject([
      { reason: 'the portal does not know this application' },
    ]);
  });

  it('waits while the portal cannot answer and blames no receipt', async () => {
    await fill(3);
    const facts = factsFrom();
    let calls = 0;
    const queue = open({
      pool: small,
      facts: async (ids) => {
        calls += 1;
        if (calls === 1) throw new Error('database is locked');
        return facts(ids);
      },
    });
    await queue.settled();
    expect(queue.status()).toMatchObject({ made: 3, pending: 0, failed: [] });
  });

  it('resumes after a restart with one receipt an entry and the same bytes', async () => {
    await fill(40);
    const first = await new Promise<Receipts>((resolve) => {
      const queue: Receipts = open({ made: () => resolve(queue) });
    });
    await first.close();
    const before = first.status().made;
    await fill(5, 41);
    const queue = open();
    await queue.settled();
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThan(40);
    expect(queue.status()).toMatchObject({ made: 45, pending: 0, failed: [] });
    expect(report().violations).toEqual([]);
    const pdf = await queue.read(applicationId(1));
    await queue.close();
    await store.close();
    rmSync(folder, { recursive: true });
    store = openRegister(folder);
    await fill(1);
    const other = open();
    await other.settled();
    expect((await other.read(applicationId(1)))?.equals(pdf!)).toBe(true);
  });

  it('tells again after a restart what may not have been heard', async () => {
    await fill(3);
    const deaf = open({
      pool: small,
      made: () => {
        throw new Error('the portal died');
      },
    });
    await deaf.settled();
    await deaf.close();
    const heard = await new Promise<readonly string[]>((resolve) =>
      open({ made: resolve, pool: small }),
    );
    expect(heard).toEqual([1, 2, 3].map(applicationId));
  });

  it('makes nothing beyond what it was told of', async () => {
    await fill(4);
    const queue = open({ pool: small });
    await queue.settled();
    await fill(2, 5);
    await queue.settled();
    expect(queue.status()).toMatchObject({ made: 4, pending: 2, failed: [] });
  });

  it('keeps what was set aside over a restart and tries it again when told', async () => {
    await fill(2);
    const broken = open({ facts: factsFrom({ 1: { worker: 7 } }) });
    await broken.settled();
    await broken.close();
    const queue = open();
    await queue.settled();
    expect(queue.status()).toMatchObject({ made: 1, failed: [{ attempts: 3 }] });
    expect(await queue.retry(applicationId(2))).toBe(false);
    expect(await queue.retry(applicationId(1))).toBe(true);
    await queue.settled();
    expect(queue.status()).toMatchObject({ made: 2, pending: 0, failed: [] });
  });
});
