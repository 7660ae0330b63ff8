/** The routes of organisations: one's own, its members, what it asks for. */
import { Type } from '@sinclair/typebox';
import {
  AccountsRequest,
  Founding,
  HandOver,
  MemberChange,
  MembersAnswer,
  MemberView,
  OrganisationAnswer,
  RequestsAnswer,
  RequestView,
} from '#protocol/organisations-api.ts';
import { Identifier } from '#protocol/portal-api.ts';
import { requireCaller } from '../http/guard.ts';
import { emptyResponse } from '../http/openapi.ts';
import type { Server } from '../http/server.ts';
import { createJoining, type Joining } from './joining.ts';
import { createMembers, type Members } from './members.ts';
import { operatorRoutes } from './operator-routes.ts';
import type { OrganisationParts } from './parts.ts';
import { createRequests, type Requests } from './requests.ts';

const config = { access: 'applicant' } as const;
const Member = Type.Object({ id: Identifier });

/** Adds the routes of the room. */
export function organisationRoutes(server: Server, parts: OrganisationParts): void {
  const requests = createRequests(parts);
  const joining = createJoining(parts);
  ownRoutes(server, requests, joining);
  memberRoutes(server, createMembers(parts));
  joiningRoutes(server, joining);
  operatorRoutes(server, requests);
}

function ownRoutes(server: Server, requests: Requests, joining: Joining): void {
  server.get('/api/organisation', {
    config,
    schema: { summary: 'The organisation I belong to', response: { 200: OrganisationAnswer } },
    handler: async (request) => {
      const { account } = requireCaller(request);
      const organisation = requests.organisationOf(account);
      const founding = requests.foundingOf(account);
      return { organisation, founding, invitations: joining.invitations(account) };
    },
  });
  server.post('/api/organisation', {
    config,
    schema: {
      summary: 'Ask for an organisation to be registered, with me as its administrator',
      body: Founding,
      response: { 201: RequestView },
    },
    handler: async (request, reply) =>
      reply.code(201).send(requests.found(requireCaller(request).account, request.body)),
  });
  server.get('/api/organisation/requests', {
    config,
    schema: { summary: 'What my organisation asked for', response: { 200: RequestsAnswer } },
    handler: async (request) => ({
      requests: requests.own(requireCaller(request).account),
      next: null,
    }),
  });
  server.post('/api/organisation/requests', {
    config,
    schema: {
      summary: 'Ask for more accounts of my organisation',
      body: AccountsRequest,
      response: { 201: RequestView },
    },
    handler: async (request, reply) =>
      reply.code(201).send(requests.ask(requireCaller(request).account, request.body)),
  });
}

function memberRoutes(server: Server, members: Members): void {
  server.get('/api/organisation/members', {
    config,
    schema: { summary: 'The accounts of my organisation', response: { 200: MembersAnswer } },
    handler: async (request) => ({ members: members.list(requireCaller(request).account) }),
  });
  server.put('/api/organisation/members/:id', {
    config,
    schema: {
      summary: 'Change a role, deactivate or reactivate',
      params: Member,
      body: MemberChange,
      response: { 200: MemberView },
    },
    handler: async (request) =>
      members.change(requireCaller(request).account, request.params.id, request.body),
  });
  server.post('/api/organisation/members/:id/administration', {
    config,
    schema: {
      summary: 'Hand the administration over',
      params: Member,
      body: HandOver,
      response: { 200: MemberView },
    },
    handler: async (request) =>
      members.handOver(requireCaller(request).account, request.params.id, request.body.role),
  });
  server.post('/api/organisation/members/:id/link', {
    config,
    schema: {
      summary: 'Mail the set-up link again',
      params: Member,
      response: { 204: emptyResponse },
    },
    handler: async (request, reply) => {
      members.inviteAgain(requireCaller(request).account, request.params.id);
      return reply.code(204).send(null);
    },
  });
  server.delete('/api/organisation/members/:id', {
    config,
    schema: {
      summary: 'Remove a member, or withdraw an invitation',
      params: Member,
      response: { 204: emptyResponse },
    },
    handler: async (request, reply) => {
      members.remove(requireCaller(request).account, request.params.id);
      return reply.code(204).send(null);
    },
  });
}

function joiningRoutes(server: Server, joining: Joining): void {
  server.post('/api/organisation/invitations/:id', {
    config,
    schema: {
      summary: 'Accept an invitation to me',
      params: Member,
      response: { 204: emptyResponse },
    },
    handler: async (request, reply) => {
      joining.accept(requireCaller(request).account, request.params.id);
      return reply.code(204).send(null);
    },
  });
  server.delete('/api/organisation/invitations/:id', {
    config,
    schema: {
      summary: 'Decline an invitation to me',
      params: Member,
      response: { 204: emptyResponse },
    },
    handler: async (request, reply) => {
      joining.decline(requireCaller(request).account, request.params.id);
      return reply.code(204).send(null);
    },
  });
  server.delete('/api/organisation/membership', {
    config,
    schema: { summary: 'Leave my organisation', response: { 204: emptyResponse } },
    handler: async (request, reply) => {
      joining.leave(requireCaller(request).account);
      return reply.code(204).send(null);
    },
  });
}
