/** The routes of accounts and sessions: `/api/registrations`, `/api/session`, `/api/setup`. */
import type { CookieSerializeOptions } from '@fastify/cookie';
import type { FastifyRequest } from 'fastify';
import type { OutcomeCode } from '#protocol/outcomes.ts';
import {
  Credentials,
  EmailAnswer,
  PasswordChange,
  Registration,
  RegistrationAnswer,
  SessionAnswer,
  Setup,
  TokenBody,
} from '#protocol/portal-api.ts';
import { isoFromUs } from '#protocol/time.ts';
import { requireCaller } from '../http/guard.ts';
import type { Limiters } from '../http/limits.ts';
import { emptyResponse } from '../http/openapi.ts';
import { Refusal } from '../http/refusal.ts';
import type { Server } from '../http/server.ts';
import type { Sessions } from '../session/index.ts';
import type { OwnSessions } from '../session/own-sessions.ts';
import type { Guesses } from './guesses.ts';
import type { Places } from './places.ts';
import type { SecondFactor } from './second-factor.ts';
import { type AccountService, accountView } from './service.ts';
import type { AccountRow } from './store.ts';

/** What the routes of accounts share. */
export interface AccountRouteParts {
  readonly accounts: AccountService;
  readonly sessions: Sessions;
  readonly ownSessions: OwnSessions;
  readonly secondFactor: SecondFactor;
  readonly guesses: Guesses;
  readonly places: Places;
  readonly limiters: Limiters;
  readonly cookieName: string;
  readonly isSecure: boolean;
  readonly cookieSessionMs: number;
}

const CHECK_YOUR_MAIL = {
  status: 'accepted',
  messages: {
    it: 'Abbiamo inviato un messaggio all’indirizzo indicato: aprilo per confermare.',
    en: 'We have sent a message to this address: open it to confirm.',
  },
};

/** Adds the routes. */
export function accountRoutes(server: Server, parts: AccountRouteParts): void {
  registrationRoutes(server, parts);
  sessionRoutes(server, parts);
  passwordRoutes(server, parts);
}

/** Stays counted: the password or the code was wrong, or nobody looked. */
const UNPROVEN: ReadonlySet<OutcomeCode> = new Set([
  'CREDENTIALS_WRONG',
  'PASSWORD_WRONG',
  'SECOND_FACTOR_WRONG',
  'REQUESTS_TOO_MANY',
  'BUSY',
]);

/** Work that begins with a password: counted as a guess of that account until it was right. */
export async function guessing<Result>(
  { guesses, places }: AccountRouteParts,
  { request, email }: { readonly request: FastifyRequest; readonly email: string },
  work: () => Promise<Result>,
): Promise<Result> {
  const wasRight = guesses.begin(email, places.of(request, email));
  try {
    const result = await work();
    wasRight();
    return result;
  } catch (error) {
    if (error instanceof Refusal && !UNPROVEN.has(error.code)) wasRight();
    throw error;
  }
}

/** What the owner is told of the account. */
function viewOf({ secondFactor }: AccountRouteParts, account: AccountRow) {
  return { ...accountView(account), mustSetUpSecondFactor: secondFactor.isMissing(account) };
}

function registrationRoutes(server: Server, { accounts, limiters }: AccountRouteParts): void {
  server.post('/api/registrations', {
    config: { access: 'anyone' },
    schema: {
      summary: 'Start a registration; answers the same for every address',
      body: Registration,
      response: { 202: RegistrationAnswer },
    },
    handler: async (request, reply) => {
      await limiters.registration(request);
      await accounts.register(request.body);
      return reply.code(202).send(CHECK_YOUR_MAIL);
    },
  });
  server.post('/api/registrations/confirm', {
    config: { access: 'anyone' },
    schema: {
      summary: 'Confirm a registration with the token of the mail',
      body: TokenBody,
      response: { 200: EmailAnswer },
    },
    handler: async (request) => {
      await limiters.link(request);
      return accounts.confirm(request.body.token);
    },
  });
}

function sessionRoutes(server: Server, parts: AccountRouteParts): void {
  const { accounts, sessions, limiters, cookieName, places } = parts;
  const cookie: CookieSerializeOptions = {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: parts.isSecure,
  };
  server.post('/api/session', {
    config: { access: 'anyone' },
    schema: {
      summary: 'Log in: a cookie for browsers, a token with kind "bearer"',
      body: Credentials,
      response: { 200: SessionAnswer },
    },
    handler: async (request, reply) => {
      await limiters.login(request);
      const { email, password, kind = 'cookie', totp } = request.body;
      const named = email.trim().toLowerCase();
      const opened = await guessing(parts, { request, email: named }, () =>
        accounts.logIn({ email, password, kind, totp }),
      );
      parts.ownSessions.note(opened.token, request.headers['user-agent']);
      const account = viewOf(parts, opened.account);
      if (kind === 'bearer') {
        return { account, token: opened.token, expiresAt: isoFromUs(opened.expiresAtUs) };
      }
      const former = request.cookies[cookieName];
      if (former) sessions.close(former);
      const maxAge = Math.floor(parts.cookieSessionMs / 1000);
      reply.setCookie(cookieName, opened.token, { ...cookie, maxAge });
      places.mark(request, reply, named);
      return { account };
    },
  });
  server.get('/api/session', {
    config: { access: 'account', isOpenBeforePasswordChange: true, shed: 'last' },
    schema: { summary: 'Who is logged in', response: { 200: SessionAnswer } },
    handler: async (request) => ({ account: viewOf(parts, requireCaller(request).account) }),
  });
  server.delete('/api/session', {
    config: { access: 'account', isOpenBeforePasswordChange: true },
    schema: { summary: 'Log out', response: { 204: emptyResponse } },
    handler: async (request, reply) => {
      sessions.close(requireCaller(request).token);
      reply.clearCookie(cookieName, cookie);
      return reply.code(204).send(null);
    },
  });
}

function passwordRoutes(server: Server, parts: AccountRouteParts): void {
  const { accounts, limiters } = parts;
  server.post('/api/account/password', {
    config: { access: 'account', isOpenBeforePasswordChange: true },
    schema: {
      summary: 'Change the password; ends the other sessions',
      body: PasswordChange,
      response: { 204: emptyResponse },
    },
    handler: async (request, reply) => {
      await limiters.login(request);
      const caller = requireCaller(request);
      const { email } = caller.account;
      await guessing(parts, { request, email }, () =>
        accounts.changePassword(caller, request.body),
      );
      return reply.code(204).send(null);
    },
  });
  server.post('/api/setup', {
    config: { access: 'anyone' },
    schema: {
      summary: 'Set the first password of a staff account with its one-time link',
      body: Setup,
      response: { 200: EmailAnswer },
    },
    handler: async (request) => {
      await limiters.link(request);
      return accounts.setUp(request.body.token, request.body.password);
    },
  });
}
