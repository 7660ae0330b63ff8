/**
 * The mini-client in one CommonJS text, everything it imports included: what Node's single
 * executable runs. Made by the bundler that also makes the web application.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'vite';

const NAME = 'mini-client.cjs';

/** Writes the bundle into `directory` and returns its path. Takes about a second. */
export async function bundle(root: string, directory: string): Promise<string> {
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
      ssr: join(root, 'mini-client', 'program.ts'),
      outDir: directory,
      emptyOutDir: false,
      target: 'node22',
      minify: false,
      rollupOptions: {
        output: { format: 'cjs', entryFileNames: NAME, codeSplitting: false },
      },
    },
  });
  const path = join(directory, NAME);
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
