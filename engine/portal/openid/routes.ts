/**
 * The routes of OpenID log-in. The provider sends the browser to a page of the web application,
 * which hands the answer on by POST: so no GET changes anything, the page says in words what went
 * wrong, and the guard against other sites holds here as everywhere. Where no provider is
 * configured all but leaving are refused with OPENID_OFF.
 */
import type { CookieSerializeOptions } from '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  OpenIdBeginning,
  OpenIdLeaving,
  OpenIdLink,
  OpenIdOffer,
  OpenIdOutcome,
  OpenIdRegistration,
  OpenIdReturn,
  OpenIdUrl,
} from '#protocol/openid-api.ts';
import { requireBrowser, requireCaller } from '../http/guard.ts';
import type { Limiters } from '../http/limits.ts';
import { emptyResponse } from '../http/openapi.ts';
import { Refusal } from '../http/refusal.ts';
import type { Server } from '../http/server.ts';
import type { Sessions } from '../session/index.ts';
import type { OwnSessions } from '../session/own-sessions.ts';
import type { OpenIdConfig } from '../settings.ts';
import type { OpenIdService, Step } from './service.ts';
import { TICKET_MS } from './tickets.ts';

interface Parts {
  /** Null: no provider is configured. */
  readonly openId: OpenIdService | null;
  readonly label: OpenIdConfig['label'] | null;
  readonly sessions: Sessions;
  readonly clock: { nowUs(): number };
  readonly limiters: Limiters;
  readonly cookieName: string;
  readonly isSecure: boolean;
  readonly note: OwnSessions['note'];
}

const US_A_SECOND = 1_000_000;

/** Adds the routes. */
export function openIdRoutes(server: Server, parts: Parts): void {
  server.get('/api/openid', {
    config: { access: 'anyone' },
    schema: { summary: 'Whether people may log in elsewhere', response: { 200: OpenIdOffer } },
    handler: async () => ({ label: parts.label }),
  });
  logInRoutes(server, parts);
  profileRoutes(server, parts);
  leavingRoute(server, parts);
}

function logInRoutes(server: Server, parts: Parts): void {
  const { limiters } = parts;
  const { ticketName, baking, take } = cookies(parts);
  server.post('/api/openid/attempts', {
    config: { access: 'anyone' },
    schema: {
      summary: 'Begin: where the browser goes to log in',
      body: OpenIdBeginning,
      response: { 200: OpenIdUrl },
    },
    handler: async (request, reply) => {
      await limiters.link(request);
      const account = browserOf(request);
      const { url, ticket } = await offered(parts).begin(account, request.body);
      reply.setCookie(ticketName, ticket, { ...baking, maxAge: TICKET_MS / 1000 });
      return { url };
    },
  });
  server.post('/api/openid/return', {
    config: { access: 'anyone' },
    schema: {
      summary: 'Complete with the query that the provider sent the browser back with',
      body: OpenIdReturn,
      response: { 200: OpenIdOutcome },
    },
    handler: async (request, reply) => {
      await limiters.link(request);
      const ticket = request.cookies[ticketName];
      const account = browserOf(request);
      const { query } = request.body;
      const step = await offered(parts).complete({ query, ticket, account });
      return take({ request, reply, step, former: request.cookies[parts.cookieName] });
    },
  });
  server.post('/api/openid/accounts', {
    config: { access: 'anyone' },
    schema: {
      summary: 'Register the person who has just come back, with what was missing',
      body: OpenIdRegistration,
      response: { 200: OpenIdOutcome },
    },
    handler: async (request, reply) => {
      await limiters.registration(request);
      const step = offered(parts).register(request.cookies[ticketName], request.body);
      return take({ request, reply, step, former: request.cookies[parts.cookieName] });
    },
  });
}

function profileRoutes(server: Server, parts: Parts): void {
  const { ticketName, take } = cookies(parts);
  server.get('/api/account/openid', {
    config: { access: 'applicant' },
    schema: { summary: 'What is linked to this account', response: { 200: OpenIdLink } },
    handler: async (request) => {
      const { account } = requireCaller(request);
      const hasPassword = account.password_hash !== null;
      if (parts.openId) return parts.openId.linkOf(account);
      return { label: null, linkedAt: null, lastUsedAt: null, hasPassword };
    },
  });
  server.put('/api/account/openid', {
    config: { access: 'applicant' },
    schema: {
      summary: 'Link the identity that has just come back to this account',
      response: { 200: OpenIdOutcome },
    },
    handler: async (request, reply) => {
      const { account } = requireBrowser(request);
      const step = offered(parts).link(request.cookies[ticketName], account);
      return take({ request, reply, step, former: undefined });
    },
  });
  server.delete('/api/account/openid', {
    config: { access: 'applicant' },
    schema: { summary: 'Unlink; mails the owner', response: { 204: emptyResponse } },
    handler: async (request, reply) => {
      const { account, token } = requireBrowser(request);
      offered(parts).unlink(account, token);
      return reply.code(204).send(null);
    },
  });
}

function leavingRoute(server: Server, parts: Parts): void {
  const { baking } = cookies(parts);
  server.post('/api/openid/leave', {
    config: { access: 'account', isOpenBeforePasswordChange: true },
    schema: {
      summary: 'Log out; where to log out at the provider that opened the session, if one did',
      response: { 200: OpenIdLeaving },
    },
    handler: async (request, reply) => {
      const { token } = requireCaller(request);
      reply.clearCookie(parts.cookieName, baking);
      if (parts.openId) return { url: await parts.openId.leave(token) };
      parts.sessions.close(token);
      return { url: null };
    },
  });
}

/** A program's session does not count: it must not make itself another way in. */
function browserOf(request: FastifyRequest) {
  return request.caller?.kind === 'cookie' ? request.caller.account : null;
}

function offered({ openId }: Parts): OpenIdService {
  if (openId === null) throw new Refusal('OPENID_OFF');
  return openId;
}

interface Taken {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly step: Step;
  /** The session that the browser had. */
  readonly former: string | undefined;
}

/** Both cookies: of the attempt, and of the session that comes of it. */
function cookies(parts: Parts) {
  const { sessions, clock, cookieName, isSecure } = parts;
  const ticketName = `${cookieName}-openid`;
  const baking: CookieSerializeOptions = {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: isSecure,
  };
  const take = ({ request, reply, step, former }: Taken) => {
    const { session, ticket, outcome } = step;
    if (ticket === null) reply.clearCookie(ticketName, baking);
    else reply.setCookie(ticketName, ticket, { ...baking, maxAge: TICKET_MS / 1000 });
    if (session) {
      if (former) sessions.close(former);
      const maxAge = Math.floor((session.expiresAtUs - clock.nowUs()) / US_A_SECOND);
      reply.setCookie(cookieName, session.token, { ...baking, maxAge });
      parts.note(session.token, request.headers['user-agent']);
    }
    return outcome;
  };
  return { ticketName, baking, take };
}
