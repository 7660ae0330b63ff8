/** The web application is built when its sources changed, and only then. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { ensureUiBuilt } from '#engine/ui-build.ts';

/** Stands in for vite: copies one source file to the directory it is told to write. */
const VITE = `
import { appendFileSync, copyFileSync, readFileSync } from 'node:fs';
const out = process.argv[process.argv.indexOf('--outDir') + 1];
appendFileSync('kinds.log', process.env.NODE_ENV + '\\n');
appendFileSync('builds.log', 'x');
if (readFileSync('admin-ui/index.html', 'utf8').includes('broken')) {
  console.error('a syntax error in line 1');
  process.exit(1);
}
copyFileSync('admin-ui/index.html', out + '/index.html');
`;

let root = '';
const log = { info: () => {} };
const write = (path: string, text: string) => writeFileSync(join(root, path), text);
const builds = () => readFileSync(join(root, 'builds.log'), 'utf8').length;
const build = () => ensureUiBuilt({ log, root });

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'clickday-ui-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const folder of ['admin-ui', 'engine/protocol', 'node_modules/vite/bin']) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  write('node_modules/vite/bin/vite.js', VITE);
  write('node_modules/package.json', '{"type":"module"}');
  write('package.json', '{"type":"module"}');
  write('package-lock.json', '{}');
  write('engine/protocol/time.ts', '');
  write('admin-ui/index.html', 'first');
});

describe('the build of the web application', () => {
  it('builds once for the same sources', async () => {
    const directory = await build();
    expect(await build()).toBe(directory);
    expect(readFileSync(join(directory, 'index.html'), 'utf8')).toBe('first');
    expect(builds()).toBe(1);
  });

  it.each([
    ['admin-ui/index.html', 'second'],
    ['engine/protocol/time.ts', 'export {};'],
    ['package-lock.json', '{"a":1}'],
  ])('builds anew when %s changed', async (path, text) => {
    const before = await build();
    write(path, text);
    expect(await build()).not.toBe(before);
    expect(builds()).toBe(2);
  });

  it('builds for production whoever asks: a test, too', async () => {
    expect(process.env.NODE_ENV).toBe('test');
    await build();
    expect(readFileSync(join(root, 'kinds.log'), 'utf8')).toBe('production\n');
  });

  it('says why a build failed and leaves nothing half made', async () => {
    write('admin-ui/index.html', 'broken');
    await expect(build()).rejects.toThrow('a syntax error in line 1');
    expect(readdirSync(join(root, 'admin-ui', 'dist'))).toEqual([]);
  });

  it('survives two at once', async () => {
    const [one, other] = await Promise.all([build(), build()]);
    expect(one).toBe(other);
    expect(readdirSync(join(root, 'admin-ui', 'dist'))).toHaveLength(1);
  });

  it('keeps the newest three', async () => {
    for (const text of ['1', '2', '3', '4', '5']) {
      write('admin-ui/index.html', text);
      await build();
    }
    expect(readdirSync(join(root, 'admin-ui', 'dist'))).toHaveLength(3);
  });
});
