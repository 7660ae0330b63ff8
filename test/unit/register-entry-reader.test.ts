/** An entry as it is published: leaf from the ledger, place from the register. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { leafHash } from '#engine/ledger/index.ts';
import { createEntryReader, openRegister, type Register } from '#engine/register/index.ts';
import { leafText } from '#protocol/entry.ts';
import { applicationId, entryOf, memoryLedger } from '#test/support/register-entries.ts';

let folder: string;
let register: Register;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clickday-entry-'));
  register = openRegister(folder);
});
afterEach(async () => {
  await register.close();
  rmSync(folder, { recursive: true });
});

const named = (gate: string, seq: number, clickDay = '2011-01-31') => ({ clickDay, gate, seq });

it('gives leaf, hash and place, and the place that counts for a second entry', async () => {
  const [g1, g2] = [memoryLedger('g1'), memoryLedger('g2')];
  for (let seq = 1; seq <= 9; seq += 1) {
    g1.write(entryOf('g1', seq, { application: applicationId(seq) }));
  }
  g2.write(entryOf('g2', 1, { application: applicationId(3), stampUs: entryOf('g1', 8).stampUs }));
  const ordered = [...g1.entries(1, 8), ...g2.entries(1, 1)];
  await register.append(ordered);
  const read = createEntryReader({ register, ledgers: () => [g1, g2] });

  for (const [index, entry] of ordered.entries()) {
    const published = read(named(entry.gate, entry.seq));
    expect(published?.place).toBe(index + 1);
    expect(published?.leafHash).toBe(leafHash(leafText(entry)).toString('base64url'));
  }
  expect(read(named('g1', 3))).toMatchObject({ duplicateOf: null, stamp: expect.any(String) });
  expect(read(named('g2', 1))).toMatchObject({ place: 9, duplicateOf: 3 });
  expect(read(named('g1', 9))).toMatchObject({ protocol: '2011-01-31/g1/000000009', place: null });
});

it('finds nothing under another day, another gate or a number that is not given out', () => {
  const ledger = memoryLedger('g1');
  ledger.write(entryOf('g1', 1));
  const read = createEntryReader({ register, ledgers: () => [ledger] });
  expect(read(named('g1', 1))).toMatchObject({ seq: 1, place: null });
  expect(read(named('g1', 1, '2011-02-02'))).toBeNull();
  expect(read(named('g1', 2))).toBeNull();
  expect(read(named('g1', 9_999_999_999))).toBeNull();
  expect(read(named('g7', 1))).toBeNull();
});
