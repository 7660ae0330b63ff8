/** A damaged page is never served as good, and the rest of the ledger goes on being read. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Damage, LedgerDamaged } from '#engine/ledger/damage.ts';
import {
  openLedgerReader,
  openLedgerWriter,
  openThreadedWriter,
  verifyLedger,
} from '#engine/ledger/index.ts';
import { openPage, SEAL_BYTES, sealPage } from '#engine/ledger/seal.ts';
import { isoFromUs } from '#protocol/time.ts';
import { changeLedger, flipBit } from '#test/support/damaged-ledger.ts';
import { clickDay, SECOND_US } from '#test/support/gate-papers.ts';
import { applicationId, entryOf, OPENING_US } from '#test/support/register-entries.ts';

let path: string;
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'clickday-ledger-'));
});
afterEach(() => rmSync(path, { recursive: true }));

const DAYS = [clickDay({ opensAt: isoFromUs(OPENING_US - SECOND_US) })];
const entries = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, at) => entryOf('g1', from + at));

/** Pages that end at 64, 128, 150 and 160. */
async function write() {
  const writer = openLedgerWriter({ path, gate: 'g1' });
  await writer.append(entries(1, 150), 1);
  await writer.append(entries(151, 160), 2);
  await writer.close();
}

const MIDDLE: Damage = {
  ...{ gate: 'g1', page: 128, fromSeq: 65, toSeq: 128, reason: 'CHECK_WRONG' },
};
const damageOf = (work: () => unknown): Damage => {
  try {
    work();
  } catch (error) {
    if (error instanceof LedgerDamaged) return error.damage;
    throw error;
  }
  throw new Error('nothing was thrown');
};

describe('a seal', () => {
  const bytes = Buffer.from('\0{"application":"a"}\0{"application":"b"}');
  const chain = 'c'.repeat(32);
  const sealed = sealPage({ lastSeq: 7, bytes }, chain);

  it('opens to what was sealed', () => {
    expect(openPage(7, sealed.bytes)).toEqual({ page: bytes, check: sealed.check, chain });
  });

  it('does not open with any one bit changed, cut anywhere, or under another number', () => {
    for (let bit = 0; bit < sealed.bytes.length * 8; bit += 1) {
      const changed = Buffer.from(sealed.bytes);
      changed[bit >> 3] = changed[bit >> 3]! ^ (1 << (bit & 7));
      expect(openPage(7, changed), `bit ${bit}`).toBeUndefined();
    }
    for (let length = 0; length < sealed.bytes.length; length += 1) {
      expect(openPage(7, sealed.bytes.subarray(0, length)), `${length} bytes`).toBeUndefined();
    }
    expect(openPage(8, sealed.bytes)).toBeUndefined();
  });
});

describe('a reader of a ledger with a damaged page', () => {
  it('serves what lies before and behind it, and throws what it cannot serve', async () => {
    await write();
    await flipBit(path, 128);
    const reader = openLedgerReader({ path, gate: 'g1' });
    expect(reader.entries(1, 1000)).toEqual(entries(1, 64));
    expect(reader.entries(129, 1000)).toEqual(entries(129, 160));
    for (const seq of [65, 100, 128]) {
      expect(
        damageOf(() => reader.entries(seq, 1)),
        `${seq}`,
      ).toEqual(MIDDLE);
    }
    expect(damageOf(() => [...reader.leaves()])).toEqual(MIDDLE);
    const heard: Damage[] = [];
    const seqs = Array.from(
      reader.leaves((damage) => heard.push(damage)),
      ({ seq }) => seq,
    );
    expect(heard).toEqual([MIDDLE]);
    expect(seqs).toEqual([...entries(1, 64), ...entries(129, 160)].map(({ seq }) => seq));
    await reader.close();
  });

  it('does so whichever byte of it is changed, seal included', async () => {
    await write();
    for (const at of [0, 40, SEAL_BYTES - 1, SEAL_BYTES, SEAL_BYTES + 30, -1]) {
      await flipBit(path, 128, at);
      const reader = openLedgerReader({ path, gate: 'g1' });
      expect(
        damageOf(() => reader.entries(65, 1)),
        `byte ${at}`,
      ).toEqual(MIDDLE);
      await reader.close();
      await flipBit(path, 128, at);
    }
  });

  it('does not pass over numbers that no page holds', async () => {
    await write();
    await changeLedger(path, (tables) => tables.entries.remove(128));
    const reader = openLedgerReader({ path, gate: 'g1' });
    expect(reader.entries(1, 1000)).toEqual(entries(1, 64));
    const missing = { ...MIDDLE, reason: 'PAGE_MISSING' };
    expect(damageOf(() => reader.entries(65, 1))).toEqual(missing);
    await reader.close();
  });
});

describe.each([
  { name: 'in the caller’s thread', open: async () => openLedgerWriter({ path, gate: 'g1' }) },
  { name: 'with a thread that commits', open: () => openThreadedWriter({ path, gate: 'g1' }) },
])('the writer $name', ({ open }) => {
  it('knows of a damaged page from the start, and then never says no', async () => {
    await write();
    await flipBit(path, 128);
    const writer = await open();
    expect(writer.unread).toEqual([MIDDLE]);
    expect(writer.find(applicationId(64))).toEqual(entryOf('g1', 64));
    expect(writer.find(applicationId(129))).toEqual(entryOf('g1', 129));
    for (const seq of [65, 128, 161]) {
      expect(writer.mayHold(applicationId(seq)), `${seq}`).toBe(true);
      expect(
        damageOf(() => writer.find(applicationId(seq))),
        `${seq}`,
      ).toEqual(MIDDLE);
    }
    expect([writer.nextSeq(), writer.lastStampUs()]).toEqual([161, OPENING_US + 160]);
    await writer.close();
  });

  it('whose last page is damaged goes on behind it, and nothing is renumbered', async () => {
    await write();
    await flipBit(path, 160);
    const writer = await open();
    expect([writer.nextSeq(), writer.lastStampUs()]).toEqual([161, OPENING_US + 160]);
    await writer.append(entries(161, 170), 3);
    await writer.close();
    const reader = openLedgerReader({ path, gate: 'g1' });
    expect(reader.entries(161, 100)).toEqual(entries(161, 170));
    const codes = verifyLedger({ reader, clickDays: DAYS }).violations.map(({ code }) => code);
    expect(codes).not.toContain('CHAIN_BROKEN');
    await reader.close();
  });

  it('whose page is damaged later finds the rest, and does not answer for that page', async () => {
    await write();
    const writer = await open();
    await flipBit(path, 128);
    expect(writer.unread).toEqual([]);
    expect(writer.find(applicationId(64))).toEqual(entryOf('g1', 64));
    expect(damageOf(() => writer.find(applicationId(100)))).toEqual(MIDDLE);
    expect(writer.find(applicationId(161))).toBeUndefined();
    await writer.close();
  });
});
