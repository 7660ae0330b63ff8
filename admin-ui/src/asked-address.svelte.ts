/**
 * A page whose question stands in its address: that of a queue, that of a search. The router writes
 * the address, so that it knows what stands there: a link to the same page with another question,
 * or with none, and the way back to an earlier one are then asked anew, and what the page itself
 * has written is not. To be called while a component is made; ends with it.
 */
import { untrack } from 'svelte';
import { navigate, route } from './router.ts';

/** Asks what the page's address says, now and whenever it changes; the result writes it there. */
export function askFromAddress(
  page: '/desk' | '/search',
  ask: (parameters: string) => void,
): (parameters: string) => void {
  let written: string | null = null;
  $effect(() => {
    void route.search; // tells that it changed; its values are no longer as they were written
    const { pathname, search } = location;
    if (pathname === page && search !== written) untrack(() => ask(search));
  });
  return (parameters) => {
    written = `?${parameters}`;
    void navigate(page, { replace: true, search: written, scrollToTop: false });
  };
}
