/** The routes of who asks: one's own tickets, and those of one's organisation or office. */
import { Type } from '@sinclair/typebox';
import { TicketDraft, TicketList, TicketReply, TicketView } from '#protocol/helpdesk-api.ts';
import { Identifier } from '#protocol/portal-api.ts';
import { requireCaller } from '../http/guard.ts';
import type { Server } from '../http/server.ts';
import type { OwnTickets } from './own-service.ts';

const config = { access: 'account' } as const;
const Params = Type.Object({ id: Identifier });
const Query = Type.Object({ cursor: Type.Optional(Identifier) });
const answered = { 200: TicketView } as const;

export function ownRoutes(server: Server, tickets: OwnTickets): void {
  server.get('/api/tickets', {
    config,
    schema: {
      summary: 'My requests for help, newest first',
      querystring: Query,
      response: { 200: TicketList },
    },
    handler: async (request) => tickets.list(requireCaller(request).account, request.query.cursor),
  });
  server.post('/api/tickets', {
    config,
    schema: { summary: 'Ask for help', body: TicketDraft, response: { 201: TicketView } },
    handler: async (request, reply) =>
      reply.code(201).send(tickets.open(requireCaller(request).account, request.body)),
  });
  server.get('/api/tickets/:id', {
    config,
    schema: { summary: 'One request', params: Params, response: answered },
    handler: async (request) => tickets.view(requireCaller(request).account, request.params.id),
  });
  server.post('/api/tickets/:id/messages', {
    config,
    schema: { summary: 'Write more', params: Params, body: TicketReply, response: answered },
    handler: async (request) =>
      tickets.write(requireCaller(request).account, request.params.id, request.body.text),
  });
  server.post('/api/tickets/:id/close', {
    config,
    schema: { summary: 'It is settled', params: Params, response: answered },
    handler: async (request) => tickets.close(requireCaller(request).account, request.params.id),
  });
  server.post('/api/tickets/:id/reopen', {
    config,
    schema: {
      summary: 'It is not settled after all, and why',
      params: Params,
      body: TicketReply,
      response: answered,
    },
    handler: async (request) =>
      tickets.reopen(requireCaller(request).account, request.params.id, request.body.text),
  });
}
