/**
 * Files over HTTP: one comes as `multipart/form-data`, understood in a scope of its own; it goes
 * out as a download that a browser neither shows, sniffs nor runs.
 */
import type { IncomingMessage } from 'node:http';
import multipart from '@fastify/multipart';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ATTACHMENT_BYTES_MAX } from '#protocol/attachments-api.ts';
import { Refusal } from '../http/refusal.ts';
import type { Server } from '../http/server.ts';
import type { IncomingFile } from './receiver.ts';

/** Boundaries and headers of the parts around a file. */
const AROUND_BYTES_MAX = 16_384;
const PARTS_MAX = 2;
const HEADERS_A_PART_MAX = 16;
const FIELD_BYTES_MAX = 256;

/** The response schema of a download. */
export const fileResponse = {
  description: 'The file, as it was added.',
  content: { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
} as const;

/** Lets `add` put routes into a scope that understands uploads of one file. */
export async function withUploads(server: Server, add: (scope: Server) => void): Promise<void> {
  await server.register(async (scope) => {
    await scope.register(multipart, {
      throwFileSizeLimit: false,
      limits: {
        ...{ fileSize: ATTACHMENT_BYTES_MAX, files: 1, parts: PARTS_MAX, fields: 1 },
        ...{ fieldSize: FIELD_BYTES_MAX, fieldNameSize: FIELD_BYTES_MAX },
        headerPairs: HEADERS_A_PART_MAX,
      },
    });
    add(scope as unknown as Server);
  });
}

/** The file of a request. Refuses MEDIA_TYPE_UNSUPPORTED, ATTACHMENT_TOO_LARGE, ATTACHMENT_TYPE. */
export async function uploadOf(
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<IncomingFile> {
  if (!request.isMultipart()) throw new Refusal('MEDIA_TYPE_UNSUPPORTED');
  if (isTooLong(request.raw)) {
    reply.header('connection', 'close');
    throw new Refusal('ATTACHMENT_TOO_LARGE');
  }
  const part = await request.file();
  if (part === undefined) throw new Refusal('ATTACHMENT_TYPE');
  const isCut = () => part.file.truncated;
  return { name: part.filename ?? '', stream: part.file, isCut };
}

/** Hands a file out. */
export function sendFile(
  reply: FastifyReply,
  file: { readonly name: string; readonly bytes: number; readonly stream: unknown },
): never {
  reply.header('content-disposition', dispositionOf(file.name));
  reply.header('content-security-policy', "sandbox; default-src 'none'");
  reply.header('x-content-type-options', 'nosniff');
  reply.header('cache-control', 'private, no-store');
  reply.header('content-length', String(file.bytes));
  return reply.type('application/octet-stream').send(file.stream as never) as never;
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
