/**
 * Who is calling, and may they? Runs before a body is read. Every route of `/api` states its
 * `access`; a route that states none does not start.
 *
 *   request ─► cross-site check (cookie callers that change state) ─► session ─► access ─► route
 *
 * What it does not do: decide about single objects. Rooms look an object up together with who
 * reaches it (applications/reach.ts), so that another's object is simply not found.
 */
import type { FastifyRequest } from 'fastify';
import type { AccountsTable } from '../../store/database/index.ts';
import type { Sessions } from '../session/index.ts';
import { Refusal } from './refusal.ts';
import type { Server } from './server.ts';

/** `anyone`; `account`: any session; `operator`: that role or admin; the others: that role. */
export type Access = 'anyone' | 'account' | 'applicant' | 'office' | 'operator' | 'admin';

export interface Caller {
  readonly account: AccountsTable;
  readonly token: string;
  readonly kind: 'cookie' | 'bearer';
}

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller | null;
  }
  interface FastifyContextConfig {
    access?: Access;
    /** Usable while a one-time password must still be changed. */
    isOpenBeforePasswordChange?: boolean;
    /** Usable while a second factor that is a duty must still be set up. */
    isOpenBeforeSecondFactor?: boolean;
  }
}

const ROLES: Readonly<Record<Access, readonly string[]>> = {
  anyone: [],
  account: ['applicant', 'admin', 'operator', 'office'],
  applicant: ['applicant'],
  office: ['office'],
  operator: ['operator', 'admin'],
  admin: ['admin'],
};
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);
const FETCH_SITES = new Set(['same-origin', 'none']);

export interface GuardOptions {
  readonly sessions: Sessions;
  readonly cookieName: string;
  /** Whether the account must set up a second factor before it does anything else. */
  readonly needsSecondFactor: (account: AccountsTable) => boolean;
  /** A session was used. */
  readonly seen: (token: string) => void;
  /** The portal's own origin as the world knows it. */
  readonly publicOrigin: () => string;
}

/** The name of the session cookie; `__Host-` needs TLS. */
export function cookieNameOf(isSecure: boolean): string {
  return isSecure ? '__Host-clickday' : 'clickday';
}

/** Adds the guard to the server; before any route. */
export function addGuard(server: Server, options: GuardOptions): void {
  server.decorateRequest('caller', null);
  server.addHook('onRoute', (route) => {
    if (route.url.startsWith('/api/') && route.config?.access === undefined) {
      throw new Error(`route ${route.url} does not state its access`);
    }
  });
  server.addHook('onRequest', async (request) => {
    const access = request.routeOptions.config.access;
    if (access === undefined) return;
    const isBearer = bearerOf(request) !== undefined;
    if (!isBearer && isForeign(request, options.publicOrigin())) throw new Refusal('CROSS_SITE');
    request.caller = callerOf(request, options);
    if (request.caller) options.seen(request.caller.token);
    admit(request, access, options);
  });
}

/** The caller of a route with access other than `anyone`. */
export function requireCaller(request: FastifyRequest): Caller {
  if (request.caller === null) throw new Refusal('UNAUTHENTICATED');
  return request.caller;
}

/**
 * The caller, when it is a browser. For what would outlive a stolen bearer token: another program
 * let in, another way into the account. Refuses FORBIDDEN.
 */
export function requireBrowser(request: FastifyRequest): Caller {
  const caller = requireCaller(request);
  if (caller.kind !== 'cookie') throw new Refusal('FORBIDDEN');
  return caller;
}

function admit(request: FastifyRequest, access: Access, options: GuardOptions): void {
  if (access === 'anyone') return;
  const { account } = requireCaller(request);
  const mayWait = request.routeOptions.config.isOpenBeforePasswordChange === true;
  if (account.must_change_password === 1 && !mayWait) {
    throw new Refusal('PASSWORD_CHANGE_REQUIRED');
  }
  const maySetUp = mayWait || request.routeOptions.config.isOpenBeforeSecondFactor === true;
  if (!maySetUp && options.needsSecondFactor(account)) {
    throw new Refusal('SECOND_FACTOR_REQUIRED');
  }
  if (!ROLES[access].includes(account.role)) throw new Refusal('FORBIDDEN');
}

function bearerOf(request: FastifyRequest): string | undefined {
  const header = request.headers.authorization;
  return header?.startsWith('Bearer ') ? header.slice('Bearer '.length) : undefined;
}

function callerOf(request: FastifyRequest, options: GuardOptions): Caller | null {
  const bearer = bearerOf(request);
  const kind = bearer === undefined ? 'cookie' : 'bearer';
  const token = bearer ?? request.cookies[options.cookieName];
  const account = token === undefined ? undefined : options.sessions.resolve(token, kind);
  return account === undefined || token === undefined ? null : { account, token, kind };
}

/** A state-changing request that a browser sent from another site (Fetch Metadata, RFC 6454). */
function isForeign(request: FastifyRequest, publicOrigin: string): boolean {
  if (SAFE_METHODS.has(request.method)) return false;
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined) return typeof site !== 'string' || !FETCH_SITES.has(site);
  const origin = request.headers.origin;
  if (origin === undefined || origin === publicOrigin) return false;
  return origin !== `${request.protocol}://${request.host}`;
}
