/** The routes of incidents: operators write them, whoever has an account may follow them. */
import { Type } from '@sinclair/typebox';
import { DeskIncident, DeskIncidentList, IncidentDraft } from '#protocol/desk-tools-api.ts';
import { Identifier } from '#protocol/portal-api.ts';
import { requireCaller } from '../../http/guard.ts';
import { emptyResponse } from '../../http/openapi.ts';
import type { Server } from '../../http/server.ts';
import type { Incidents } from './service.ts';

const Params = Type.Object({ id: Identifier });

/** Adds the routes. `wake`: there may be somebody to tell. */
export function incidentRoutes(server: Server, incidents: Incidents, wake: () => void): void {
  const config = { access: 'operator' } as const;
  server.get('/api/desk/incidents', {
    config,
    schema: { summary: 'Incidents, open ones first', response: { 200: DeskIncidentList } },
    handler: async () => ({ incidents: incidents.list() }),
  });
  server.post('/api/desk/incidents', {
    config,
    schema: {
      summary: 'Make an incident known',
      body: IncidentDraft,
      response: { 201: DeskIncident },
    },
    handler: async (request, reply) => {
      const { id } = requireCaller(request).account;
      return reply.code(201).send(incidents.create(id, request.body));
    },
  });
  server.put('/api/desk/incidents/:id', {
    config,
    schema: {
      summary: 'Update or resolve an incident, and tell who follows it',
      params: Params,
      body: IncidentDraft,
      response: { 200: DeskIncident },
    },
    handler: async (request) => {
      const by = requireCaller(request).account.id;
      const incident = incidents.change(by, request.params.id, request.body);
      wake();
      return incident;
    },
  });
  followRoutes(server, incidents);
}

function followRoutes(server: Server, incidents: Incidents): void {
  const config = { access: 'account' } as const;
  const response = { 204: emptyResponse };
  server.post('/api/incidents/:id/follow', {
    config,
    schema: { summary: 'Be told of an incident by mail', params: Params, response },
    handler: async (request, reply) => {
      incidents.follow(requireCaller(request).account.id, request.params.id);
      return reply.code(204).send(null);
    },
  });
  server.delete('/api/incidents/:id/follow', {
    config,
    schema: { summary: 'Be told no more', params: Params, response },
    handler: async (request, reply) => {
      incidents.unfollow(requireCaller(request).account.id, request.params.id);
      return reply.code(204).send(null);
    },
  });
}
