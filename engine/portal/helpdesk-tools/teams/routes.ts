/** The routes of teams: operators read them, administrators write them. */
import { Type } from '@sinclair/typebox';
import { Team, TeamDraft, TeamList } from '#protocol/desk-tools-api.ts';
import { Identifier } from '#protocol/portal-api.ts';
import { requireCaller } from '../../http/guard.ts';
import { emptyResponse } from '../../http/openapi.ts';
import type { Server } from '../../http/server.ts';
import type { Teams } from './service.ts';

const Params = Type.Object({ id: Identifier });

/** Adds the routes. */
export function teamRoutes(server: Server, teams: Teams): void {
  const config = { access: 'admin' } as const;
  server.get('/api/desk/teams', {
    config: { access: 'operator' },
    schema: { summary: 'All teams, and all operators', response: { 200: TeamList } },
    handler: async () => ({ teams: teams.list(), operators: teams.operators() }),
  });
  server.post('/api/desk/teams', {
    config,
    schema: { summary: 'Make a team', body: TeamDraft, response: { 201: Team } },
    handler: async (request, reply) => {
      const { id } = requireCaller(request).account;
      return reply.code(201).send(teams.create(id, request.body));
    },
  });
  server.put('/api/desk/teams/:id', {
    config,
    schema: { summary: 'Change a team', params: Params, body: TeamDraft, response: { 200: Team } },
    handler: async (request) =>
      teams.change(requireCaller(request).account.id, request.params.id, request.body),
  });
  server.delete('/api/desk/teams/:id', {
    config,
    schema: {
      summary: 'Dissolve a team without open tickets',
      params: Params,
      response: { 204: emptyResponse },
    },
    handler: async (request, reply) => {
      teams.remove(requireCaller(request).account.id, request.params.id);
      return reply.code(204).send(null);
    },
  });
}
