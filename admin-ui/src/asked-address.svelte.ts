/**
 * A page whose question stands in its address: that of a queue, that of a search. The router writes
 * the address, so that it knows what stands there: a link to the same page with another question,
 * or with none, and the way back to an earlier one are then asked anew, and what the page itself
 * has written is not. To be called while a component is made; ends with it.
 */
import { untrack } from 'svelte';
import { navigate, route } from './router.ts';

/** Asks what the address says, now and whenever it changes; the result writes a question there. */
export function askFromAddress(ask: (parameters: string) => void): (parameters: string) => void {
  const here = location.pathname;
  let written: string | null = null;
  $effect(() => {
    void route.search; // tells that it changed; its values are no longer as they were written
    const { pathname, search } = location;
    if (pathname === here && search !== written) untrack(() => ask(search));
  });
  return (parameters) => {
    written = `?${parameters}`;
    void navigate(route.pathname, { replace: true, search: written, scrollToTop: false });
  };
}
