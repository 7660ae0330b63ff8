/** The mini-client is handed out whole, under its digest, and nothing else of its directory is. */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DownloadsAnswer, MiniClientBuild } from '#protocol/downloads.ts';
import { openWorld, type World } from '#test/contract/portal-world.ts';

const NAME = 'clickday-mini-client-0.1.0-linux-x64';
const PROGRAM = Buffer.from('a program'.repeat(1000));

let world: World;
let directory: string;

function build(change: Partial<MiniClientBuild> = {}): MiniClientBuild {
  const sha256 = createHash('sha256').update(PROGRAM).digest('hex');
  const { length } = PROGRAM;
  return {
    name: NAME,
    target: 'linux-x64',
    version: '0.1.0',
    sizeBytes: length,
    sha256,
    ...change,
  };
}

const tell = (builds: unknown) =>
  writeFileSync(join(directory, 'builds.json'), JSON.stringify(builds));
const offered = async () => {
  const answer = await fetch(`${world.address}/api/downloads`);
  const body = (await answer.json()) as DownloadsAnswer;
  expect(answer.status, JSON.stringify(body)).toBe(200);
  return body.downloads;
};
const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${world.address}${path}`, { headers });

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'clickday-downloads-'));
  mkdirSync(join(directory, '.building-x'));
  writeFileSync(join(directory, NAME), PROGRAM);
  writeFileSync(join(directory, `${NAME}.gz`), gzipSync(PROGRAM));
  writeFileSync(join(directory, '.building-x', NAME), 'half of it');
  writeFileSync(join(directory, 'notes.txt'), 'of nobody else');
  world = await openWorld({ downloads: directory });
});

afterAll(() => world.close());

describe('the downloads of the portal', () => {
  it('are none before anything was built', async () => {
    expect(await offered()).toEqual([]);
  });

  it('are what builds.json names, and the bytes have the digest that is told', async () => {
    tell([build()]);
    const [one] = await offered();
    expect(one).toEqual({ ...build(), url: `/downloads/${NAME}` });
    const answer = await get(one!.url, { 'accept-encoding': 'gzip' });
    expect(answer.headers.get('content-encoding')).toBe('gzip');
    expect(answer.headers.get('content-disposition')).toBe('attachment');
    const bytes = Buffer.from(await answer.arrayBuffer());
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(one!.sha256);
    const plain = await get(one!.url, { 'accept-encoding': 'identity' });
    expect(Buffer.from(await plain.arrayBuffer()).equals(PROGRAM)).toBe(true);
  });

  it('leave out what is missing or not whole, and a list that is none', async () => {
    tell([build({ name: 'clickday-mini-client-0.1.0-win-x64.exe' }), build({ sizeBytes: 5 })]);
    expect(await offered()).toEqual([]);
    tell([{ ...build(), name: '../../etc/passwd' }]);
    expect(await offered()).toEqual([]);
    tell({ builds: 'none' });
    expect(await offered()).toEqual([]);
  });

  it('hold nothing else of their directory', async () => {
    for (const path of ['notes.txt', 'builds.json', '%2e%2e%2fetc%2fpasswd', '']) {
      expect((await get(`/downloads/${path}`)).headers.get('content-disposition')).toBeNull();
    }
    const hidden = await get(`/downloads/.building-x/${NAME}`);
    expect(await hidden.text()).not.toContain('half of it');
  });
});
