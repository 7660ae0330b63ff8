/**
 * Who may ask the local page's server. Everybody on this computer can reach a loopback port, and
 * every page of the browser can make it ask; only the page that this program opened may drive it.
 *
 *     Host       exactly ours: a name that was made to point here (DNS rebinding) is refused
 *     Origin     ours, or none where the browser sends none; every POST has one
 *     fetch site `same-origin` where the browser says it
 *     cookie     HttpOnly, SameSite=Strict: what other sites send comes without it
 *     header     a second secret: cookies are not kept apart by port, so a service of someone else
 *                on 127.0.0.1 sees ours; a custom header also makes a browser ask first (no CORS)
 *     body       JSON by its content type: no form can send it
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

export const KEY_HEADER = 'x-clickday-page';
const SECRET_BYTES = 32;

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export interface Refused {
  readonly status: 401 | 403 | 405 | 415 | 421;
  readonly code: string;
}

/** The secrets of one run of the program; the address has one that is good once. */
export class Keys {
  #token = secret();
  readonly #cookie = secret();
  readonly #header = secret();

  /** What stands behind `#` in the address to open. */
  get token(): string {
    return this.#token;
  }

  /** Takes a token once; the next address has another. Undefined: not the present one. */
  enter(token: string): { readonly cookie: string; readonly key: string } | undefined {
    if (!isSame(token, this.#token)) return undefined;
    this.#token = secret();
    return { cookie: this.#cookie, key: this.#header };
  }

  holds(cookie: string, key: string): boolean {
    const isCookie = this.holdsCookie(cookie);
    return isSame(key, this.#header) && isCookie;
  }

  holdsCookie(cookie: string): boolean {
    return isSame(cookie, this.#cookie);
  }
}

/** `host` is ours, with its port. Undefined: it may be answered. */
export function refusal(asked: Asked, host: string, keys: Keys): Refused | undefined {
  const header = (name: string) => textOf(asked.headers[name]);
  const refused = (status: Refused['status'], code: string): Refused => ({ status, code });
  if (header('host') !== host) return refused(421, 'WRONG_HOST');
  if (asked.method !== 'GET' && asked.method !== 'POST') return refused(405, 'METHOD_WRONG');
  const origin = header('origin');
  const isPost = asked.method === 'POST';
  if (origin !== '' ? origin !== `http://${host}` : isPost) return refused(403, 'ORIGIN_FOREIGN');
  const cookie = cookieOf(header('cookie'), cookieName(host));
  if (!asked.path.startsWith('/api/')) {
    if (isPost) return refused(405, 'METHOD_WRONG');
    // Opened by a click: the browser sends no header of ours, but the ticket in the path is secret.
    const isFree = !asked.path.startsWith('/file/') || keys.holdsCookie(cookie);
    return isFree ? undefined : refused(401, 'NOT_ENTERED');
  }
  const site = header('sec-fetch-site');
  if (site !== '' && site !== 'same-origin') return refused(403, 'ORIGIN_FOREIGN');
  if (isPost && header('content-type') !== 'application/json') return refused(415, 'NOT_JSON');
  if (asked.path === '/api/enter') return undefined;
  return keys.holds(cookie, header(KEY_HEADER)) ? undefined : refused(401, 'NOT_ENTERED');
}

/** Two programs of one person do not overwrite each other's. */
export function cookieName(host: string): string {
  return `clickday-page-${host.split(':')[1] ?? ''}`;
}

export function cookieOf(header: string, name: string): string {
  const pairs = header.split(';').map((pair) => pair.trim().split('='));
  return pairs.find(([found]) => found === name)?.[1] ?? '';
}

export function isSame(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}

export function secret(): string {
  return randomBytes(SECRET_BYTES).toString('base64url');
}

function textOf(value: string | string[] | undefined): string {
  return Array.isArray(value) ? value.join(', ') : (value ?? '');
}
