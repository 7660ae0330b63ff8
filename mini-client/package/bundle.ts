/**
 * The mini-client in one CommonJS text, everything it imports included: what Node's single
 * executable runs. Made by the bundler that also makes the web application.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'vite';

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
        output: { format: 'cjs', entryFileNames: 'mini-client.cjs', codeSplitting: false },
      },
    },
  });
  return join(directory, 'mini-client.cjs');
}
