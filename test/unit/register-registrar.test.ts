import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { manualClock, manualTimers } from '#engine/clock/index.ts';
import { silentLog } from '#engine/foundation/log.ts';
import {
  createRegistrar,
  openRegister,
  type Register,
  type RegisterEntry,
  type RegistrarParts,
} from '#engine/register/index.ts';
import { leafText } from '#protocol/entry.ts';
import {
  applicationId,
  entryOf,
  type MemoryLedger,
  memoryLedger,
  OPENING_US,
} from '#test/support/register-entries.ts';

/** The portal's side: applies in memory, with a cursor that survives the registrar. */
function memorySubmissions() {
  const applied: RegisterEntry[] = [];
  const batches: number[] = [];
  let broken = false;
  return {
    applied,
    batches,
    breakDown: (state: boolean) => {
      broken = state;
    },
    lastPlace: () => applied.at(-1)?.place ?? 0,
    apply: (entries: readonly RegisterEntry[]) => {
      if (broken) throw new Error('database is locked');
      batches.push(entries.length);
      applied.push(...entries);
    },
  };
}

describe('the registrar', () => {
  let folder: string;
  let store: Register;
  let submissions: ReturnType<typeof memorySubmissions>;
  let enqueued: number[];
  const clock = manualClock({ nowUs: OPENING_US });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'clickday-registrar-'));
    store = openRegister(folder);
    submissions = memorySubmissions();
    enqueued = [];
  });
  afterEach(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });

  const registrarOver = (ledgers: readonly MemoryLedger[], change: Partial<RegistrarParts> = {}) =>
    createRegistrar({
      ledgers,
      store,
      clock,
      timers: manualTimers(),
      log: silentLog(),
      submissions,
      receipts: { enqueue: (entries) => enqueued.push(...entries.map(({ place }) => place)) },
      ...change,
    });
  const untilDone = async (registrar: { step(): Promise<boolean> }) => {
    while (await registrar.step());
  };
  const leaves = () => Array.from(store.iterate(), ({ entry }) => leafText(entry));

  it('carries each entry into the register, the portal and the receipts, in order', async () => {
    const g1 = memoryLedger('g1');
    g1.write(entryOf('g1', 1), entryOf('g1', 2), entryOf('g1', 3));
    await registrarOver([g1]).step();
    expect(store.lastPlace()).toBe(3);
    expect(submissions.applied.map(({ entry }) => entry.seq)).toEqual([1, 2, 3]);
    expect(enqueued).toEqual([1, 2, 3]);
  });

  it('works in batches of at most 500', async () => {
    const g1 = memoryLedger('g1');
    g1.write(...Array.from({ length: 1203 }, (_, index) => entryOf('g1', index + 1)));
    await untilDone(registrarOver([g1]));
    expect(submissions.batches).toEqual([500, 500, 203]);
    expect(store.lastPlace()).toBe(1203);
  });

  it('makes the same register when it is restarted at every batch', async () => {
    const pair = () => {
      const gates = [memoryLedger('g1'), memoryLedger('g2')];
      gates.forEach((ledger, gate) => {
        const entries = Array.from({ length: 700 }, (_, index) => {
          const stampUs = OPENING_US + index * 3 + gate;
          const application = applicationId(gate === 0 ? index : 695 + index);
          return entryOf(ledger.gate, index + 1, { stampUs, application });
        });
        ledger.write(...entries);
        ledger.setWatermark(OPENING_US + 10_000);
      });
      return gates;
    };
    while (await registrarOver(pair()).step());
    const restarted = { leaves: leaves(), duplicates: store.duplicates() };
    const submitted = submissions.applied.map(({ place }) => place);
    await store.close();
    rmSync(folder, { recursive: true });
    store = openRegister(folder);
    submissions = memorySubmissions();
    await untilDone(registrarOver(pair()));
    expect({ leaves: leaves(), duplicates: store.duplicates() }).toEqual(restarted);
    expect(restarted).toMatchObject({ duplicates: 5 });
    expect(submitted).toEqual(Array.from({ length: 1400 }, (_, index) => index + 1));
  });

  it('never changes what is final when a slow gate comes later', async () => {
    const [g1, g2] = [memoryLedger('g1'), memoryLedger('g2')];
    g1.write(entryOf('g1', 1), entryOf('g1', 9, { seq: 2 }));
    g2.setWatermark(OPENING_US + 4);
    const registrar = registrarOver([g1, g2]);
    await registrar.step();
    expect(store.lastPlace()).toBe(1);
    expect(registrar.status().waiting).toBe(1);
    const before = leaves();
    g2.write(entryOf('g2', 1, { application: 'late', stampUs: OPENING_US + 5 }));
    g2.setWatermark(OPENING_US + 20);
    await registrar.step();
    expect(leaves().slice(0, 1)).toEqual(before);
    expect(Array.from(store.iterate(), ({ entry }) => entry.gate)).toEqual(['g1', 'g2', 'g1']);
  });

  it('goes on after trouble in the portal without skipping or repeating', async () => {
    const timers = manualTimers();
    const g1 = memoryLedger('g1');
    g1.write(entryOf('g1', 1));
    const registrar = registrarOver([g1], { timers });
    submissions.breakDown(true);
    registrar.start();
    timers.advance(100);
    await expect.poll(() => registrar.status().trouble).toBe('database is locked');
    expect(store.lastPlace()).toBe(1);
    submissions.breakDown(false);
    timers.advance(1000);
    await expect.poll(() => registrar.status().trouble).toBe(null);
    expect(submissions.applied.map(({ place }) => place)).toEqual([1]);
    await registrar.close();
    expect(timers.pending()).toBe(0);
  });

  it('tells the receipts at its start how far the portal has come', async () => {
    const g1 = memoryLedger('g1');
    g1.write(entryOf('g1', 1), entryOf('g1', 2));
    await registrarOver([g1]).step();
    enqueued = [];
    g1.write(entryOf('g1', 3));
    submissions.breakDown(true);
    await expect(registrarOver([g1]).step()).rejects.toThrow('locked');
    expect(enqueued).toEqual([2]);
  });

  it('sees gates that make their ledgers later', async () => {
    const ledgers: MemoryLedger[] = [];
    const registrar = registrarOver([], { ledgers: () => ledgers });
    await registrar.step();
    const g1 = memoryLedger('g1');
    g1.write(entryOf('g1', 1));
    ledgers.push(g1);
    await registrar.step();
    expect(store.lastPlace()).toBe(1);
  });
});
