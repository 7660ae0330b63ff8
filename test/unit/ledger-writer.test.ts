/** The ledger on disk: one writer that only appends, readers anywhere. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  ledgerExists,
  openLedgerReader,
  openLedgerWriter,
  openThreadedWriter,
  verifyLedger,
} from '#engine/ledger/index.ts';
import { openLedgerTables } from '#engine/ledger/tables.ts';
import { openEnvironment } from '#engine/store/index.ts';
import { canonicalText } from '#protocol/canonical.ts';
import {
  entryFromLeaf,
  type LedgerEntry,
  leafText,
  protocolNumber,
  writeLeaf,
} from '#protocol/entry.ts';
import { JsonBytes } from '#protocol/json-bytes.ts';
import { isoFromUs } from '#protocol/time.ts';
import { passes } from '#test/support/gate-ledger.ts';
import { clickDay, SECOND_US } from '#test/support/gate-papers.ts';
import { childOfTest, runChildOfTest } from '#test/support/gate-process.ts';
import { applicationId, entryOf, OPENING_US } from '#test/support/register-entries.ts';

let path: string;
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'clickday-ledger-'));
});
afterEach(() => rmSync(path, { recursive: true, force: true }));

/** The entries of these tests have stamps within a second after its opening was certain. */
const DAYS = [clickDay({ opensAt: isoFromUs(OPENING_US - SECOND_US) })];
type Settings = Parameters<typeof openLedgerWriter>[0];
const entries = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, at) => entryOf('g1', from + at));

describe('the leaf', () => {
  const instants = fc.integer({ min: 0, max: 4_000_000_000_000_000 });
  const entry: fc.Arbitrary<LedgerEntry> = fc.record({
    ...{ application: fc.string({ unit: 'grapheme' }), clickDay: fc.string() },
    ...{ digest: fc.string(), gate: fc.string(), model: fc.string(), office: fc.string() },
    seq: fc.integer({ min: 1 }),
    stampUs: instants,
    uncertaintyUs: fc.nat(),
  });

  it('is the text that the JCS library writes', () => {
    fc.assert(
      fc.property(entry, ({ stampUs, ...facts }) => {
        const text = leafText({ stampUs, ...facts });
        expect(text).toBe(canonicalText({ ...facts, stamp: isoFromUs(stampUs) }));
      }),
    );
  });

  it('is the same in bytes, written after others', () => {
    const out = new JsonBytes(16);
    fc.assert(
      fc.property(entry, (one) => {
        const start = out.length;
        writeLeaf(out, one);
        expect(Buffer.from(out.from(start)).toString('utf8')).toBe(leafText(one));
      }),
    );
  });

  it('is read back as the entry it was', () => {
    fc.assert(
      fc.property(entry, (one) => {
        expect(entryFromLeaf(leafText(one))).toEqual({ ...one });
      }),
    );
  });

  it('has its number as a person reads it', () => {
    expect(protocolNumber(entryOf('g1', 123_456))).toBe('2011-01-31/g1/000123456');
    expect(protocolNumber(entryOf('g1', 12_345_678_901))).toBe('2011-01-31/g1/12345678901');
  });
});

