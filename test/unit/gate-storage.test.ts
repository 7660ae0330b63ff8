/** A disk that is full, and one that fails: what is answered, and what is not. */
import { describe, expect, it } from 'vitest';
import { manualTimers } from '#engine/clock/index.ts';
import { silentLog } from '#engine/foundation/log.ts';
import { Lane } from '#engine/gate/lane.ts';
import { bytesAnEntry, createStorage } from '#engine/gate/storage.ts';
import { limits } from '#engine/limits.ts';
import { heldLedger, memoryWriter, passes } from '#test/support/gate-ledger.ts';
import { openPathStage } from '#test/support/gate-path-stage.ts';

const PLENTY_BYTES = 1e12;
const ENOSPC = new Error('ENOSPC');
const EIO = new Error('EIO');
const names = (count: number) => Array.from({ length: count }, (_, at) => `a${at}`);

/** The path with an open day on a disk in the test's hand. */
function stage() {
  const fatal: unknown[] = [];
  const disk = { freeBytes: PLENTY_BYTES };
  const made = openPathStage({
    ledger: heldLedger(memoryWriter()),
    storage: (timers) =>
      createStorage({
        ...{ path: '/', timers, log: silentLog() },
        onFatal: (error) => fatal.push(error),
        measure: async () => disk.freeBytes,
      }),
  });
  const { sender, submitBy } = made;
  const lane = new Lane();
  const submit = (...applications: string[]) => submitBy(lane, ...applications);
  const codes = () =>
    sender.heard.map(({ outcome }) => (outcome.kind === 'rejected' ? outcome.code : 'accepted'));
  return { ...made, fatal, disk, submit, codes };
}

describe('a disk with too little room', () => {
  it('stops admission before a commit runs into it, and goes on by itself', async () => {
    const { timers, disk, submit, settled, codes, storage } = stage();
    disk.freeBytes = 64 * 1024 * 1024 - 1;
    timers.advance(500);
    await settled();
    expect(storage.isWritable()).toBe(false);
    submit('a', 'b');
    await settled();
    expect(codes()).toEqual(['STORAGE_UNAVAILABLE', 'STORAGE_UNAVAILABLE']);
    disk.freeBytes += 1;
    timers.advance(500);
    await settled();
    submit('a');
    await settled();
    expect(codes()).toEqual(['STORAGE_UNAVAILABLE', 'STORAGE_UNAVAILABLE', 'accepted']);
  });

  it('refuses the batch that ran into it and all that waited, with a time to come back', async () => {
    const { ledger, disk, submit, settled, codes, sender, fatal } = stage();
    ledger.hold();
    submit(...names(limits.inFlightPerConnection + 20));
    await settled();
    disk.freeBytes = 1;
    await ledger.fail(ENOSPC);
    await settled();
    expect(codes()).toEqual(names(28).map(() => 'STORAGE_UNAVAILABLE'));
    expect(sender.heard[0]?.outcome).toMatchObject({ retryAfterMs: 1000 });
    expect(fatal).toEqual([]);
  });

  it('leaves no gap: the next number is the one the refused batch would have had', async () => {
    const { ledger, disk, timers, submit, settled, sender } = stage();
    submit('a');
    await settled();
    ledger.hold();
    submit('b', 'c');
    await settled();
    disk.freeBytes = 1;
    await ledger.fail(ENOSPC);
    await ledger.release();
    disk.freeBytes = PLENTY_BYTES;
    timers.advance(500);
    await settled();
    submit('c');
    await settled();
    expect(sender.heard.at(-1)).toMatchObject({ outcome: { kind: 'accepted', entry: { seq: 2 } } });
  });

  it('still answers what is on disk already', async () => {
    const { disk, timers, submit, settled, codes } = stage();
    submit('a');
    await settled();
    disk.freeBytes = 1;
    timers.advance(500);
    await settled();
    submit('a');
    expect(codes()).toEqual(['accepted', 'accepted']);
  });
});

