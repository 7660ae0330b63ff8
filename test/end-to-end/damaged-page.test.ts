/** A byte that changes in a stored page while the system runs: found, told, and never served. */
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ForeignClient } from '#test/support/foreign-client.ts';
import { PATIENCE_MS } from '#test/support/patience.ts';
import {
  clickday,
  eventually,
  fixture,
  runningSystem,
  submissionsUrl,
  temporaryDirectory,
  verified,
} from '#test/support/system.ts';

const APPLICATIONS = 300;

/**
 * Flips a bit of the leaf of `application` in the file of the ledger, under the running gate. A
 * small page lies there more than once: LMDB copies what it changes, and only one copy is read.
 */
function damage(data: string, application: string): void {
  const path = join(data, 'gates/g1/ledger/data.mdb');
  const stored = readFileSync(path);
  const leaf = Buffer.from(`"application":"${application}"`);
  const copies: number[] = [];
  for (let at = stored.indexOf(leaf); at >= 0; at = stored.indexOf(leaf, at + 1)) copies.push(at);
  expect(copies).not.toEqual([]);
  const file = openSync(path, 'r+');
  for (const at of copies) writeSync(file, '"applicatioN"', at);
  closeSync(file);
}

interface Health {
  readonly alarm: boolean;
  readonly ledger: {
    readonly damaged: readonly { fromSeq: number; toSeq: number }[];
    readonly scrub: { readonly passes: number };
  };
}

describe('a byte of a stored page that changes', () => {
  it('is found by the scrubber and by who asks for the entry, and served to nobody', async () => {
    const data = join(temporaryDirectory(), 'data');
    const accounts = await fixture({
      ...{ data, accounts: 1, applications: APPLICATIONS, words: ['--opens-in', '0'] },
    });
    const environment = { CLICKDAY_SCRUB_PAUSE: '1', CLICKDAY_SCRUB_RATE: '1000' };
    const system = await runningSystem({ data, words: ['--roles', 'gate'], environment });
    const client = await ForeignClient.connect(submissionsUrl(system));
    await client.hello(accounts[0]!.passbooks);
    const { applications } = accounts[0]!;
    const seqs = new Map<string, number>();
    for (let at = 0; at < applications.length; at += 100) {
      for (const { application, seq } of await client.submit(applications.slice(at, at + 100))) {
        seqs.set(application!, seq!);
      }
    }
    const url = (path: string) => new URL(path, system.gate!.replace(/^ws/, 'http'));
    const health = async () => (await (await fetch(url('/health'))).json()) as Health;
    expect((await health()).ledger.damaged).toEqual([]);

    const victim = applications[150]!;
    damage(data, victim);
    await eventually('the scrubber finds it', PATIENCE_MS, async () => {
      const { ledger, alarm } = await health();
      return ledger.damaged.length === 1 && alarm && ledger.scrub.passes > 0;
    });
    const [{ fromSeq, toSeq }] = (await health()).ledger.damaged as [
      Health['ledger']['damaged'][0],
    ];
    const seq = seqs.get(victim)!;
    expect(fromSeq <= seq && seq <= toSeq).toBe(true);
    expect(await (await fetch(url('/metrics'))).text()).toContain('damaged_pages 1\n');
    expect(system.stderr()).toContain('a page of the ledger is damaged');

    const [again] = await client.submit([victim]);
    expect(again).toMatchObject({ type: 'rejected', code: 'STORAGE_UNAVAILABLE' });
    const sound = applications.find((one) => seqs.get(one)! < fromSeq || seqs.get(one)! > toSeq)!;
    const [whole] = await client.submit([sound]);
    expect(whole).toMatchObject({ type: 'accepted', seq: seqs.get(sound), duplicate: true });
    client.close();

    const exported = await clickday(['export', '--what', 'ledger', '--data', data]);
    expect(exported.status).toBe(1);
    expect(exported.stderr).toContain(`entries ${fromSeq} to ${toSeq} of g1 cannot be read`);
    const rows = exported.stdout.trim().split('\n');
    expect(rows).toHaveLength(APPLICATIONS - (toSeq - fromSeq + 1));
    const report = await verified(data);
    expect([report.status, report.stdout]).toEqual([1, expect.stringContaining('PAGE_DAMAGED')]);
  });
});
