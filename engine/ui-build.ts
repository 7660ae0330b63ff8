/**
 * The web application as static files, built when its sources are newer than what is there; and in
 * the same way the local page of the mini-client (`mini-client/ui`).
 *
 * Promises: the directory returned holds a complete build of exactly the present sources. Each
 * build has a directory named by the digest of everything it is made of (its folder, the protocol's
 * words, the lock file) and comes into being by one rename, so two at once, or one that is broken
 * off, never leave half a build behind, and a portal that is serving keeps its files.
 *
 *     admin-ui/dist/<digest>/index.html      the newest three are kept
 *
 * Does not decide who serves it, and does not check types: that is the tests' part.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { productionEnvironment } from './config.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const WEB_APPLICATION = 'admin-ui';
const OTHER_SOURCES = ['engine/protocol', 'package-lock.json'];
const NOT_SOURCES = new Set(['dist', 'node_modules', '.svelte-kit']);
const BUILDS_KEPT = 3;
const OUTPUT_LENGTH_MAX = 4_000;

/** What a build says about itself. */
export interface UiBuildLog {
  info(message: string): void;
}

/**
 * Builds the web application when stale and returns the absolute path of its directory. Some
 * seconds when it builds, some milliseconds otherwise. Rejects with vite's own words when the
 * build fails. `root` is the repository and only tests name another; `folder` is where the sources
 * are, `admin-ui` unless named.
 */
export async function ensureUiBuilt(options: {
  log: UiBuildLog;
  root?: string;
  folder?: string;
}): Promise<string> {
  const { root = ROOT, folder = WEB_APPLICATION } = options;
  const ui = join(root, folder);
  const builds = join(ui, 'dist');
  const directory = join(builds, await digestOfSources(root, folder));
  if (!existsSync(join(directory, 'index.html'))) {
    options.log.info(`building ${folder === WEB_APPLICATION ? 'the web application' : folder}`);
    await build({ root, ui, builds, directory });
    await removeOldBuilds(builds, directory);
  }
  return directory;
}

async function build(options: { root: string; ui: string; builds: string; directory: string }) {
  await mkdir(options.builds, { recursive: true });
  const draft = await mkdtemp(join(options.builds, '.building-'));
  try {
    await runVite(options, draft);
    await rename(draft, options.directory).catch((cause: NodeJS.ErrnoException) => {
      const builtByAnother = cause.code === 'ENOTEMPTY' || cause.code === 'EEXIST';
      if (!builtByAnother) throw cause;
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

function runVite({ root, ui }: { root: string; ui: string }, outDir: string): Promise<void> {
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  const words = ['build', ui, '--outDir', outDir, '--emptyOutDir', '--logLevel', 'warn'];
  const child = spawn(process.execPath, [vite, ...words, '--config', join(ui, 'vite.config.ts')], {
    cwd: root,
    // Never what Svelte makes for developers: twice as slow, and the digest would not tell.
    env: productionEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString('utf8')).slice(-OUTPUT_LENGTH_MAX);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${relative(root, ui)} could not be built:\n${output}`));
    });
  });
}

async function digestOfSources(root: string, folder: string): Promise<string> {
  const hash = createHash('sha256');
  for (const source of [folder, ...OTHER_SOURCES]) {
    for (const file of await filesUnder(join(root, source))) {
      const content = await readFile(file);
      const name = relative(root, file).split(sep).join('/');
      hash.update(`${name}\0${content.length}\0`).update(content);
    }
  }
  return hash.digest('hex').slice(0, 16);
}

/** Every file at or under a path, in the order of their names. */
async function filesUnder(path: string): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) return [path];
  const entries = await readdir(path, { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  const found: string[] = [];
  for (const entry of entries) {
    if (NOT_SOURCES.has(entry.name)) continue;
    found.push(...(await filesUnder(join(path, entry.name))));
  }
  return found;
}

async function removeOldBuilds(builds: string, present: string) {
  const dated: { path: string; atMs: number }[] = [];
  for (const name of await readdir(builds)) {
    if (name.startsWith('.')) continue;
    const path = join(builds, name);
    if (path !== present) dated.push({ path, atMs: (await stat(path)).mtimeMs });
  }
  dated.sort((a, b) => b.atMs - a.atMs);
  for (const old of dated.slice(BUILDS_KEPT - 1)) {
    await rm(old.path, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const info = (message: string) => process.stderr.write(`${message}\n`);
  const [folder = WEB_APPLICATION] = process.argv.slice(2);
  process.stdout.write(`${await ensureUiBuilt({ log: { info }, folder })}\n`);
}
