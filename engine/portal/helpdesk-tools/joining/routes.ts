/** The routes that join and split tickets; for operators. Each answers with the ticket to go to. */
import { Type } from '@sinclair/typebox';
import { DeskMerge, DeskSplit, DeskTicket, DeskVersion } from '#protocol/desk-api.ts';
import { Identifier } from '#protocol/portal-api.ts';
import type { TicketRow } from '../../../store/database/index.ts';
import { requireCaller } from '../../http/guard.ts';
import type { Server } from '../../http/server.ts';
import type { Joining } from './service.ts';

const config = { access: 'operator' } as const;
const params = Type.Object({ id: Identifier });

/** Adds the routes. `view`: a ticket as operators see it; `wake`: there are letters. */
export function joiningRoutes(
  server: Server,
  {
    joining,
    view,
    wake,
  }: { joining: Joining; view: (row: TicketRow) => DeskTicket; wake: () => void },
): void {
  const shown = (row: TicketRow) => {
    wake();
    return view(row);
  };
  server.post('/api/desk/tickets/:id/merge', {
    config,
    schema: {
      summary: 'Let it go on in another ticket of the same person',
      params,
      body: DeskMerge,
      response: { 200: DeskTicket },
    },
    handler: async (request) => {
      const { id } = requireCaller(request).account;
      return shown(joining.merge(id, request.params.id, request.body));
    },
  });
  server.post('/api/desk/tickets/:id/unmerge', {
    config,
    schema: {
      summary: 'Undo a merge',
      params,
      body: DeskVersion,
      response: { 200: DeskTicket },
    },
    handler: async (request) => {
      const { id } = requireCaller(request).account;
      return shown(joining.unmerge(id, request.params.id, request.body));
    },
  });
  server.post('/api/desk/tickets/:id/split', {
    config,
    schema: {
      summary: 'Make some of its messages a ticket of their own',
      params,
      body: DeskSplit,
      response: { 201: DeskTicket },
    },
    handler: async (request, reply) => {
      const { id } = requireCaller(request).account;
      return reply.code(201).send(shown(joining.split(id, request.params.id, request.body)));
    },
  });
}
