/** The routes of attachments: added, listed, handed out as downloads, taken away. */
import { Type } from '@sinclair/typebox';
import { Attachment, AttachmentKind, AttachmentsAnswer } from '#protocol/attachments-api.ts';
import { Identifier } from '#protocol/portal-api.ts';
import { fileResponse, sendFile, uploadOf, withUploads } from '../files/index.ts';
import { requireCaller } from '../http/guard.ts';
import type { Limit } from '../http/limits.ts';
import { emptyResponse } from '../http/openapi.ts';
import type { Server } from '../http/server.ts';
import type { AttachmentService } from './service.ts';

const access = { access: 'applicant' } as const;
const Params = Type.Object({ id: Identifier });
const FileParams = Type.Object({ id: Identifier, attachment: Identifier });
const Query = Type.Object({ kind: AttachmentKind });
/** Adds the routes in a scope of their own. `limit` counts uploads. */
export async function attachmentRoutes(
  server: Server,
  parts: { readonly attachments: AttachmentService; readonly limit: Limit },
): Promise<void> {
  await withUploads(server, (scope) => {
    uploadRoute(scope, parts);
    listRoutes(scope, parts.attachments);
    downloadRoute(scope, parts.attachments);
  });
}

function uploadRoute(
  server: Server,
  { attachments, limit }: Parameters<typeof attachmentRoutes>[1],
): void {
  server.post('/api/applications/:id/attachments', {
    config: access,
    schema: {
      summary: 'Attach a file to a draft',
      description: 'multipart/form-data with one file: PDF, JPEG or PNG, 2 MB at most.',
      params: Params,
      querystring: Query,
      response: { 201: Attachment },
    },
    handler: async (request, reply) => {
      await limit(request);
      const { account } = requireCaller(request);
      const { id } = request.params;
      const { kind } = request.query;
      await attachments.check(account, id, kind);
      const file = { kind, ...(await uploadOf(request, reply)) };
      return reply.code(201).send(await attachments.add(account, id, file));
    },
  });
}

function listRoutes(server: Server, attachments: AttachmentService): void {
  server.get('/api/applications/:id/attachments', {
    config: { access: 'account', staffReads: 'application.attachments' },
    schema: {
      summary: 'What may be attached, and what is',
      params: Params,
      response: { 200: AttachmentsAnswer },
    },
    handler: async (request) => attachments.list(requireCaller(request).account, request.params.id),
  });
  server.delete('/api/applications/:id/attachments/:attachment', {
    config: access,
    schema: { summary: 'Take a file away', params: FileParams, response: { 204: emptyResponse } },
    handler: async (request, reply) => {
      const { id, attachment } = request.params;
      attachments.remove(requireCaller(request).account, id, attachment);
      return reply.code(204).send(null);
    },
  });
}

function downloadRoute(server: Server, attachments: AttachmentService): void {
  server.get('/api/applications/:id/attachments/:attachment', {
    config: { access: 'account', staffReads: 'application.attachment' },
    schema: { summary: 'One file', params: FileParams, response: { 200: fileResponse } },
    handler: async (request, reply) => {
      const { id } = request.params;
      const { account } = requireCaller(request);
      const { attachment, stream } = attachments.read(account, id, request.params.attachment);
      return sendFile(reply, { ...attachment, stream });
    },
  });
}
