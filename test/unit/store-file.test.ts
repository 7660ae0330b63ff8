/** A file that is no store is refused with an error: LMDB's binding would end the process. */
import { copyFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ledgerExists } from '#engine/ledger/index.ts';
import { isBegun, openEnvironment, StoreDamaged } from '#engine/store/index.ts';

let path: string;
let file: string;
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'clickday-store-file-'));
  file = join(path, 'data.mdb');
});
afterEach(() => rmSync(path, { recursive: true }));

describe('a file that is no store', () => {
  it.each([1, 52, 1_000, 4_096, 8_191, 8_192])('is refused with %s bytes of nothing', (size) => {
    writeFileSync(file, Buffer.alloc(size));
    expect(() => openEnvironment({ path, readOnly: true })).toThrow(StoreDamaged);
    expect(() => openEnvironment({ path })).toThrow(StoreDamaged);
  });

  it('is refused when a store was cut short within its head', async () => {
    await openEnvironment({ path }).close();
    const cut = mkdtempSync(join(path, 'cut-'));
    copyFileSync(file, join(cut, 'data.mdb'));
    truncateSync(join(cut, 'data.mdb'), 4_100);
    expect(() => openEnvironment({ path: cut, readOnly: true })).toThrow(StoreDamaged);
  });
});

describe('a file that its writer has not begun', () => {
  it('is no ledger to a reader, and is begun by the next writer', async () => {
    writeFileSync(file, '');
    expect([isBegun(file), ledgerExists(path)]).toEqual([false, false]);
    expect(() => openEnvironment({ path, readOnly: true })).toThrow(StoreDamaged);
    await openEnvironment({ path }).close();
    expect([isBegun(file), ledgerExists(path)]).toEqual([true, true]);
  });
});

describe('a store whose writer has made no table yet', () => {
  it('is empty to a reader, which sees the table once it is there', async () => {
    const writer = openEnvironment({ path });
    const reader = openEnvironment({ path: join(path, '.'), readOnly: true });
    const seen = reader.table<string>('words', 'text');
    expect([seen.get('a'), seen.last(), seen.count(), [...seen.range()]]).toEqual([
      ...[undefined, undefined, 0, []],
    ]);
    const made = writer.table<string>('words', 'text');
    await writer.transaction(() => made.put('a', Buffer.from('b')));
    reader.refresh();
    expect([seen.get('a')?.toString(), seen.last(), seen.count()]).toEqual(['b', 'a', 1]);
    await reader.close();
    await writer.close();
  });
});
