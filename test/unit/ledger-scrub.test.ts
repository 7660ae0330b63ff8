/** The scrubber reads everything again and finds each kind of damage, and nothing where none is. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from '#engine/foundation/log.ts';
import { openLedgerWriter, startScrubber } from '#engine/ledger/index.ts';
import { writePages } from '#engine/ledger/page.ts';
import { createScrub } from '#engine/ledger/scrub.ts';
import { sealPage } from '#engine/ledger/seal.ts';
import { openLedgerTables } from '#engine/ledger/tables.ts';
import { JsonBytes } from '#protocol/json-bytes.ts';
import { changeLedger, flipBit } from '#test/support/damaged-ledger.ts';
import { entryOf } from '#test/support/register-entries.ts';

let path: string;
beforeEach(async () => {
  path = mkdtempSync(join(tmpdir(), 'clickday-scrub-'));
  const writer = openLedgerWriter({ path, gate: 'g1' });
  await writer.append(entries(1, 150), 1);
  await writer.append(entries(151, 160), 2);
  await writer.close();
});
afterEach(() => rmSync(path, { recursive: true }));

/** Pages that end at 64, 128, 150 and 160. */
const entries = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, at) => entryOf('g1', from + at));

/** What `passes` passes find, in steps of one page. */
async function scrubbed(passes = 1): Promise<string[]> {
  const tables = openLedgerTables({ path, readOnly: true });
  const scrub = createScrub(tables, 'g1');
  const found: string[] = [];
  for (let ends = 0; ends < passes; ) {
    const { isEnd, damages } = scrub.step(1);
    found.push(...damages.map(({ reason, page }) => `${reason} ${page}`));
    if (isEnd) ends += 1;
  }
  await tables.environment.close();
  return found;
}

describe('a pass', () => {
  it('finds nothing in a ledger that is whole, again and again', async () => {
    expect(await scrubbed(3)).toEqual([]);
  });

  it('reads so much a step, and says how far it is', async () => {
    const tables = openLedgerTables({ path, readOnly: true });
    const scrub = createScrub(tables, 'g1');
    expect(scrub.progress()).toBe(0);
    expect(scrub.step(1).isEnd).toBe(false);
    expect(scrub.progress()).toBe(64 / 160);
    expect(scrub.step(1e9).isEnd).toBe(true);
    expect(scrub.progress()).toBe(0);
    await tables.environment.close();
  });

  it('finds a flipped bit, in each pass', async () => {
    await flipBit(path, 128);
    expect(await scrubbed(2)).toEqual(['CHECK_WRONG 128', 'CHECK_WRONG 128']);
  });

  it('finds all damaged pages, not the first alone', async () => {
    await flipBit(path, 64);
    await flipBit(path, 150, 3);
    expect(await scrubbed()).toEqual(['CHECK_WRONG 64', 'CHECK_WRONG 150']);
  });

  it('finds a page that is gone', async () => {
    await changeLedger(path, (tables) => tables.entries.remove(128));
    expect(await scrubbed()).toEqual(['PAGE_MISSING 128']);
  });

  it('finds a page that was exchanged for another that opens', async () => {
    const [page] = writePages(new JsonBytes(), entries(151, 160));
    await changeLedger(path, (tables) => {
      const { bytes } = sealPage({ lastSeq: 160, bytes: page!.bytes }, 'c'.repeat(32));
      tables.entries.put(160, bytes);
    });
    expect(await scrubbed()).toEqual(['CHAIN_BROKEN 160']);
  });

  it('finds a root that is not that of its entries', async () => {
    await changeLedger(path, ({ batches }) => {
      const bytes = Buffer.from(batches.get(150)!);
      bytes[0] = bytes[0]! ^ 1;
      batches.put(150, bytes);
    });
    expect(await scrubbed()).toEqual(['ROOT_WRONG 150']);
  });
});

describe('the thread', () => {
  it('finds what is damaged while it runs, and says when it has been through', async () => {
    const scrubber = startScrubber({
      ...{ path, gate: 'g1', log: silentLog() },
      ...{ bytesPerSecond: 1e9, pauseMs: 1 },
    });
    const found = new Promise((resolve) => {
      scrubber.onDamage(resolve);
    });
    await flipBit(path, 128);
    expect(await found).toMatchObject({ gate: 'g1', page: 128, fromSeq: 65, toSeq: 128 });
    expect(scrubber.status().passes).toBeGreaterThan(0);
    expect(scrubber.status().lastPassAtUs).toBeGreaterThan(0);
    await scrubber.close();
  });
});
