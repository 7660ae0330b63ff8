/** The operators' queue: what organisations ask for, granted or refused with a reason. */
import { Type } from '@sinclair/typebox';
import {
  RefusalReason,
  RequestStatus,
  RequestsAnswer,
  RequestView,
} from '#protocol/organisations-api.ts';
import { Identifier } from '#protocol/portal-api.ts';
import { requireCaller } from '../http/guard.ts';
import type { Server } from '../http/server.ts';
import type { Requests } from './requests.ts';

const PAGE_LENGTH = 50;
const config = { access: 'operator' } as const;
const Params = Type.Object({ id: Identifier });
const Query = Type.Object({
  status: Type.Optional(RequestStatus),
  cursor: Type.Optional(Identifier),
});

/** Adds the routes. */
export function operatorRoutes(server: Server, requests: Requests): void {
  server.get('/api/operator/requests', {
    config,
    schema: {
      summary: 'What organisations ask for, oldest first',
      querystring: Query,
      response: { 200: RequestsAnswer },
    },
    handler: async (request) => {
      const { status = 'waiting', cursor } = request.query;
      return requests.queue({ status, cursor, limit: PAGE_LENGTH });
    },
  });
  server.post('/api/operator/requests/:id/grant', {
    config,
    schema: { summary: 'Grant', params: Params, response: { 200: RequestView } },
    handler: async (request) =>
      requests.decide(requireCaller(request).account, request.params.id, null),
  });
  server.post('/api/operator/requests/:id/refusal', {
    config,
    schema: {
      summary: 'Refuse, with a reason that is mailed',
      params: Params,
      body: RefusalReason,
      response: { 200: RequestView },
    },
    handler: async (request) => {
      const reason = request.body.reason.trim();
      return requests.decide(requireCaller(request).account, request.params.id, reason);
    },
  });
}
