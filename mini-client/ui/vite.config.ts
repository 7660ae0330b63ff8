/**
 * How the local page is built: static files with hashed names that the mini-client serves from its
 * own memory. Nothing is inlined as data (the page's security policy allows own files only) and
 * nothing is fetched from the network, at build or at run time.
 */
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

const here = fileURLToPath(new URL('.', import.meta.url));

export default defineConfig({
  root: here,
  base: '/',
  plugins: [svelte({ configFile: `${here}svelte.config.js` })],
  resolve: {
    alias: { '#protocol': fileURLToPath(new URL('../../engine/protocol', import.meta.url)) },
  },
  build: {
    outDir: `${here}dist`,
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});
