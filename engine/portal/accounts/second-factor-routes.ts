/** The routes of the second factor: the owner's, and the one of staff for who has lost it. */
import {
  Proof,
  RecoveryCodes,
  SecondFactorBegun,
  SecondFactorConfirmation,
  SecondFactorReset,
  SecondFactorState,
} from '#protocol/accounts-api.ts';
import { requireCaller } from '../http/guard.ts';
import { emptyResponse } from '../http/openapi.ts';
import type { Server } from '../http/server.ts';
import { type AccountRouteParts, guessing } from './routes.ts';
import type { ResetWish } from './second-factor-reset.ts';

export interface SecondFactorRouteParts extends AccountRouteParts {
  readonly resetFor: (wish: ResetWish) => void;
  readonly wake: () => void;
}

const PATH = '/api/account/second-factor';
/** Who must have one sets it up before anything else. */
const config = { access: 'account', isOpenBeforeSecondFactor: true } as const;

/** Adds the routes. */
export function secondFactorRoutes(server: Server, parts: SecondFactorRouteParts): void {
  setUpRoutes(server, parts);
  changeRoutes(server, parts);
  staffRoutes(server, parts);
}

function setUpRoutes(server: Server, parts: SecondFactorRouteParts): void {
  const { accounts, secondFactor, sessions, wake } = parts;
  server.get(PATH, {
    config,
    schema: { summary: 'Whether I have a second factor', response: { 200: SecondFactorState } },
    handler: async (request) => secondFactor.state(requireCaller(request).account),
  });
  server.post(PATH, {
    config,
    schema: {
      summary: 'Begin setting one up: a new secret for an authenticator app',
      body: Proof,
      response: { 200: SecondFactorBegun },
    },
    handler: async (request) => {
      const { account } = requireCaller(request);
      await guessing(parts, { request, email: account.email }, () =>
        accounts.prove(account, request.body),
      );
      return secondFactor.begin(account);
    },
  });
  server.post(`${PATH}/confirm`, {
    config,
    schema: {
      summary: 'Turn it on with its first code; gives the recovery codes, ends other sessions',
      body: SecondFactorConfirmation,
      response: { 200: RecoveryCodes },
    },
    handler: async (request) => {
      await parts.limiters.login(request);
      const { account, token } = requireCaller(request);
      const recoveryCodes = [...secondFactor.confirm(account, request.body.totp)];
      sessions.closeAll(account.id, { keep: token });
      wake();
      return { recoveryCodes };
    },
  });
}

function changeRoutes(server: Server, parts: SecondFactorRouteParts): void {
  const { accounts, secondFactor, wake } = parts;
  server.post(`${PATH}/recovery-codes`, {
    config,
    schema: {
      summary: 'Ten new recovery codes in place of the former',
      body: Proof,
      response: { 200: RecoveryCodes },
    },
    handler: async (request) => {
      const { account } = requireCaller(request);
      await guessing(parts, { request, email: account.email }, () =>
        accounts.prove(account, request.body),
      );
      return { recoveryCodes: [...secondFactor.newRecoveryCodes(account)] };
    },
  });
  server.post(`${PATH}/off`, {
    config,
    schema: { summary: 'Turn it off', body: Proof, response: { 204: emptyResponse } },
    handler: async (request, reply) => {
      const { account } = requireCaller(request);
      await guessing(parts, { request, email: account.email }, () =>
        accounts.prove(account, request.body),
      );
      secondFactor.turnOff(account);
      wake();
      return reply.code(204).send(null);
    },
  });
}

function staffRoutes(server: Server, { resetFor, wake }: SecondFactorRouteParts): void {
  server.post('/api/staff/second-factor-resets', {
    config: { access: 'operator' },
    schema: {
      summary: 'Remove a lost second factor; audited, and its owner is told by mail',
      body: SecondFactorReset,
      response: { 204: emptyResponse },
    },
    handler: async (request, reply) => {
      resetFor({ by: requireCaller(request).account, ...request.body });
      wake();
      return reply.code(204).send(null);
    },
  });
}
