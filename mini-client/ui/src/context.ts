/** What every component of the page may use. */
import { getContext, setContext } from 'svelte';
import type { OfficialClock } from './clock.svelte.ts';
import type { Link } from './link.svelte.ts';
import type { Program } from './program.ts';

export interface Page {
  readonly program: Program;
  readonly link: Link;
  readonly clock: OfficialClock;
  /** Reads a sentence to a screen reader, politely. */
  readonly say: (sentence: string) => void;
}

const KEY = Symbol('page');

export function providePage(page: Page): void {
  setContext(KEY, page);
}

export function usePage(): Page {
  return getContext<Page>(KEY);
}
