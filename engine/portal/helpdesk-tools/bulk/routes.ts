/** The routes of bulk actions; for operators. */
import { Type } from '@sinclair/typebox';
import { DeskBulk, DeskBulkState } from '#protocol/desk-api.ts';
import { Identifier } from '#protocol/portal-api.ts';
import { requireCaller } from '../../http/guard.ts';
import type { Server } from '../../http/server.ts';
import type { Bulk } from './service.ts';

const config = { access: 'operator' } as const;

/** Adds the routes. `wake`: there is work. */
export function bulkRoutes(server: Server, bulk: Bulk, wake: () => void): void {
  server.post('/api/desk/bulk', {
    config,
    schema: {
      summary: 'Do one thing with many tickets; it runs on in the background',
      body: DeskBulk,
      response: { 202: DeskBulkState },
    },
    handler: async (request, reply) => {
      const state = bulk.begin(requireCaller(request).account.id, request.body);
      wake();
      return reply.code(202).send(state);
    },
  });
  server.get('/api/desk/bulk/:id', {
    config,
    schema: {
      summary: 'How far it is',
      params: Type.Object({ id: Identifier }),
      response: { 200: DeskBulkState },
    },
    handler: async (request) => bulk.state(request.params.id),
  });
}
