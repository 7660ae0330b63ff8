/** The routes of the operators: queues, tickets, what is done with them. */
import { Type } from '@sinclair/typebox';
import {
  DeskAction,
  DeskChange,
  DeskNote,
  DeskQuery,
  DeskQueues,
  DeskTags,
  DeskTicket,
  DeskTicketList,
  PhoneTicket,
} from '#protocol/desk-api.ts';
import { Identifier } from '#protocol/portal-api.ts';
import { requireCaller } from '../http/guard.ts';
import type { Server } from '../http/server.ts';
import type { Desk, DeskStep } from './desk-service.ts';

const config = { access: 'operator' } as const;
const Params = Type.Object({ id: Identifier });
const answered = { 200: DeskTicket } as const;

const STEPS: Readonly<Record<DeskStep, string>> = {
  accept: 'Accept: it gets its number',
  take: 'Take in charge',
  analyse: 'Look into it',
  ask: 'Ask the user for information',
  answer: 'Answer',
  close: 'Close',
  reopen: 'Reopen',
};

export function deskRoutes(server: Server, desk: Desk): void {
  listRoutes(server, desk);
  changeRoutes(server, desk);
  for (const [action, summary] of Object.entries(STEPS) as [DeskStep, string][]) {
    server.post(`/api/desk/tickets/:id/${action}`, {
      config,
      schema: { summary, params: Params, body: DeskAction, response: answered },
      handler: async (request) => {
        const { account } = requireCaller(request);
        return desk.act(account, request.params.id, { ...request.body, action });
      },
    });
  }
}

function listRoutes(server: Server, desk: Desk): void {
  server.get('/api/desk/tickets', {
    config,
    schema: { summary: 'A queue', querystring: DeskQuery, response: { 200: DeskTicketList } },
    handler: async (request) => desk.list(requireCaller(request).account, request.query),
  });
  server.get('/api/desk/queues', {
    config,
    schema: { summary: 'What waits in each queue', response: { 200: DeskQueues } },
    handler: async (request) => desk.queues(requireCaller(request).account),
  });
  server.get('/api/desk/tags', {
    config,
    schema: { summary: 'Tags in use', response: { 200: DeskTags } },
    handler: async () => ({ tags: desk.tags() }),
  });
  server.get('/api/desk/tickets/:id', {
    config,
    schema: { summary: 'One ticket, with all of it', params: Params, response: answered },
    handler: async (request) => desk.view(requireCaller(request).account, request.params.id),
  });
}

function changeRoutes(server: Server, desk: Desk): void {
  server.post('/api/desk/tickets', {
    config,
    schema: {
      summary: 'A ticket for who is on the telephone',
      body: PhoneTicket,
      response: { 201: DeskTicket },
    },
    handler: async (request, reply) =>
      reply.code(201).send(desk.open(requireCaller(request).account, request.body)),
  });
  server.post('/api/desk/tickets/:id/notes', {
    config,
    schema: {
      summary: 'A note that never leaves the desk',
      params: Params,
      body: DeskNote,
      response: answered,
    },
    handler: async (request) =>
      desk.note(requireCaller(request).account, request.params.id, request.body),
  });
  server.post('/api/desk/tickets/:id/seen', {
    config,
    schema: {
      summary: 'I have seen the note that mentions me',
      params: Params,
      response: answered,
    },
    handler: async (request) => desk.seen(requireCaller(request).account, request.params.id),
  });
  server.patch('/api/desk/tickets/:id', {
    config,
    schema: {
      summary: 'Assign, hand over, escalate, put right',
      params: Params,
      body: DeskChange,
      response: answered,
    },
    handler: async (request) =>
      desk.change(requireCaller(request).account, request.params.id, request.body),
  });
}
