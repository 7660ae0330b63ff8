/** A browser in a few lines: keeps cookies of the portal and of the provider, follows redirects. */
import { type Answer, callerAt } from '#test/contract/portal-world.ts';

export interface OpenIdBrowser {
  /** A call of the portal's pages, with this browser's cookies. */
  call<Body>(method: string, path: string, body?: unknown): Promise<Answer<Body>>;
  /** Goes where it is sent until it is back at the portal; gives that address' query. */
  visit(url: string): Promise<string>;
  /** Begins and comes back; gives the query to hand on. `change` alters the first address. */
  goAndReturn(wish?: object, change?: (url: URL) => void): Promise<string>;
  /** From beginning to outcome. */
  logIn<Body>(wish?: object): Promise<Answer<Body>>;
  readonly cookies: Map<string, string>;
}

const STEPS_MAX = 10;

/** `address`: where the portal listens; `publicUrl`: what it believes to be. */
export function openIdBrowser(address: string, publicUrl: string): OpenIdBrowser {
  const cookies = new Map<string, string>();
  const call = async <Body>(method: string, path: string, body?: unknown) => {
    const headers = cookies.size === 0 ? {} : { cookie: headerOf(cookies) };
    const answer = await callerAt(address, {}).call<Body>(method, path, body, headers);
    keep(cookies, answer.headers);
    return answer;
  };
  const visit = async (start: string) => {
    let url = start;
    // As on a computer where nobody is logged in at the provider yet.
    const atProvider = new Map<string, string>();
    for (let step = 0; step < STEPS_MAX; step += 1) {
      if (url.startsWith(publicUrl)) return new URL(url).search;
      const headers = { cookie: headerOf(atProvider) };
      const response = await fetch(url, { redirect: 'manual', headers });
      await response.arrayBuffer();
      keep(atProvider, response.headers);
      const next = response.headers.get('location');
      if (next === null) throw new Error(`${response.status} at ${url}`);
      url = new URL(next, url).href;
    }
    throw new Error('redirected for ever');
  };
  const goAndReturn: OpenIdBrowser['goAndReturn'] = async (wish, change) => {
    const begun = await call<{ url: string }>('POST', '/api/openid/attempts', {
      intent: 'log-in',
      ...wish,
    });
    if (begun.status !== 200) throw new Error(`begin: ${begun.status}`);
    const url = new URL(begun.body.url);
    change?.(url);
    return visit(url.href);
  };
  return {
    ...{ call, visit, goAndReturn, cookies },
    logIn: async (wish) => call('POST', '/api/openid/return', { query: await goAndReturn(wish) }),
  };
}

function headerOf(jar: ReadonlyMap<string, string>): string {
  return [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
}

function keep(jar: Map<string, string>, headers: Headers): void {
  for (const line of headers.getSetCookie()) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    if (value === '') jar.delete(name);
    else jar.set(name, value);
  }
}
