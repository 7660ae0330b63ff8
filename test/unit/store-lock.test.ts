/** One writer a store: the lock refuses a second holder and dies with its process. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LockHeld, takeLock } from '#engine/store/index.ts';
import { childOfTest } from '#test/support/gate-process.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clickday-lock-'));
  path = join(folder, 'locks', 'gate-g1.lock');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('a lock', () => {
  it('refuses a second holder in the same process until it is released', () => {
    const lock = takeLock(path);
    expect(() => takeLock(path)).toThrow(LockHeld);
    lock.release();
    takeLock(path).release();
  });

  it('refuses a holder in another process', async () => {
    const lock = takeLock(path);
    const child = childOfTest('lock', path);
    expect(await child.line()).toBe('LockHeld');
    await child.kill();
    lock.release();
  });

  it('held by another process is refused here, and free when that one is killed', async () => {
    const child = childOfTest('lock', path);
    expect(await child.line()).toBe('held');
    expect(() => takeLock(path)).toThrow(LockHeld);
    await child.kill();
    takeLock(path).release();
  });

  it('of one store does not hold another', () => {
    const [one, two] = [takeLock(path), takeLock(join(folder, 'locks', 'portal.lock'))];
    one.release();
    two.release();
  });
});
