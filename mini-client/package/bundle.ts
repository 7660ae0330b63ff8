/**
 * The mini-client in one CommonJS text, everything it imports included: what Node's single
 * executable runs. What draws the summary is a second one, made small, for V8 keeps every text that
 * runs in memory. Made by the bundler that also makes the web application.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'vite';
import { DRAWING_ASSET } from '../summary/drawing.ts';

const NAME = 'mini-client.cjs';
/** What the program loads by itself. */
const APART = join('summary', 'pdf.ts');

/** Paths of the two texts. */
export interface Bundle {
  readonly program: string;
  readonly drawing: string;
}

/** Writes both into `directory`. Takes about two seconds. */
export async function bundle(root: string, directory: string): Promise<Bundle> {
  return {
    program: await bundleOne(root, directory, { entry: 'program.ts', name: NAME }),
    drawing: await bundleOne(root, directory, { entry: APART, name: DRAWING_ASSET }),
  };
}

async function bundleOne(
  root: string,
  directory: string,
  { entry, name }: { readonly entry: string; readonly name: string },
): Promise<string> {
  const source = join(root, 'mini-client', entry);
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
    version: string;
  };
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    define: { __MINI_CLIENT_VERSION__: JSON.stringify(version) },
    ssr: { noExternal: true, target: 'node' },
    build: {
      ssr: source,
      outDir: directory,
      emptyOutDir: false,
      target: 'node22',
      minify: entry === APART,
      rollupOptions: {
        external: (id) => entry !== APART && id === join(root, 'mini-client', APART),
        output: { format: 'cjs', entryFileNames: name, codeSplitting: false },
      },
    },
  });
  const path = join(directory, name);
  await writeFile(path, asciiOnly(await readFile(path, 'utf8')));
  return path;
}

/** A single letter beyond Latin-1 would make V8 keep the whole text in two bytes a letter. */
export function asciiOnly(script: string): string {
  return script.replace(
    /[^\0-\x7f]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
