/** Register and receipts: the copy that follows them, and the reading again that finds damage. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { manualClock, manualTimers } from '#engine/clock/index.ts';
import { sha256Base64Url } from '#engine/foundation/digest.ts';
import { silentLog } from '#engine/foundation/log.ts';
import {
  createRegisterScrub,
  openRegister,
  openRegisterCopy,
  type Register,
  verifyReceipts,
  verifyRegister,
} from '#engine/register/index.ts';
import { openEnvironment } from '#engine/store/index.ts';
import { protocolNumber } from '#protocol/entry.ts';
import { applicationId, entryOf, memoryLedger } from '#test/support/register-entries.ts';

const TEMPLATE = Buffer.from('%PDF-1.7 a template');
const HASH = sha256Base64Url(TEMPLATE);
const NOTHING = { templates: new Map(), receipts: [], failures: [], told: [] };
const COUNT = 30;

let folder: string;
let register: Register;
const from = () => join(folder, 'original');
const to = () => join(folder, 'copy');
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'clickday-register-'));
  register = openRegister(from());
});
afterEach(async () => {
  await register.close();
  rmSync(folder, { recursive: true });
});

const entry = (seq: number) =>
  entryOf('g1', seq, seq === 20 ? { application: applicationId(4) } : {});
const entries = (start: number, end: number) =>
  Array.from({ length: end - start + 1 }, (_, at) => entry(start + at));
const ledger = () => {
  const all = memoryLedger('g1');
  all.write(...entries(1, COUNT));
  return all;
};
const receiptOf = (place: number) => {
  const title = Buffer.from(protocolNumber(entry(place)), 'utf16le')
    .swap16()
    .toString('hex');
  return { place, template: HASH, appended: Buffer.from(`/Title <${title}>\n%%EOF\n`) };
};
const storeReceipts = (...places: number[]) =>
  register.receipts.store({
    ...{ ...NOTHING, templates: new Map([[HASH, TEMPLATE]]), receipts: places.map(receiptOf) },
  });

describe('a copy of the register', () => {
  /** What the copy holds when all of it was taken. */
  async function followed(limit = COUNT) {
    const copy = openRegisterCopy({ from: from(), to: to() });
    while (copy.lastPlace() < limit) await copy.step(new Map([['g1', limit]]));
    expect((await copy.step(new Map([['g1', limit]]))).hasReceipts).toBe(true);
    return copy;
  }
  const reports = async () => {
    const held = openRegister(to(), { readOnly: true });
    const found = {
      register: verifyRegister({ register: held, readers: [ledger()] }),
      receipts: verifyReceipts({ register: held, receipts: held.receipts }),
      untold: held.receipts.untold(),
      failures: held.receipts.failures(),
    };
    await held.close();
    return found;
  };

  it('never goes further than the copies of the ledgers', async () => {
    await register.append(entries(1, COUNT));
    const copy = await followed(12);
    expect(copy.lastPlace()).toBe(12);
    expect((await copy.step(new Map([['g1', 12]]))).hasEntries).toBe(false);
    expect((await copy.step(new Map())).hasEntries).toBe(false);
    expect([copy.lastPlace(), copy.lastPlaceThere()]).toEqual([12, COUNT]);
    expect((await copy.step(new Map([['g1', COUNT]]))).hasEntries).toBe(true);
    expect([copy.lastPlace(), copy.lastPlaceThere()]).toEqual([COUNT, COUNT]);
    await copy.close();
    expect((await reports()).register).toMatchObject({ entries: COUNT, duplicates: 1 });
  });

  it('takes receipts as they are made, out of order and after a restart', async () => {
    await register.append(entries(1, COUNT));
    await storeReceipts(1, 2, 17);
    const first = await followed();
    await first.close();
    await storeReceipts(3, 30);
    const second = await followed();
    await storeReceipts(5);
    await second.step(new Map([['g1', COUNT]]));
    await second.close();
    const { register: entriesReport, receipts } = await reports();
    expect(entriesReport.violations).toEqual([]);
    expect(receipts).toMatchObject({ made: 6, pending: COUNT - 1 - 6, violations: [] });
  });

  it('knows which places its database has not heard of, and forgets those it has', async () => {
    await register.append(entries(1, COUNT));
    await storeReceipts(1, 2, 3);
    const copy = await followed();
    expect(copy.told()).toEqual([]);
    await register.receipts.store({ ...NOTHING, told: [1, 2] });
    expect(copy.told()).toEqual([1, 2]);
    await copy.forget([1, 2]);
    expect(copy.told()).toEqual([]);
    await copy.close();
    expect((await reports()).untold).toEqual([3]);
  });

  it('has the failures that the original has, and no longer those that are forgiven', async () => {
    await register.append(entries(1, COUNT));
    const failure = { application: 'x', reason: 'no glyphs', attempts: 3 };
    const failures = [7, 8].map((place) => ({ ...failure, place }));
    await register.receipts.store({ ...NOTHING, failures });
    const copy = await followed();
    await register.receipts.forgive(7);
    await copy.step(new Map([['g1', COUNT]]));
    await copy.close();
    expect((await reports()).failures).toEqual([{ ...failure, place: 8 }]);
  });
});

describe('reading the register again', () => {
  const scrubOf = () => {
    const clock = manualClock({ nowUs: 7, uncertaintyUs: 0 });
    const timers = manualTimers(clock);
    const scrub = createRegisterScrub({
      ...{ register, ledgers: () => [ledger()], clock, timers, log: silentLog() },
      ...{ placesPerSecond: 50, pauseMs: 1000 },
    });
    return { scrub, timers };
  };
  const change = async (table: string, place: number) => {
    const environment = openEnvironment({ path: from() });
    const rows = environment.table<number>(table, 'uint32');
    const bytes = Buffer.from(rows.get(place)!);
    bytes[bytes.length - 9] = bytes[bytes.length - 9]! ^ 2;
    await environment.transaction(() => rows.put(place, bytes));
    await environment.close();
  };
  const found = () => {
    const { scrub } = scrubOf();
    while (!scrub.step(4));
    return scrub.status().damaged.map(({ place }) => place);
  };

  beforeEach(async () => {
    await register.append(entries(1, COUNT));
    await storeReceipts(1, 2, 17);
  });

  it('finds nothing where all is well, and says when it was through', () => {
    expect(found()).toEqual([]);
    const { scrub, timers } = scrubOf();
    scrub.start();
    for (let tick = 0; tick < 3; tick += 1) timers.advance(200);
    expect(scrub.status()).toMatchObject({ passes: 1, damaged: [] });
    timers.advance(999);
    expect(scrub.status().passes).toBe(1);
    for (let tick = 0; tick < 4; tick += 1) timers.advance(200);
    expect(scrub.status().passes).toBe(2);
    scrub.close();
  });

  it('finds an entry that is another than in its ledger, or is none', async () => {
    await change('order', 5);
    expect(found()).toEqual([5]);
  });

  it('finds a receipt with any byte changed', async () => {
    await change('receipts', 17);
    expect(found()).toEqual([17]);
    const environment = openEnvironment({ path: from() });
    const rows = environment.table<number>('receipts', 'uint32');
    const whole = Buffer.from(rows.get(2)!);
    for (let at = 0; at < whole.length; at += 1) {
      const bytes = Buffer.from(whole);
      bytes[at] = bytes[at]! ^ 1;
      await environment.transaction(() => rows.put(2, bytes));
      expect(found(), `byte ${at}`).toEqual([2, 17]);
    }
    await environment.close();
  });
});
