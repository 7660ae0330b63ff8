/**
 * What the address of a page carries: the token of a mailed link, and where to go after logging
 * in. Read from the raw query because the router turns values that look like numbers into numbers.
 */
export function tokenFromAddress(search: string): string {
  return new URLSearchParams(search).get('token')?.trim() ?? '';
}

/** A path of this application to return to, or null; never another host. */
export function nextFromAddress(search: string): string | null {
  const next = new URLSearchParams(search).get('next');
  return next !== null && /^\/(?![/\\])/.test(next) && next !== '/login' ? next : null;
}
