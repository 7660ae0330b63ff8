/** The gate's memory: newcomers are refused beyond the limit, and taken again well below it. */
import { describe, expect, it } from 'vitest';
import { manualTimers } from '#engine/clock/index.ts';
import { silentLog } from '#engine/foundation/log.ts';
import { createMemoryGuard } from '#engine/gate/memory.ts';

function stage(limitBytes: number) {
  const timers = manualTimers();
  const held = { bytes: 0 };
  const measure = () => held.bytes;
  const guard = createMemoryGuard({ limitBytes, timers, log: silentLog(), measure });
  const hold = (bytes: number) => {
    held.bytes = bytes;
    timers.advance(500);
    return guard.hasRoom();
  };
  return { guard, hold, timers };
}

describe('the memory of a gate', () => {
  it('has room until the limit, and again only below nine tenths of it', () => {
    const { guard, hold } = stage(1_000);
    expect([999, 1_000, 999, 900].map(hold)).toEqual([true, false, false, false]);
    expect(guard.status()).toEqual({ heldBytes: 900, limitBytes: 1_000, isShort: true });
    expect([899, 999].map(hold)).toEqual([true, true]);
  });

  it('is looked at with every tenth newcomer, in no time', () => {
    const held = { bytes: 0 };
    const parts = { timers: manualTimers(), log: silentLog(), measure: () => held.bytes };
    const guard = createMemoryGuard({ limitBytes: 1_000, ...parts });
    const newcomers = Array.from({ length: 12 }, () => {
      held.bytes += 120;
      return guard.hasRoom();
    });
    expect(newcomers.indexOf(false)).toBe(9);
  });

  it('has room always without a limit, and is not looked at', () => {
    const { guard, hold, timers } = stage(0);
    expect(timers.pending()).toBe(0);
    expect(hold(1e12)).toBe(true);
    expect(guard.status().isShort).toBe(false);
  });

  it('is not looked at once the gate has ended', () => {
    const { guard, timers } = stage(1_000);
    guard.stop();
    expect(timers.pending()).toBe(0);
  });

  it('stays as it was last measured when no file can be opened to measure it', () => {
    const timers = manualTimers();
    const held = [1_000, new Error('EMFILE'), 0];
    const measure = () => {
      const next = held.shift();
      if (typeof next !== 'number') throw next;
      return next;
    };
    const guard = createMemoryGuard({ limitBytes: 1_000, timers, log: silentLog(), measure });
    const seen = [1, 2, 3].map(() => {
      timers.advance(500);
      return guard.hasRoom();
    });
    expect(seen).toEqual([false, false, true]);
  });

  it('is that of this process, without the pages of mapped files', () => {
    const guard = createMemoryGuard({ limitBytes: 1, timers: manualTimers(), log: silentLog() });
    const { heldBytes } = guard.status();
    expect(heldBytes).toBeGreaterThan(10_000_000);
    expect(heldBytes).toBeLessThan(process.memoryUsage.rss());
    const ballast = Buffer.alloc(64 * 1024 * 1024, 1);
    expect(guard.status().heldBytes).toBeGreaterThan(heldBytes + ballast.length / 2);
  });
});
