/**
 * How the web application is built: a plain single-page application with hashed file names that
 * the portal serves as static files. Nothing is inlined as data (the portal's content security
 * policy allows own files only) and nothing is fetched from the network, at build or at run time.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig, type Plugin } from 'vite';

const here = fileURLToPath(new URL('.', import.meta.url));

export default defineConfig({
  root: here,
  base: '/',
  plugins: [svelte({ configFile: `${here}svelte.config.js` }), compressed()],
  resolve: {
    alias: { '#protocol': fileURLToPath(new URL('../engine/protocol', import.meta.url)) },
  },
  build: {
    outDir: `${here}dist`,
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 700,
  },
});

/**
 * Lays a `.br` and a `.gz` beside each file of text, so that the portal never compresses. A build
 * that is not made small is not for serving and has neither.
 */
function compressed(): Plugin {
  let outDir = '';
  return {
    name: 'clickday-compressed',
    apply: 'build',
    configResolved: (config) => {
      outDir = config.build.minify === false ? '' : config.build.outDir;
    },
    closeBundle: async () => {
      if (outDir === '') return;
      const names = await readdir(outDir, { recursive: true });
      await Promise.all(names.filter((name) => /\.(js|css|svg|html)$/.test(name)).map(compress));
    },
  };

  async function compress(name: string): Promise<void> {
    const path = join(outDir, name);
    const content = await readFile(path);
    await writeFile(
      `${path}.br`,
      await promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
    );
    await writeFile(`${path}.gz`, await promisify(gzip)(content));
  }
}
