/** The routes of the import of many applications. Only members of an organisation get past them. */
import { Readable } from 'node:stream';
import multipart from '@fastify/multipart';
import { Type } from '@sinclair/typebox';
import {
  ImportFindingsAnswer,
  ImportQuery,
  ImportsAnswer,
  ImportTaking,
  ImportView,
} from '#protocol/imports-api.ts';
import { Identifier, Language } from '#protocol/portal-api.ts';
import { requireCaller } from '../http/guard.ts';
import { emptyResponse } from '../http/openapi.ts';
import { Refusal } from '../http/refusal.ts';
import type { Server } from '../http/server.ts';
import { type SpreadsheetKind, spreadsheetBounds } from '../spreadsheets/index.ts';
import type { ImportService } from './service.ts';

const access = { access: 'applicant' } as const;
const MULTIPART_BYTES_MAX = 64 * 1024;
const MEDIA_TYPES: Readonly<Record<SpreadsheetKind, string>> = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv; charset=utf-8',
};

const Params = Type.Object({ id: Identifier });
const Kind = Type.Unsafe<SpreadsheetKind>({ type: 'string', enum: ['xlsx', 'csv'] });
const TemplateParams = Type.Object({ code: Type.String({ maxLength: 20 }), kind: Kind });
const FileParams = Type.Object({
  id: Identifier,
  content: Type.Unsafe<'report' | 'mend'>({ type: 'string', enum: ['report', 'mend'] }),
  kind: Kind,
});
const LanguageQuery = Type.Object({ language: Type.Optional(Language) });
const FindingsQuery = Type.Object({
  after: Type.Optional(Type.String({ pattern: '^\\d{1,7}$' })),
});
const sheetResponse = {
  description: 'A spreadsheet.',
  content: { [MEDIA_TYPES.xlsx]: { schema: { type: 'string', format: 'binary' } } },
} as const;

/** Adds the routes in a scope of their own: other routes understand no multipart/form-data. */
export async function importRoutes(server: Server, imports: ImportService): Promise<void> {
  await server.register(async (inner) => {
    await inner.register(multipart);
    const scope = inner as unknown as Server;
    uploadRoute(scope, imports);
    readingRoutes(scope, imports);
    deedRoutes(scope, imports);
    fileRoutes(scope, imports);
  });
}

function uploadRoute(server: Server, imports: ImportService): void {
  server.post('/api/imports', {
    config: access,
    bodyLimit: spreadsheetBounds.fileBytesMax + MULTIPART_BYTES_MAX,
    schema: {
      summary: 'Send a spreadsheet of applications (multipart/form-data, one file) to be checked',
      consumes: ['multipart/form-data'],
      querystring: ImportQuery,
      response: { 201: ImportView },
    },
    handler: async (request, reply) => {
      const { account } = requireCaller(request);
      if (!request.isMultipart()) throw new Refusal('IMPORT_FILE_MISSING');
      const limits = { files: 1, fields: 4, fileSize: spreadsheetBounds.fileBytesMax + 1 };
      const part = await request.file({ limits, throwFileSizeLimit: false });
      if (!part) throw new Refusal('IMPORT_FILE_MISSING');
      const { model } = request.query;
      const upload = { model, fileName: part.filename, chunks: part.file };
      return reply.code(201).send(await imports.begin(account, upload));
    },
  });
}

function readingRoutes(server: Server, imports: ImportService): void {
  server.get('/api/imports', {
    config: access,
    schema: {
      summary: 'My organisation’s imports, newest first',
      response: { 200: ImportsAnswer },
    },
    handler: async (request) => ({ imports: imports.list(requireCaller(request).account) }),
  });
  server.get('/api/imports/:id', {
    config: access,
    schema: { summary: 'One import', params: Params, response: { 200: ImportView } },
    handler: async (request) => imports.read(requireCaller(request).account, request.params.id),
  });
  server.get('/api/imports/:id/findings', {
    config: access,
    schema: {
      summary: 'What was found, row by row',
      params: Params,
      querystring: FindingsQuery,
      response: { 200: ImportFindingsAnswer },
    },
    handler: async (request) => {
      const after = Number(request.query.after ?? 0);
      return imports.findings(requireCaller(request).account, request.params.id, after);
    },
  });
}

function deedRoutes(server: Server, imports: ImportService): void {
  server.post('/api/imports/:id/applications', {
    config: access,
    schema: {
      summary: 'Take the valid rows over as drafts, or ready',
      params: Params,
      body: ImportTaking,
      response: { 202: ImportView },
    },
    handler: async (request, reply) => {
      const { account } = requireCaller(request);
      const { makeReady } = request.body;
      return reply.code(202).send(imports.take(account, request.params.id, makeReady));
    },
  });
  server.delete('/api/imports/:id/applications', {
    config: access,
    schema: {
      summary: 'Take the import back: delete what it made and nobody changed since',
      params: Params,
      response: { 202: ImportView },
    },
    handler: async (request, reply) => {
      const { account } = requireCaller(request);
      return reply.code(202).send(imports.undo(account, request.params.id));
    },
  });
  server.delete('/api/imports/:id', {
    config: access,
    schema: { summary: 'Forget an import', params: Params, response: { 204: emptyResponse } },
    handler: async (request, reply) => {
      imports.remove(requireCaller(request).account, request.params.id);
      return reply.code(204).send(null);
    },
  });
}

function fileRoutes(server: Server, imports: ImportService): void {
  server.get('/api/imports/templates/:code.:kind', {
    config: access,
    schema: {
      summary: 'The spreadsheet to fill in for a model',
      params: TemplateParams,
      querystring: LanguageQuery,
      response: { 200: sheetResponse },
    },
    handler: async (request, reply) => {
      const { account } = requireCaller(request);
      const { code, kind } = request.params;
      const language = request.query.language ?? (account.language as Language);
      const bytes = await imports.template(account, code, { kind, language });
      return sendSheet(reply, kind, { name: `${code}.${kind}`, body: Buffer.from(bytes) });
    },
  });
  server.get('/api/imports/:id/:content.:kind', {
    config: access,
    schema: {
      summary: 'The report, or the rows to mend, as a spreadsheet',
      params: FileParams,
      querystring: LanguageQuery,
      response: { 200: sheetResponse },
    },
    handler: async (request, reply) => {
      const { account } = requireCaller(request);
      const { id, content, kind } = request.params;
      const language = request.query.language ?? (account.language as Language);
      const bytes = imports.file(account, id, { content, kind, language });
      return sendSheet(reply, kind, {
        name: `${content}-${id}.${kind}`,
        body: Readable.from(bytes),
      });
    },
  });
}

interface Reply {
  header(name: string, value: string): Reply;
  type(value: string): Reply;
  send(body: Buffer | Readable): unknown;
}

function sendSheet(
  reply: unknown,
  kind: SpreadsheetKind,
  { name, body }: { name: string; body: Buffer | Readable },
): never {
  return (reply as Reply)
    .header('content-disposition', `attachment; filename="${name}"`)
    .header('cache-control', 'private, no-store')
    .type(MEDIA_TYPES[kind])
    .send(body) as never;
}
