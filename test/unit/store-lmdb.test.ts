/** LMDB as this project uses it: all or nothing, in order, seen by readers once it is on disk. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppendRefused, type Environment, openEnvironment } from '#engine/store/index.ts';

let path: string;
let environment: Environment;
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'clickday-store-'));
  environment = openEnvironment({ path });
});
afterEach(async () => {
  await environment.close();
  rmSync(path, { recursive: true });
});

const bytes = (text: string) => Buffer.from(text);

describe('a table with numbers as keys', () => {
  const filled = async () => {
    const table = environment.table<number>('numbers', 'uint32');
    await environment.transaction(() => {
      for (const key of [1, 2, 255, 256, 70_000]) table.append(key, bytes(`v${key}`));
    });
    return table;
  };

  it('keeps their order, from either end and within bounds', async () => {
    const table = await filled();
    expect([...table.keys()]).toEqual([1, 2, 255, 256, 70_000]);
    expect([...table.keys({ reverse: true, limit: 2 })]).toEqual([70_000, 256]);
    expect([...table.keys({ start: 2, end: 256 })]).toEqual([2, 255]);
    expect(Array.from(table.range({ start: 256 }), ({ value }) => value.toString())).toEqual([
      'v256',
      'v70000',
    ]);
    expect([table.last(), table.count()]).toEqual([70_000, 5]);
    expect(table.get(3)).toBeUndefined();
  });

  it('refuses to append at or below its last key, and then writes nothing', async () => {
    const table = await filled();
    for (const key of [70_000, 5]) {
      const refused = environment.transaction(() => {
        table.append(70_001, bytes('before'));
        table.append(key, bytes('x'));
      });
      await expect(refused).rejects.toThrow(AppendRefused);
      expect(table.last()).toBe(70_000);
    }
    expect(table.get(5)).toBeUndefined();
  });

  it('gives values that stay as they were read', async () => {
    const table = await filled();
    const before = table.get(1)!;
    await environment.transaction(() => table.put(1, bytes('changed')));
    await environment.transaction(() => table.remove(2));
    expect(before.toString()).toBe('v1');
    expect(table.get(1)?.toString()).toBe('changed');
    expect(table.get(2)).toBeUndefined();
  });
});

describe('a transaction', () => {
  it('whose work throws writes nothing in any table, and the next one goes through', async () => {
    const numbers = environment.table<number>('numbers', 'uint32');
    const texts = environment.table<string>('texts', 'text');
    const failed = environment.transaction(() => {
      numbers.append(1, bytes('a'));
      texts.put('k', bytes('b'));
      throw new Error('midway');
    });
    await expect(failed).rejects.toThrow('midway');
    expect([numbers.count(), texts.count()]).toEqual([0, 0]);
    await environment.transaction(() => texts.put('k', bytes('c')));
    expect(texts.get('k')?.toString()).toBe('c');
  });

  it('is seen after the environment is opened again', async () => {
    const texts = environment.table<string>('texts', 'text');
    await environment.transaction(() => texts.put('k', bytes('b')));
    await environment.close();
    environment = openEnvironment({ path });
    expect(environment.table<string>('texts', 'text').get('k')?.toString()).toBe('b');
  });
});
