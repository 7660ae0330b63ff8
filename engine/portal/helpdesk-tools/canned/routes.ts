/** The routes of canned answers; for operators. */
import { Type } from '@sinclair/typebox';
import { Canned, CannedDraft, CannedList } from '#protocol/desk-tools-api.ts';
import { Identifier } from '#protocol/portal-api.ts';
import { requireCaller } from '../../http/guard.ts';
import { emptyResponse } from '../../http/openapi.ts';
import type { Server } from '../../http/server.ts';
import type { CannedAnswers } from './service.ts';

const config = { access: 'operator' } as const;
const Params = Type.Object({ id: Identifier });

/** Adds the routes. */
export function cannedRoutes(server: Server, canned: CannedAnswers): void {
  server.get('/api/desk/canned', {
    config,
    schema: { summary: 'All canned answers', response: { 200: CannedList } },
    handler: async () => ({ canned: canned.list() }),
  });
  server.post('/api/desk/canned', {
    config,
    schema: { summary: 'Keep a canned answer', body: CannedDraft, response: { 201: Canned } },
    handler: async (request, reply) => {
      const { id } = requireCaller(request).account;
      return reply.code(201).send(canned.create(id, request.body));
    },
  });
  server.put('/api/desk/canned/:id', {
    config,
    schema: {
      summary: 'Change a canned answer',
      params: Params,
      body: CannedDraft,
      response: { 200: Canned },
    },
    handler: async (request) =>
      canned.change(requireCaller(request).account.id, request.params.id, request.body),
  });
  server.delete('/api/desk/canned/:id', {
    config,
    schema: {
      summary: 'Take a canned answer away',
      params: Params,
      response: { 204: emptyResponse },
    },
    handler: async (request, reply) => {
      canned.remove(requireCaller(request).account.id, request.params.id);
      return reply.code(204).send(null);
    },
  });
}
