/**
 * Svelte 5 in runes mode for every component of this folder. Styles leave the components as files
 * of their own, because the page's content security policy refuses inline style elements.
 */
import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';

export default {
  preprocess: vitePreprocess(),
  compilerOptions: { runes: true, css: 'external' },
};