describe.each([
  {
    name: 'in the caller’s thread',
    opened: async (settings: Settings) => openLedgerWriter(settings),
  },
  { name: 'with a thread that commits', opened: openThreadedWriter },
])('the writer $name', ({ opened }) => {
  const open = (gate = 'g1') => opened({ path, gate });

  it('goes on where it was when it is opened again', async () => {
    const first = await open();
    await first.append(entries(1, 3), 1);
    await first.close();
    const second = await open();
    expect(second.nextSeq()).toBe(4);
    expect(second.lastStampUs()).toBe(OPENING_US + 3);
    expect(second.find(applicationId(2))).toEqual(entryOf('g1', 2));
    expect(second.find(applicationId(4))).toBeUndefined();
    await second.append(entries(4, 9), 2);
    expect(second.find(applicationId(9))).toEqual(entryOf('g1', 9));
    await second.close();
    const reader = openLedgerReader({ path, gate: 'g1' });
    expect(reader.entries(1, 100)).toEqual(entries(1, 9));
    const report = verifyLedger({ reader, clickDays: DAYS });
    expect(report).toMatchObject({ entries: 9, batches: 2, violations: [] });
    await reader.close();
  });

  it('finds an application again whatever its id is written with', async () => {
    const odd = ['è', '"', '\\', 'a"b\\"c', '\n', '🌻', '\u2028', 'x","clickDay":"y'];
    const first = await open();
    await first.append(
      odd.map((application, at) => entryOf('g1', at + 1, { application })),
      1,
    );
    await first.close();
    const second = await open();
    expect(odd.map((application) => second.find(application)?.seq)).toEqual(
      odd.map((_, at) => at + 1),
    );
    await second.close();
  });

  it('starts with number 1 and no stamp', async () => {
    expect(ledgerExists(path)).toBe(false);
    const writer = await open();
    expect([writer.nextSeq(), writer.lastStampUs()]).toEqual([1, 0]);
    expect(ledgerExists(path)).toBe(true);
    await writer.close();
  });

  it('refuses a gap, a number given twice, a stamp that does not rise, and nothing at all', async () => {
    const writer = await open();
    await writer.append(entries(1, 2), 1);
    const refused = {
      gap: [entryOf('g1', 4)],
      twice: [entryOf('g1', 2, { stampUs: OPENING_US + 9 })],
      'gap inside': [entryOf('g1', 3), entryOf('g1', 5)],
      'same stamp': [entryOf('g1', 3, { stampUs: OPENING_US + 2 })],
      'stamp falls inside': [entryOf('g1', 3), entryOf('g1', 4, { stampUs: OPENING_US + 3 })],
      empty: [],
    };
    for (const [name, batch] of Object.entries(refused)) {
      await expect(writer.append(batch, 2), name).rejects.toThrow();
    }
    await writer.append(entries(3, 3), 3);
    expect(writer.nextSeq()).toBe(4);
    await writer.close();
  });

  it('promises with its watermark that nothing older comes, also after a restart', async () => {
    const first = await open();
    await first.append(entries(1, 1), 1);
    await first.watermark(OPENING_US + 50);
    await first.watermark(OPENING_US + 40);
    await expect(first.append([entryOf('g1', 2)], 2)).rejects.toThrow('stamps must rise');
    await first.close();
    const second = await open();
    expect(second.lastStampUs()).toBe(OPENING_US + 50);
    await second.close();
    const reader = openLedgerReader({ path, gate: 'g1' });
    expect(reader.watermarkUs()).toBe(OPENING_US + 50);
    await reader.close();
  });

  it('has promised nothing when its watermark did not reach the disk, and may say it again', async () => {
    let isFull = true;
    const writer = openLedgerWriter({
      path,
      gate: 'g1',
      open: (options) => {
        const environment = openEnvironment(options);
        const refuse = () => Promise.reject(new Error('full'));
        const transaction = (work: () => void) =>
          isFull ? refuse() : environment.transaction(work);
        return { ...environment, transaction };
      },
    });
    await expect(writer.watermark(OPENING_US + 50)).rejects.toThrow('full');
    expect(writer.lastStampUs()).toBe(0);
    isFull = false;
    await writer.watermark(OPENING_US + 50);
    await writer.close();
    const reader = openLedgerReader({ path, gate: 'g1' });
    expect(reader.watermarkUs()).toBe(OPENING_US + 50);
    await reader.close();
  });

  it('keeps batches of more than a page, and reads from the middle of one', async () => {
    const writer = await open();
    await writer.append(entries(1, 150), 1);
    await writer.append(entries(151, 151), 2);
    await writer.close();
    const reader = openLedgerReader({ path, gate: 'g1' });
    expect(reader.entries(1, 1_000)).toEqual(entries(1, 151));
    expect(reader.entries(64, 3)).toEqual(entries(64, 66));
    expect(reader.entries(150, 2)).toEqual(entries(150, 151));
    expect(Array.from(reader.leaves(), ({ seq }) => seq)).toEqual(
      entries(1, 151).map(({ seq }) => seq),
    );
    expect(verifyLedger({ reader, clickDays: DAYS })).toMatchObject({ entries: 151, batches: 2 });
    await reader.close();
  });

  it('refuses a ledger of another format with a sentence, and leaves it alone', async () => {
    for (const format of ['1', '4']) {
      const tables = openLedgerTables({ path });
      const writeFormat = () => tables.state.put('format', Buffer.from(format));
      await tables.environment.transaction(writeFormat);
      await tables.environment.close();
      await expect(open()).rejects.toThrow(`has format ${format} of a`);
      expect(() => openLedgerReader({ path, gate: 'g1' })).toThrow('the version that wrote it');
      rmSync(path, { recursive: true });
    }
  });

  it('refuses the ledger of another gate', async () => {
    const writer = await open();
    await writer.append(entries(1, 1), 1);
    await writer.close();
    await expect(open('g2')).rejects.toThrow('belongs to the gate g1');
  });
});

describe('a reader', () => {
  it('keeps one moment’s view until it is told to look again', () => {
    runChildOfTest('write', path, '1');
    const reader = openLedgerReader({ path, gate: 'g1' });
    expect(reader.lastSeq()).toBe(20);
    runChildOfTest('write', path, '1');
    expect(reader.lastSeq()).toBe(20);
    expect(reader.entries(1, 100)).toHaveLength(20);
    reader.refresh();
    expect(reader.lastSeq()).toBe(40);
    return reader.close();
  });

  it('sees the commits of a writer in another process, in order, and never half of one', async () => {
    const child = childOfTest('write', path, '30');
    expect(await child.line()).toBe('at 20');
    const reader = openLedgerReader({ path, gate: 'g1' });
    for (let said = await child.line(); said !== undefined; said = await child.line()) {
      reader.refresh();
      const lastSeq = reader.lastSeq();
      expect(lastSeq).toBeGreaterThanOrEqual(Number(said.slice(3)));
      expect(lastSeq % 20).toBe(0);
      expect(reader.watermarkUs()).toBe(OPENING_US + lastSeq);
      expect(verifyLedger({ reader, clickDays: DAYS }).violations).toEqual([]);
      await passes(1);
    }
    reader.refresh();
    expect(reader.entries(1, 1_000)).toEqual(entries(1, 600));
    expect(reader.entries(599, 1)).toEqual([entryOf('g1', 599)]);
    expect(reader.entries(601, 10)).toEqual([]);
    await reader.close();
  });
});
