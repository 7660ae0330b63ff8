/**
 * The programs that tests start hundreds of times, each with its threads, in a few files without
 * types: loading and reading some hundred sources anew takes most of what a start costs. Vitest
 * calls this once before the tests; `quick-start.ts` then stands in each process that is started.
 *
 * Only how a program is loaded is another: it is built of the same sources at every run, and where
 * a file looks for its neighbours it looks beside its source. `npm run` starts from the sources,
 * all but `npm run bench -- --quick`; `CLICKDAY_TEST_FROM_SOURCES=1` has these and all tests do so.
 */
import { globSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Plugin } from 'vite';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** One folder a run: two may go on at once. */
const BUILT = join(ROOT, 'test/output', `programs-${process.pid}`);
const PROGRAMS = ['engine/main.ts', 'mini-client/program.ts'];
const THREADS = 'engine/**/{thread,worker,*-thread}.ts';
/** What is native, or starts threads of files of its own. */
const AS_INSTALLED = ['lmdb', 'uWebSockets.js', '@node-rs/argon2', 'piscina', 'pino', 'vite'];
const TRIES = 25;
const TRY_AGAIN_MS = 200;
const NEIGHBOUR = /new URL\('(\.[^']*\.ts)', import\.meta\.url\)/g;

const builtOf = (source: string) => pathToFileURL(join(BUILT, source.replace(/\.ts$/, '.js'))).href;

/** Files stand where their sources do; threads are those that were built. */
function beside(threads: readonly string[]): Plugin {
  return {
    name: 'beside-its-source',
    enforce: 'pre',
    transform(code, id) {
      if (!id.startsWith(ROOT) || id.includes('node_modules') || !id.endsWith('.ts')) return null;
      if (!code.includes('import.meta.url') || id.includes('/test/')) return null;
      const url = pathToFileURL(id).href;
      return code
        .replace(NEIGHBOUR, (text, path: string) => {
          const target = relative(ROOT, fileURLToPath(new URL(path, url)));
          return threads.includes(target) ? `new URL('${builtOf(target)}')` : text;
        })
        .replaceAll('import.meta.url', `'${url}'`);
    },
  };
}

export async function setup(): Promise<void> {
  if (process.env.CLICKDAY_TEST_FROM_SOURCES === '1') return;
  for (const folder of globSync('test/output/programs-*', { cwd: ROOT })) {
    if (!isRunning(Number(folder.split('-').at(-1)))) removed(join(ROOT, folder));
  }
  const threads = globSync(THREADS, { cwd: ROOT });
  const sources = [...PROGRAMS, ...threads, 'test/support/quick-start.ts'];
  await build({
    root: ROOT,
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    plugins: [beside(threads)],
    ssr: { noExternal: true, external: AS_INSTALLED, target: 'node' },
    build: {
      ssr: true,
      outDir: BUILT,
      emptyOutDir: true,
      target: 'node22',
      minify: false,
      rollupOptions: {
        input: Object.fromEntries(sources.map((file) => [file.replace(/\.ts$/, ''), file])),
        output: { entryFileNames: '[name].js' },
      },
    },
  });
  // What the engine of scripts has made of a program serves the next start of it.
  process.env.NODE_COMPILE_CACHE = join(BUILT, 'compiled');
  const preload = `--import=${builtOf('test/support/quick-start.ts')}`;
  process.env.NODE_OPTIONS = [process.env.NODE_OPTIONS, preload].filter(Boolean).join(' ');
}

/** What still fills is left to the next run: processes of the tests end when they like. */
export async function teardown(): Promise<void> {
  for (let tries = 0; tries < TRIES && !removed(BUILT); tries += 1) await pause(TRY_AGAIN_MS);
}

/** False when it fills meanwhile: a program that is about to end writes what it compiled. */
function removed(folder: string): boolean {
  try {
    rmSync(folder, { recursive: true, force: true });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOTEMPTY') throw error;
    return false;
  }
}

/** A run that was killed leaves its folder to the next one. */
function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
