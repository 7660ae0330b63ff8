/** A gate whose ledger has a damaged page: nobody is admitted twice or told a wrong number. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Lane } from '#engine/gate/lane.ts';
import { openLedgerWriter } from '#engine/ledger/index.ts';
import { flipBit } from '#test/support/damaged-ledger.ts';
import { openPathStage } from '#test/support/gate-path-stage.ts';
import { applicationId, entryOf } from '#test/support/register-entries.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clickday-ledger-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** An open day over a ledger with pages that end at 2 and 4. */
async function write() {
  const writer = openLedgerWriter({ path: folder, gate: 'g1' });
  await writer.append([entryOf('g1', 1), entryOf('g1', 2)], 1);
  await writer.append([entryOf('g1', 3), entryOf('g1', 4)], 2);
  await writer.close();
}

function stage() {
  const { ledger, health, path, sender, submitBy, settled } = openPathStage({
    ledger: openLedgerWriter({ path: folder, gate: 'g1' }),
    storage: () => ({ isWritable: () => true, failed: async () => 'fatal', retryAfterMs: 1000 }),
  });
  const lane = new Lane();
  /** Submits and gives the outcome, told as its code, or its number. */
  const submit = async (application: string) => {
    submitBy(lane, application);
    await settled();
    await path.drained();
    await settled();
    const { outcome } = sender.heard.at(-1)!;
    return outcome.kind === 'accepted' ? outcome.entry.seq : outcome.code;
  };
  return { submit, ledger, health };
}

describe('a page that is damaged while the gate runs', () => {
  it('gets its applications no second number and no wrong answer; all others go on', async () => {
    await write();
    const { submit, ledger, health } = stage();
    await flipBit(folder, 2);
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
    await flipBit(folder, 2);
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
