/** The routes of deleting one's account. Staff accounts are not deleted here. */
import { DeletionPlan, DeletionRequest } from '#protocol/accounts-api.ts';
import { EmailAnswer, TokenBody } from '#protocol/portal-api.ts';
import { requireCaller } from '../http/guard.ts';
import { emptyResponse } from '../http/openapi.ts';
import type { Server } from '../http/server.ts';
import type { Deletion } from './deletion.ts';
import { type AccountRouteParts, guessing } from './routes.ts';

export interface DeletionRouteParts extends AccountRouteParts {
  readonly deletion: Deletion;
  readonly wake: () => void;
}

const PATH = '/api/account/deletion';
const config = { access: 'applicant' } as const;

/** Adds the routes. */
export function deletionRoutes(server: Server, parts: DeletionRouteParts): void {
  const { accounts, deletion, limiters, wake } = parts;
  server.get(PATH, {
    config,
    schema: {
      summary: 'What deleting my account would erase and keep; when, if it was asked for',
      response: { 200: DeletionPlan },
    },
    handler: async (request) => deletion.plan(requireCaller(request).account),
  });
  server.post(PATH, {
    config,
    schema: {
      summary: 'Ask for the deletion of my account, some days from now',
      body: DeletionRequest,
      response: { 202: DeletionPlan },
    },
    handler: async (request, reply) => {
      const { account, token } = requireCaller(request);
      const { evenReady = false, ...proof } = request.body;
      await guessing(parts, { request, email: account.email }, () =>
        accounts.prove(account, proof),
      );
      const plan = deletion.ask(account, { evenReady, keep: token });
      wake();
      return reply.code(202).send(plan);
    },
  });
  server.delete(PATH, {
    config,
    schema: { summary: 'Keep my account after all', response: { 204: emptyResponse } },
    handler: async (request, reply) => {
      deletion.stop(requireCaller(request).account);
      return reply.code(204).send(null);
    },
  });
  server.post(`${PATH}/keep`, {
    config: { access: 'anyone' },
    schema: {
      summary: 'Keep the account after all: the link of the mail',
      body: TokenBody,
      response: { 200: EmailAnswer },
    },
    handler: async (request) => {
      await limiters.link(request);
      return deletion.keep(request.body.token);
    },
  });
}
