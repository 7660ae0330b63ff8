/** The public log of a real gate, checked from outside by a program that shares no code with us. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseCheckpoint } from '#protocol/log/checkpoint.ts';
import { parseNote } from '#protocol/log/note.ts';
import { ForeignClient } from '#test/support/foreign-client.ts';
import {
  buildForeignVerifier,
  type ForeignVerifier,
} from '#test/support/foreign-verifier/index.ts';
import { PATIENCE_MS } from '#test/support/patience.ts';
import {
  clickday,
  clickdayOk,
  eventually,
  type FixtureAccount,
  fixture,
  type RunningSystem,
  runningSystem,
  submissionsUrl,
  temporaryDirectory,
  verified,
} from '#test/support/system.ts';

const APPLICATIONS = 700;

const logUrl = (system: RunningSystem) => `${system.gate!.replace(/^ws/, 'http')}/v1/log`;
const textOf = async (url: string) => {
  const response = await fetch(url);
  return response.ok ? await response.text() : undefined;
};
const checkpointOf = (note: string | undefined) =>
  parseCheckpoint(parseNote(note ?? '')?.text ?? '');

/** The checkpoint when it has come as far as `size`. */
async function checkpointAt(system: RunningSystem, size: number): Promise<string> {
  let note: string | undefined;
  await eventually(`a checkpoint of ${size}`, PATIENCE_MS, async () => {
    note = await textOf(`${logUrl(system)}/checkpoint`);
    return checkpointOf(note)?.size === size;
  });
  return note!;
}

async function submit(system: RunningSystem, account: FixtureAccount, from: number, to: number) {
  const client = await ForeignClient.connect(submissionsUrl(system));
  await client.hello(account.passbooks);
  for (let at = from; at < to; at += 100) {
    await client.submit(account.applications.slice(at, Math.min(to, at + 100)));
  }
  client.close();
}

describe('the public log', () => {
  let verifier: ForeignVerifier;
  beforeAll(() => {
    verifier = buildForeignVerifier();
  });

  it('is accepted by golang.org/x/mod/sumdb: notes, tiles, inclusion, consistency', async () => {
    const folder = temporaryDirectory();
    const data = join(folder, 'data');
    const [account] = await fixture({
      ...{ data, accounts: 1, applications: APPLICATIONS, words: ['--opens-in', '0'] },
    });
    const words = ['--roles', 'gate', '--log-origin', 'clickday.example'];
    const system = await runningSystem({ data, words });
    expect(checkpointOf(await checkpointAt(system, 0))?.origin).toBe('clickday.example/g1');
    await submit(system, account!, 0, 10);
    const older = join(folder, 'older');
    writeFileSync(older, await checkpointAt(system, 10));
    await submit(system, account!, 10, APPLICATIONS);
    await checkpointAt(system, APPLICATIONS);
    const key = (await textOf(`${logUrl(system)}/keys`))!.trim();
    expect(await verifier.verify(logUrl(system), key, older)).toBe(`verified ${APPLICATIONS}`);

    // It sees what is wrong: another log's beginning, and another key.
    const lie = (await textOf(`${logUrl(system)}/checkpoint`))!.replace('\n700\n', '\n699\n');
    writeFileSync(older, lie);
    await expect(verifier.verify(logUrl(system), key, older)).rejects.toThrow();
    const other = key.replace('clickday.example', 'elsewhere.example');
    await expect(verifier.verify(logUrl(system), other)).rejects.toThrow();
    await system.stop();

    // A second key signs beside the first after a restart; the first alone is still enough.
    const keys = await clickdayOk(['log-key', 'add', '--data', data]);
    expect(keys.trim().split('\n')[0]).toBe(key);
    const again = await runningSystem({ data, words });
    await checkpointAt(again, APPLICATIONS);
    expect(await textOf(`${logUrl(again)}/keys`)).toBe(keys);
    await eventually('both have signed', PATIENCE_MS, async () => {
      const note = await textOf(`${logUrl(again)}/checkpoint`);
      return parseNote(note ?? '')?.signatures.length === 2;
    });
    expect(await verifier.verify(logUrl(again), key)).toBe(`verified ${APPLICATIONS}`);
    await again.stop();
    expect(await clickdayOk(['log-key', 'retire', '--data', data])).toBe(
      `${keys.split('\n')[1]}\n`,
    );
    const { status, stderr } = await clickday(['log-key', 'retire', '--data', data]);
    expect([status, stderr]).toEqual([1, expect.stringContaining('LOG_KEY_ALONE')]);
    expect((await verified(data)).status).toBe(0);
  });

  it('serves tiles for ever, a checkpoint for a moment, and nothing that is not there', async () => {
    const data = join(temporaryDirectory(), 'data');
    const [account] = await fixture({
      ...{ data, accounts: 1, applications: 300, words: ['--opens-in', '0'] },
    });
    const system = await runningSystem({ data, words: ['--roles', 'gate'] });
    await submit(system, account!, 0, 300);
    await checkpointAt(system, 300);
    const get = (path: string, headers = {}) => fetch(`${logUrl(system)}/${path}`, { headers });
    const tile = await get('tile/0/000');
    expect(tile.headers.get('cache-control')).toContain('immutable');
    expect((await tile.arrayBuffer()).byteLength).toBe(256 * 32);
    expect((await (await get('tile/1/000.p/1')).arrayBuffer()).byteLength).toBe(32);
    expect((await (await get('tile/0/001.p/44')).arrayBuffer()).byteLength).toBe(44 * 32);
    expect((await get('checkpoint')).headers.get('cache-control')).not.toContain('immutable');
    const plain = await get('tile/entries/000', { 'Accept-Encoding': 'identity' });
    expect(plain.headers.get('content-encoding')).toBeNull();
    const zipped = await get('tile/entries/000', { 'Accept-Encoding': 'gzip' });
    expect(zipped.headers.get('content-encoding')).toBe('gzip');
    expect(await zipped.arrayBuffer()).toEqual(await plain.arrayBuffer());
    for (const path of ['tile/0/001', 'tile/0/001.p/45', 'tile/0/1', 'tile/2/000.p/1', 'x']) {
      expect((await get(path)).status, path).toBe(404);
    }
    await system.stop();
  });
});
