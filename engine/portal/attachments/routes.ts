/**
 * The routes of attachments. A file comes as `multipart/form-data`, understood in the scope of
 * these routes alone; it goes out as a download that a browser neither shows, sniffs nor runs.
 */
import type { IncomingMessage } from 'node:http';
import multipart from '@fastify/multipart';
import { Type } from '@sinclair/typebox';
import {
  ATTACHMENT_BYTES_MAX,
  Attachment,
  AttachmentKind,
  AttachmentsAnswer,
} from '#protocol/attachments-api.ts';
import { Identifier } from '#protocol/portal-api.ts';
import { requireCaller } from '../http/guard.ts';
import type { Limit } from '../http/limits.ts';
import { emptyResponse } from '../http/openapi.ts';
import { Refusal } from '../http/refusal.ts';
import type { Server } from '../http/server.ts';
import type { AttachmentService } from './service.ts';

const access = { access: 'applicant' } as const;
const Params = Type.Object({ id: Identifier });
const FileParams = Type.Object({ id: Identifier, attachment: Identifier });
const Query = Type.Object({ kind: AttachmentKind });
/** Boundaries and headers of the parts around a file. */
const AROUND_BYTES_MAX = 16_384;
const PARTS_MAX = 2;
const HEADERS_A_PART_MAX = 16;
const FIELD_BYTES_MAX = 256;

const fileResponse = {
  description: 'The file, as it was added.',
  content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
} as const;

/** Adds the routes in a scope of their own. `limit` counts uploads. */
export async function attachmentRoutes(
  server: Server,
  parts: { readonly attachments: AttachmentService; readonly limit: Limit },
): Promise<void> {
  await server.register(async (scope) => {
    await scope.register(multipart, {
      throwFileSizeLimit: false,
      limits: {
        ...{ fileSize: ATTACHMENT_BYTES_MAX, files: 1, parts: PARTS_MAX, fields: 1 },
        ...{ fieldSize: FIELD_BYTES_MAX, fieldNameSize: FIELD_BYTES_MAX },
        headerPairs: HEADERS_A_PART_MAX,
      },
    });
    uploadRoute(scope as unknown as Server, parts);
    listRoutes(scope as unknown as Server, parts.attachments);
    downloadRoute(scope as unknown as Server, parts.attachments);
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
      if (!request.isMultipart()) throw new Refusal('MEDIA_TYPE_UNSUPPORTED');
      if (isTooLong(request.raw)) {
        reply.header('connection', 'close');
        throw new Refusal('ATTACHMENT_TOO_LARGE');
      }
      const part = await request.file();
      if (part === undefined) throw new Refusal('ATTACHMENT_TYPE');
      const upload = { kind, name: part.filename ?? '', stream: part.file };
      const isCut = () => part.file.truncated;
      return reply.code(201).send(await attachments.add(account, id, { ...upload, isCut }));
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
      reply.header('content-disposition', dispositionOf(attachment.name));
      reply.header('content-security-policy', "sandbox; default-src 'none'");
      reply.header('x-content-type-options', 'nosniff');
      reply.header('cache-control', 'private, no-store');
      reply.header('content-length', String(attachment.bytes));
      return reply.type('application/octet-stream').send(stream as never) as never;
    },
  });
}

function isTooLong(request: IncomingMessage): boolean {
  const length = Number(request.headers['content-length'] ?? 0);
  return length > ATTACHMENT_BYTES_MAX + AROUND_BYTES_MAX;
}

/** RFC 6266: a name for everybody, and the whole one in UTF-8 (RFC 8187). */
function dispositionOf(name: string): string {
  const plain = name.replace(/[^\x20-\x7e]|["%\\]/g, '_');
  const encoded = encodeURIComponent(name).replace(/['()*]/g, escaped);
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}

function escaped(sign: string): string {
  return `%${sign.charCodeAt(0).toString(16).toUpperCase()}`;
}