describe('a commit that fails with room on the disk', () => {
  it('is fatal once, and nobody hears anything: not the batch, not the waiting, no newcomer', async () => {
    const { ledger, submit, submitBy, settled, sender, fatal, storage } = stage();
    ledger.hold();
    submit(...names(limits.inFlightPerConnection + 5));
    await settled();
    await ledger.fail(EIO);
    submit('newcomer');
    submitBy(new Lane(), 'a0', 'another newcomer');
    await settled();
    expect(fatal).toEqual([EIO]);
    expect(sender.heard).toEqual([]);
    expect(storage.isWritable()).toBe(false);
  });

  it.each([
    ['the map of LMDB', -30792],
    ['a quota', 122],
  ])('is none when %s ended: refused, and the next commit is the probe', async (_name, code) => {
    const { ledger, timers, submit, settled, codes, fatal } = stage();
    ledger.hold();
    submit('a');
    await settled();
    await ledger.fail(Object.assign(new Error('no room'), { code }));
    await settled();
    submit('b');
    await settled();
    expect(codes()).toEqual(['STORAGE_UNAVAILABLE', 'STORAGE_UNAVAILABLE']);
    await ledger.release();
    timers.advance(500);
    await settled();
    submit('a');
    await settled();
    expect(codes().at(-1)).toBe('accepted');
    expect(fatal).toEqual([]);
  });

  it('is fatal with ENOSPC too when there is room: a sync may have said it', async () => {
    const { ledger, submit, settled, fatal } = stage();
    ledger.hold();
    submit('a');
    await settled();
    const error = Object.assign(new Error('no room'), { code: 28 });
    await ledger.fail(error);
    await settled();
    expect(fatal).toEqual([error]);
  });

  it('is fatal too when there is little room, if the disk says that it is broken', async () => {
    const { ledger, disk, timers, submit, settled, sender, fatal } = stage();
    ledger.hold();
    submit('a');
    await settled();
    disk.freeBytes = 1;
    timers.advance(500);
    await settled();
    const broken = Object.assign(new Error('EIO'), { code: 5 });
    await ledger.fail(broken);
    await settled();
    expect(fatal).toEqual([broken]);
    expect(sender.heard).toEqual([]);
  });

  it('is fatal too when the room cannot be measured', async () => {
    const fatal: unknown[] = [];
    const storage = createStorage({
      path: '/',
      timers: manualTimers(),
      log: silentLog(),
      onFatal: (error) => fatal.push(error),
      measure: () => Promise.reject(EIO),
    });
    await passes();
    expect(storage.isWritable()).toBe(true);
    expect(await storage.failed(ENOSPC)).toBe('fatal');
    expect(fatal).toEqual([ENOSPC]);
  });
});

describe('the room that is left', () => {
  const RESERVE_BYTES = 64 * 1024 * 1024;

  it('is counted in entries, and low below the bound, long before the disk is full', async () => {
    const timers = manualTimers();
    const disk = { freeBytes: RESERVE_BYTES + 1000 * 500 };
    const storage = createStorage({
      ...{ path: '/', timers, log: silentLog(), onFatal: () => undefined },
      ...{ alarmEntries: 1000, bytesAnEntry: () => 500, measure: async () => disk.freeBytes },
    });
    await passes();
    expect([storage.roomEntries(), storage.isLow(), storage.isWritable()]).toEqual([
      ...[1000, false, true],
    ]);
    disk.freeBytes -= 1;
    timers.advance(500);
    await passes();
    expect([storage.roomEntries(), storage.isLow(), storage.isWritable()]).toEqual([
      ...[999, true, true],
    ]);
    disk.freeBytes = 0;
    timers.advance(500);
    await passes();
    expect([storage.roomEntries(), storage.isLow(), storage.isWritable()]).toEqual([
      0,
      true,
      false,
    ]);
  });

  it('reckons with what entries take here, and with what is stated while there are few', () => {
    const files = { entries: 0, ledgerBytes: 65_536, registerBytes: undefined };
    expect(bytesAnEntry(files)).toBe(330);
    expect(bytesAnEntry({ ...files, registerBytes: 0 })).toBe(330 + 4600);
    expect(bytesAnEntry({ ...files, entries: 999, ledgerBytes: 1e9 })).toBe(330);
    expect(bytesAnEntry({ ...files, entries: 1000, ledgerBytes: 500_000 })).toBe(500);
    expect(bytesAnEntry({ entries: 1000, ledgerBytes: 1e5, registerBytes: 6e6 })).toBe(330 + 6000);
  });
});

describe('answers', () => {
  it('of one sender leave in one write for a whole commit', async () => {
    const { ledger, submit, settled, sender } = stage();
    ledger.hold();
    submit(...names(limits.inFlightPerConnection));
    await settled();
    await ledger.release();
    await settled();
    expect(sender.writes).toEqual([limits.inFlightPerConnection]);
  });
});
