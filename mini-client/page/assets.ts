/**
 * The files of the local page: inside the executable, where `npm run build:mini-client` puts them,
 * or built from the sources when those are what runs. All of them in memory: they are small, and
 * what is not in the list does not exist.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { getAsset, isSea } from 'node:sea';
import { fileURLToPath } from 'node:url';

/** The name under which the executable carries all of them: path → base64. */
export const PAGE_ASSET = 'page.json';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

export interface Asset {
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** By the path of its address, `/` for the page itself. */
export type Assets = ReadonlyMap<string, Asset>;

/** The page's files. Some seconds when the sources run and have changed since the last time. */
export function pageAssets(): Assets {
  return isSea() ? packedAssets(getAsset(PAGE_ASSET, 'utf8')) : assetsIn(builtPage());
}

/** As the executable carries them. */
export function packAssets(directory: string): string {
  const files = filesIn(directory).map((path) => [
    path,
    readFileSync(join(directory, path)).toString('base64'),
  ]);
  return JSON.stringify(Object.fromEntries(files));
}

export function packedAssets(text: string): Assets {
  const files = Object.entries(JSON.parse(text) as Record<string, string>);
  return new Map(files.map(([path, base64]) => named(path, Buffer.from(base64, 'base64'))));
}

export function assetsIn(directory: string): Assets {
  return new Map(
    filesIn(directory).map((path) => named(path, readFileSync(join(directory, path)))),
  );
}

function named(path: string, bytes: Uint8Array): [string, Asset] {
  const type = TYPES[extname(path)] ?? 'application/octet-stream';
  return [path === 'index.html' ? '/' : `/${path}`, { type, bytes }];
}

/** What a page is made of; the copies that a portal would hand out compressed stay out. */
function filesIn(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => extname(path) in TYPES);
}

/**
 * The directory of the page as built from the sources. The builder is a process of its own: its
 * tools must not become part of the executable.
 */
export function builtPage(): string {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const words = ['--disable-warning=ExperimentalWarning', 'engine/ui-build.ts', 'mini-client/ui'];
  const built = spawnSync(process.execPath, words, { cwd: root, encoding: 'utf8' });
  if (built.status !== 0) throw new Error(`the page could not be built:\n${built.stderr}`);
  return built.stdout.trim();
}
