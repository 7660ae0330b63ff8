/** A gate whose ledger has a damaged page: nobody is admitted twice or told a wrong number. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { manualClock, manualTimers } from '#engine/clock/index.ts';
import { silentLog } from '#engine/foundation/log.ts';
import { Lane } from '#engine/gate/lane.ts';
import { createLedgerHealth } from '#engine/gate/ledger-health.ts';
import { createOpenings } from '#engine/gate/opening.ts';
import { createPath } from '#engine/gate/path.ts';
import { createPresence } from '#engine/gate/presence.ts';
import { createTally } from '#engine/gate/tally.ts';
import { openLedgerWriter } from '#engine/ledger/index.ts';
import { flipBit } from '#test/support/damaged-ledger.ts';
import { passes } from '#test/support/gate-ledger.ts';
import { CLOSING_US, DAY } from '#test/support/gate-papers.ts';
import {
  lineOf,
  presentedOne,
  recordingSender,
  submissionOf,
} from '#test/support/gate-submissions.ts';
import { applicationId, entryOf, OPENING_US } from '#test/support/register-entries.ts';

let path: string;
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'clickday-ledger-'));
});
afterEach(() => rmSync(path, { recursive: true }));

/** An open day over a ledger with pages that end at 2 and 4. */
async function write() {
  const writer = openLedgerWriter({ path, gate: 'g1' });
  await writer.append([entryOf('g1', 1), entryOf('g1', 2)], 1);
  await writer.append([entryOf('g1', 3), entryOf('g1', 4)], 2);
  await writer.close();
}

function stage() {
  const clock = manualClock({ nowUs: OPENING_US + 1000, uncertaintyUs: 0 });
  const timers = manualTimers(clock);
  const ledger = openLedgerWriter({ path, gate: 'g1' });
  const openings = createOpenings({ clock, timers, connections: () => 0 });
  openings.setCalendar([
    { id: DAY, opensAtUs: OPENING_US, closesAtUs: CLOSING_US, suspended: false },
  ]);
  timers.runImmediates();
  const presence = createPresence(ledger);
  const health = createLedgerHealth({ ledger, log: silentLog() });
  const storage = {
    ...{ isWritable: () => true, failed: async () => 'fatal' as const, retryAfterMs: 1000 },
  };
  const gatePath = createPath({
    ...{ clock, timers, ledger, openings, presence, storage, health, tally: createTally() },
  });
  const sender = recordingSender();
  const lane = new Lane();
  /** Submits and gives the outcome, told as its code, or its number. */
  const submit = async (application: string) => {
    const candidate = presentedOne(presence, lineOf(application));
    gatePath.accept(submissionOf(application, { lane, candidate, sender }));
    timers.runImmediates();
    await gatePath.drained();
    do await passes();
    while (timers.runImmediates() > 0);
    const outcome = sender.heard.at(-1)!.outcome;
    return outcome.kind === 'accepted' ? outcome.entry.seq : outcome.code;
  };
  return { submit, ledger, health };
}

describe('a page that is damaged while the gate runs', () => {
  it('gets its applications no second number and no wrong answer; all others go on', async () => {
    await write();
    const { submit, ledger, health } = stage();
    await flipBit(path, 2);
    expect(await submit(applicationId(1))).toBe('STORAGE_UNAVAILABLE');
    expect(await submit(applicationId(1))).toBe('STORAGE_UNAVAILABLE');
    expect(await submit(applicationId(3))).toBe(3);
    expect(await submit(applicationId(5))).toBe(5);
    expect(ledger.nextSeq()).toBe(6);
    expect(health.damages()).toMatchObject([{ page: 2, fromSeq: 1, toSeq: 2 }]);
    expect(health.isAllRead()).toBe(true);
    await ledger.close();
  });
});

describe('a page that is damaged when the gate starts', () => {
  it('stops admission, for nobody knows whose it is; what can be read is answered', async () => {
    await write();
    await flipBit(path, 2);
    const { submit, ledger, health } = stage();
    expect(health.damages()).toMatchObject([{ page: 2 }]);
    expect(health.isAllRead()).toBe(false);
    expect(await submit(applicationId(3))).toBe(3);
    expect(await submit(applicationId(1))).toBe('STORAGE_UNAVAILABLE');
    expect(await submit(applicationId(5))).toBe('STORAGE_UNAVAILABLE');
    expect(ledger.nextSeq()).toBe(5);
    await ledger.close();
  });
});
