/** The routes of one's own account: a new password by mail, the address, the sessions. */
import {
  AddressChange,
  Reset,
  ResetRequest,
  SessionParams,
  SessionsAnswer,
} from '#protocol/accounts-api.ts';
import { EmailAnswer, RegistrationAnswer, TokenBody } from '#protocol/portal-api.ts';
import { requireCaller } from '../http/guard.ts';
import { emptyResponse } from '../http/openapi.ts';
import { languageOf, Refusal } from '../http/refusal.ts';
import type { Server } from '../http/server.ts';
import type { AddressService } from './address.ts';
import type { PasswordReset } from './reset.ts';
import { type AccountRouteParts, guessing } from './routes.ts';

export interface OwnRouteParts extends AccountRouteParts {
  readonly reset: PasswordReset;
  readonly address: AddressService;
  /** Mail is delivered soon. */
  readonly wake: () => void;
}

const CHECK_YOUR_MAIL = {
  status: 'accepted',
  messages: {
    it: 'Abbiamo inviato un messaggio all’indirizzo indicato: aprilo per continuare.',
    en: 'We have sent a message to this address: open it to go on.',
  },
};

/** Adds the routes. */
export function ownAccountRoutes(server: Server, parts: OwnRouteParts): void {
  resetRoutes(server, parts);
  addressRoutes(server, parts);
  ownSessionRoutes(server, parts);
}

function resetRoutes(server: Server, { reset, limiters, wake }: OwnRouteParts): void {
  server.post('/api/password-resets', {
    config: { access: 'anyone' },
    schema: {
      summary: 'Ask for a link to choose a new password; answers the same for every address',
      body: ResetRequest,
      response: { 202: RegistrationAnswer },
    },
    handler: async (request, reply) => {
      await limiters.mailing(request);
      reset.ask(request.body.email, languageOf(request.headers['accept-language']));
      wake();
      return reply.code(202).send(CHECK_YOUR_MAIL);
    },
  });
  server.post('/api/password-resets/confirm', {
    config: { access: 'anyone' },
    schema: {
      summary: 'Choose a new password with the token of the mail; ends all sessions',
      body: Reset,
      response: { 200: EmailAnswer },
    },
    handler: async (request) => {
      await limiters.link(request);
      const { token, password } = request.body;
      const chosen = await reset.choose(token, password);
      wake();
      return chosen;
    },
  });
}

function addressRoutes(server: Server, parts: OwnRouteParts): void {
  const { accounts, address, limiters, wake } = parts;
  server.post('/api/account/address', {
    config: { access: 'account' },
    schema: {
      summary: 'Ask for another address; answers the same for every address',
      body: AddressChange,
      response: { 202: RegistrationAnswer },
    },
    handler: async (request, reply) => {
      await limiters.mailing(request);
      const { account } = requireCaller(request);
      const { email, ...proof } = request.body;
      await guessing(parts, { request, email: account.email }, () =>
        accounts.prove(account, proof),
      );
      address.ask(account, email);
      wake();
      return reply.code(202).send(CHECK_YOUR_MAIL);
    },
  });
  const byLink = (path: string, summary: string, work: (token: string) => { email: string }) =>
    server.post(path, {
      config: { access: 'anyone' },
      schema: { summary, body: TokenBody, response: { 200: EmailAnswer } },
      handler: async (request) => {
        await limiters.link(request);
        const done = work(request.body.token);
        wake();
        return done;
      },
    });
  byLink('/api/account/address/confirm', 'Use the new address: the link of its mail', (token) =>
    address.confirm(token),
  );
  byLink('/api/account/address/undo', 'Take the account back: the link of the old one', (token) =>
    address.undo(token),
  );
}

function ownSessionRoutes(server: Server, { ownSessions, sessions }: OwnRouteParts): void {
  server.get('/api/account/sessions', {
    config: { access: 'account' },
    schema: { summary: 'My sessions, newest first', response: { 200: SessionsAnswer } },
    handler: async (request) => {
      const { account, token } = requireCaller(request);
      return { sessions: ownSessions.list(account.id, token) };
    },
  });
  server.delete('/api/account/sessions', {
    config: { access: 'account' },
    schema: { summary: 'End all my other sessions', response: { 204: emptyResponse } },
    handler: async (request, reply) => {
      const { account, token } = requireCaller(request);
      sessions.closeAll(account.id, { keep: token });
      return reply.code(204).send(null);
    },
  });
  server.delete('/api/account/sessions/:id', {
    config: { access: 'account' },
    schema: {
      summary: 'End one of my sessions',
      params: SessionParams,
      response: { 204: emptyResponse },
    },
    handler: async (request, reply) => {
      const { account } = requireCaller(request);
      if (!ownSessions.end(account.id, request.params.id)) throw new Refusal('NOT_FOUND');
      return reply.code(204).send(null);
    },
  });
}
