/**
 * The registrar, the receipts and the portal's side of both, over one fixture: what they expect of
 * each other's interfaces holds with the real database, the real register and the real pool.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { manualClock, systemTimers } from '#engine/clock/index.ts';
import { generateSigningKey } from '#engine/foundation/jws.ts';
import { silentLog } from '#engine/foundation/log.ts';
import { seededRandom } from '#engine/foundation/random.ts';
import { createSubmissions } from '#engine/portal/applications/submissions.ts';
import { createFixture, createReceiptFacts } from '#engine/portal/index.ts';
import { createRegistrar, openRegister, verifyReceipts } from '#engine/register/index.ts';
import { openDatabase, openDatabaseForReading } from '#engine/store/database/index.ts';
import type { LedgerEntry } from '#protocol/entry.ts';
import { models } from '#test/support/models.ts';
import { receiptsOver } from '#test/support/receipts.ts';
import { entryOf, memoryLedger, OPENING_US } from '#test/support/register-entries.ts';
import { testSeal } from '#test/support/test-seal.ts';

const APPLICATIONS = 60;

interface Line {
  readonly id: string;
  readonly clickDay: string;
  readonly model: string;
  readonly office: string;
  readonly digest: string;
}

/** The lines of a passbook, read without checking its signature. */
function linesOf(passbook: string): Line[] {
  const claims = Buffer.from(passbook.split('.')[1]!, 'base64url').toString();
  return (JSON.parse(claims) as { applications: Line[] }).applications;
}

describe('registrar, receipts and portal together', () => {
  const folder = mkdtempSync(join(tmpdir(), 'clickday-receipts-portal-'));
  const clock = manualClock({ nowUs: OPENING_US });
  const database = openDatabase(join(folder, 'clickday.sqlite'));
  const store = openRegister(join(folder, 'register'));
  const parts = { database, models, clock, random: seededRandom('events', clock) };
  const submissions = createSubmissions(parts);
  const reading = openDatabaseForReading(join(folder, 'clickday.sqlite'));
  const factsOf = createReceiptFacts({ database: reading, models });
  const ledger = memoryLedger('g1');
  const entries: LedgerEntry[] = [];

  beforeAll(async () => {
    const random = seededRandom(7, clock);
    const options = { database, clock, random, models, key: generateSigningKey() };
    const day = { opensAtUs: OPENING_US, closesAtUs: OPENING_US + 3_600_000_000 };
    const size = { accounts: 5, applications: APPLICATIONS };
    for await (const { passbooks } of createFixture({ ...options, ...day, ...size })) {
      for (const { id, ...line } of passbooks.flatMap(linesOf)) {
        entries.push(entryOf('g1', entries.length + 1, { ...line, application: id }));
      }
    }
    ledger.write(...entries);
  });
  afterAll(async () => {
    await store.close();
    reading.close();
    database.close();
    rmSync(folder, { recursive: true });
  });

  it('bring every entry of the ledger to its receipt', async () => {
    const receipts = receiptsOver(
      { store, facts: factsOf },
      {
        nowUs: () => OPENING_US,
        pool: { seal: testSeal() },
        made: (applications) => submissions.markReceipts(applications, OPENING_US),
      },
    );
    const made = { store, clock, timers: systemTimers(), log: silentLog(), submissions, receipts };
    await createRegistrar({ ledgers: [ledger], ...made }).step();
    await receipts.settled();
    expect(receipts.status()).toEqual({ made: APPLICATIONS, pending: 0, failed: [], unproven: [] });
    const report = verifyReceipts({ register: store, receipts: store.receipts });
    expect(report).toEqual({ made: APPLICATIONS, pending: 0, failed: 0, violations: [] });
    await expectReceiptOf(entries[17]!, await receipts.read(entries[17]!.application));
    await receipts.close();
    const statuses = database.all(database.build.selectFrom('applications').select('status'));
    expect(new Set(statuses.map(({ status }) => status))).toEqual(new Set(['receipt']));
    expect(submissions.lastPlace()).toBe(APPLICATIONS);
  });

  async function expectReceiptOf(entry: LedgerEntry, pdf: Buffer | null): Promise<void> {
    const file = join(folder, 'receipt.pdf');
    writeFileSync(file, pdf!);
    const text = execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' });
    const [facts] = factsOf([entry.application]);
    for (const value of Object.values({ ...facts, model: entry.model, language: '' }).flat()) {
      expect(text).toContain(value);
    }
  }
});
