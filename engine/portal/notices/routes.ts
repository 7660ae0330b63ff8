/** The routes of notices: what everybody reads now, and what the administrators write. */
import { Type } from '@sinclair/typebox';
import { Notice, NoticeDraft, NoticesAnswer } from '#protocol/notices-api.ts';
import { Identifier } from '#protocol/portal-api.ts';
import { requireCaller } from '../http/guard.ts';
import type { Server } from '../http/server.ts';
import type { Notices } from './service.ts';

const Params = Type.Object({ id: Identifier });

/** Adds the routes. */
export function noticeRoutes(server: Server, notices: Notices): void {
  const config = { access: 'admin' } as const;
  server.get('/api/notices', {
    config: { access: 'anyone' },
    schema: { summary: 'What everybody is told now', response: { 200: NoticesAnswer } },
    handler: async () => ({ notices: notices.current() }),
  });
  server.get('/api/admin/notices', {
    config,
    schema: { summary: 'All notices', response: { 200: NoticesAnswer } },
    handler: async () => ({ notices: notices.all() }),
  });
  server.post('/api/admin/notices', {
    config,
    schema: { summary: 'Write a notice', body: NoticeDraft, response: { 201: Notice } },
    handler: async (request, reply) => {
      const notice = notices.create(requireCaller(request).account.id, request.body);
      return reply.code(201).send(notice);
    },
  });
  server.put('/api/admin/notices/:id', {
    config,
    schema: {
      summary: 'Change a notice',
      params: Params,
      body: NoticeDraft,
      response: { 200: Notice },
    },
    handler: async (request) => {
      const by = requireCaller(request).account.id;
      return notices.change(by, request.params.id, request.body);
    },
  });
  server.delete('/api/admin/notices/:id', {
    config,
    schema: { summary: 'Take a notice away', params: Params },
    handler: async (request, reply) => {
      notices.remove(requireCaller(request).account.id, request.params.id);
      return reply.code(204).send();
    },
  });
}
