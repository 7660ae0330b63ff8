/** Files of messages over HTTP, the users' and the desk's. */
import { Type } from '@sinclair/typebox';
import { TicketAttachment } from '#protocol/helpdesk-api.ts';
import { Identifier } from '#protocol/portal-api.ts';
import { fileResponse, sendFile, uploadOf, withUploads } from '../files/index.ts';
import { requireCaller } from '../http/guard.ts';
import type { Limit } from '../http/limits.ts';
import type { Server } from '../http/server.ts';
import type { TicketAttachments, TicketFiles } from './attachments.ts';

const Params = Type.Object({ id: Identifier });
const FileParams = Type.Object({ id: Identifier, attachment: Identifier });
const Query = Type.Object({ message: Identifier });

/** Adds the routes. `limit` counts uploads. */
export async function ticketAttachmentRoutes(
  server: Server,
  { attachments, limit }: { readonly attachments: TicketAttachments; readonly limit: Limit },
): Promise<void> {
  await withUploads(server, (scope) => {
    sideRoutes(scope, { path: '/api/tickets', access: 'account', files: attachments.own, limit });
    const path = '/api/desk/tickets';
    sideRoutes(scope, { path, access: 'operator', files: attachments.desk, limit });
  });
}

interface Side {
  readonly path: string;
  readonly access: 'account' | 'operator';
  readonly files: TicketFiles;
  readonly limit: Limit;
}

function sideRoutes(server: Server, { path, access, files, limit }: Side): void {
  server.post(`${path}/:id/attachments`, {
    config: { access },
    schema: {
      summary: 'Add a file to a message just sent',
      description: 'multipart/form-data with one file: PDF, JPEG, PNG or text, 2 MB at most.',
      params: Params,
      querystring: Query,
      response: { 201: TicketAttachment },
    },
    handler: async (request, reply) => {
      await limit(request);
      const { account: caller } = requireCaller(request);
      const place = { caller, ticket: request.params.id, message: request.query.message };
      await files.check(place);
      return reply.code(201).send(await files.add(place, await uploadOf(request, reply)));
    },
  });
  server.get(`${path}/:id/attachments/:attachment`, {
    config: { access },
    schema: { summary: 'One file', params: FileParams, response: { 200: fileResponse } },
    handler: async (request, reply) => {
      const { id, attachment } = request.params;
      return sendFile(reply, files.read(requireCaller(request).account, id, attachment));
    },
  });
}
