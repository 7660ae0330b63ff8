/** The routes of applications: drafting, search, passbooks, PDFs; of what the caller reaches. */
import { Type } from '@sinclair/typebox';
import {
  Application,
  ApplicationCreation,
  Identifier,
  PageAnswer,
  PageSaving,
  PassbooksAnswer,
} from '#protocol/portal-api.ts';
import { ApplicationsQuery, FoundAnswer } from '#protocol/search-api.ts';
import { requireCaller } from '../http/guard.ts';
import type { KeptAnswers } from '../http/kept-answers.ts';
import { emptyResponse, pdfResponse } from '../http/openapi.ts';
import { Refusal } from '../http/refusal.ts';
import type { Server } from '../http/server.ts';
import type { SearchService } from '../search/index.ts';
import { issuePassbooks, type PassbookParts } from './passbooks.ts';
import type { ApplicationService } from './service.ts';

export interface ApplicationRouteParts {
  readonly applications: ApplicationService;
  readonly kept: KeptAnswers;
  readonly passbooks: PassbookParts;
  readonly search: SearchService;
  /** The receipt of an application, null while there is none. */
  readonly readReceipt: (application: string) => Promise<Uint8Array | null>;
  readonly makePreview: (application: string) => Promise<Uint8Array>;
}

const LIMIT_DEFAULT = 25;
const LIMIT_MAX = 100;
const RECEIPT_RETRY_MS = 5000;
const access = { access: 'applicant' } as const;
const shortRead = { ...access, shed: 'last' } as const;
/** Staff reads every application; each time leaves a line in the audit. */
const readable = { access: 'account', staffReads: 'application.read' } as const;

const Params = Type.Object({ id: Identifier });
const PageParams = Type.Object({ id: Identifier, page: Type.String({ pattern: '^[1-9]\\d?$' }) });

/** Adds the routes. */
export function applicationRoutes(server: Server, parts: ApplicationRouteParts): void {
  collectionRoutes(server, parts);
  oneRoutes(server, parts);
  pageRoutes(server, parts);
  documentRoutes(server, parts);
}

function collectionRoutes(server: Server, parts: ApplicationRouteParts) {
  const { applications, kept, passbooks, search } = parts;
  server.post('/api/applications', {
    config: access,
    schema: {
      summary: 'Start an application of a model',
      body: ApplicationCreation,
      response: { 201: Application },
    },
    handler: async (request, reply) => {
      const { account } = requireCaller(request);
      return reply.code(201).send(applications.create(account, request.body.model));
    },
  });
  server.get('/api/applications', {
    config: { ...shortRead, access: 'account' },
    schema: {
      summary: 'Applications within my reach, newest first unless sorted otherwise',
      querystring: ApplicationsQuery,
      response: { 200: FoundAnswer },
    },
    handler: async (request) => {
      const { account } = requireCaller(request);
      const { status, clickDay, model, cursor, limit, by } = request.query;
      const found = await search.find(account, request.query);
      if (found !== undefined) return found;
      const bounded = Math.min(Number(limit ?? LIMIT_DEFAULT), LIMIT_MAX);
      const whose = by === 'me' ? { account: account.id } : { whose: by };
      const wish = { status, clickDay, model, cursor, ...whose, limit: bounded };
      return kept.read(request, () => applications.list(account, wish));
    },
  });
  server.post('/api/passbooks', {
    config: access,
    schema: { summary: 'My passbooks, for a gate', response: { 200: PassbooksAnswer } },
    handler: async (request) => issuePassbooks(passbooks, requireCaller(request).account),
  });
}

function oneRoutes(server: Server, { applications, kept }: ApplicationRouteParts) {
  server.get('/api/applications/:id', {
    config: { ...readable, shed: 'last' },
    schema: { summary: 'One application', params: Params, response: { 200: Application } },
    handler: async (request) => {
      const { account } = requireCaller(request);
      return kept.read(request, () => applications.read(account, request.params.id));
    },
  });
  server.delete('/api/applications/:id', {
    config: access,
    schema: { summary: 'Delete a draft', params: Params, response: { 204: emptyResponse } },
    handler: async (request, reply) => {
      applications.remove(requireCaller(request).account, request.params.id);
      return reply.code(204).send(null);
    },
  });
  server.post('/api/applications/:id/ready', {
    config: access,
    schema: { summary: 'Make ready', params: Params, response: { 200: Application } },
    handler: async (request) =>
      applications.makeReady(requireCaller(request).account, request.params.id),
  });
  server.delete('/api/applications/:id/ready', {
    config: access,
    schema: { summary: 'Take back to draft', params: Params, response: { 200: Application } },
    handler: async (request) =>
      applications.reopen(requireCaller(request).account, request.params.id),
  });
}

function pageRoutes(server: Server, { applications }: ApplicationRouteParts) {
  server.get('/api/applications/:id/pages/:page', {
    config: { ...readable, staffReads: 'application.page' },
    schema: { summary: 'One page', params: PageParams, response: { 200: PageAnswer } },
    handler: async (request) => {
      const { id, page } = request.params;
      return applications.readPage(requireCaller(request).account, id, Number(page));
    },
  });
  server.put('/api/applications/:id/pages/:page', {
    config: access,
    schema: {
      summary: 'Save one page, complete or not',
      params: PageParams,
      body: PageSaving,
      response: { 200: PageAnswer },
    },
    handler: async (request) => {
      const { id, page } = request.params;
      const saving = { page: Number(page), ...request.body };
      return applications.savePage(requireCaller(request).account, id, saving);
    },
  });
}

function documentRoutes(server: Server, parts: ApplicationRouteParts) {
  const { applications } = parts;
  server.get('/api/applications/:id/receipt.pdf', {
    config: { ...readable, staffReads: 'application.receipt' },
    schema: { summary: 'The receipt', params: Params, response: { 200: pdfResponse } },
    handler: async (request, reply) => {
      const { id } = applications.read(requireCaller(request).account, request.params.id);
      const pdf = await parts.readReceipt(id);
      if (pdf === null) throw new Refusal('RECEIPT_PENDING', { retryAfterMs: RECEIPT_RETRY_MS });
      return sendPdf(reply, pdf, `ricevuta-${id}.pdf`);
    },
  });
  server.get('/api/applications/:id/preview.pdf', {
    config: { ...readable, staffReads: 'application.preview' },
    schema: { summary: 'The answers to read', params: Params, response: { 200: pdfResponse } },
    handler: async (request, reply) => {
      const { id } = applications.read(requireCaller(request).account, request.params.id);
      return sendPdf(reply, await parts.makePreview(id), `domanda-${id}.pdf`);
    },
  });
}

interface Reply {
  header(name: string, value: string): Reply;
  type(value: string): Reply;
  send(body: Buffer): unknown;
}

function sendPdf(reply: unknown, pdf: Uint8Array, name: string): never {
  const bytes = Buffer.from(pdf.buffer, pdf.byteOffset, pdf.byteLength);
  return (reply as Reply)
    .header('content-disposition', `inline; filename="${name}"`)
    .header('cache-control', 'private, no-store')
    .type('application/pdf')
    .send(bytes) as never;
}
