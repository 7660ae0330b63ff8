/** The routes of copying, of the way of an application and its outcome, and of others like it. */
import { Type } from '@sinclair/typebox';
import {
  AlikeAnswer,
  AlikeGroupsAnswer,
  CopyWish,
  OutcomeWish,
  Way,
} from '#protocol/drafting-api.ts';
import { Application, Identifier } from '#protocol/portal-api.ts';
import { requireCaller } from '../http/guard.ts';
import type { Server } from '../http/server.ts';
import type { DraftingService } from './service.ts';

const access = { access: 'applicant' } as const;
const Params = Type.Object({ id: Identifier });

/** Adds the routes. */
export function draftingRoutes(server: Server, drafting: DraftingService): void {
  server.post('/api/applications/:id/copy', {
    config: access,
    schema: {
      summary: 'A new draft with its answers',
      params: Params,
      body: CopyWish,
      response: { 201: Application },
    },
    handler: async (request, reply) => {
      const { account } = requireCaller(request);
      return reply.code(201).send(drafting.copy(account, request.params.id, request.body));
    },
  });
  server.get('/api/applications/:id/way', {
    config: { access: 'account', staffReads: 'application.way' },
    schema: { summary: 'Its way, with its times', params: Params, response: { 200: Way } },
    handler: async (request) => drafting.way(requireCaller(request).account, request.params.id),
  });
  server.post('/api/applications/:id/outcome', {
    config: { access: 'office' },
    schema: {
      summary: 'Say what the office has decided; whoever applied reads it',
      params: Params,
      body: OutcomeWish,
      response: { 200: Way },
    },
    handler: async (request) =>
      drafting.decide(requireCaller(request).account, request.params.id, request.body),
  });
  server.get('/api/applications/:id/alike', {
    config: access,
    schema: {
      summary: 'Others of the same worker and employer',
      params: Params,
      response: { 200: AlikeAnswer },
    },
    handler: async (request) => ({
      alike: drafting.alike(requireCaller(request).account, request.params.id),
    }),
  });
  server.get('/api/alike-applications', {
    config: access,
    schema: {
      summary: 'Applications of mine that concern the same worker and employer',
      response: { 200: AlikeGroupsAnswer },
    },
    handler: async (request) => ({ groups: drafting.groups(requireCaller(request).account) }),
  });
}
