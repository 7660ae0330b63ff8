/** The routes of what an operator reads beside a ticket, and of who is on the telephone. */
import { Type } from '@sinclair/typebox';
import { DeskCallers, DeskSubject } from '#protocol/desk-api.ts';
import { Identifier } from '#protocol/portal-api.ts';
import { requireCaller } from '../http/guard.ts';
import { pdfResponse } from '../http/openapi.ts';
import { Refusal } from '../http/refusal.ts';
import type { Server } from '../http/server.ts';
import type { FindCallers } from './callers.ts';
import type { Paper, Subjects } from './subject.ts';

export interface SubjectRouteParts {
  readonly subjects: Subjects;
  readonly findCallers: FindCallers;
  /** The receipt of an application, null while there is none. */
  readonly readReceipt: (application: string) => Promise<Uint8Array | null>;
  readonly makePreview: (application: string) => Promise<Uint8Array>;
}

const config = { access: 'operator' } as const;
const Params = Type.Object({ id: Identifier });
const PaperParams = Type.Object({ id: Identifier, application: Identifier });
const Query = Type.Object({ q: Type.String({ minLength: 2, maxLength: 254 }) });
const RECEIPT_RETRY_MS = 5000;

export function subjectRoutes(server: Server, parts: SubjectRouteParts): void {
  const { subjects, findCallers, makePreview } = parts;
  server.get('/api/desk/callers', {
    config,
    schema: {
      summary: 'Who may be on the telephone',
      querystring: Query,
      response: { 200: DeskCallers },
    },
    handler: async (request) => findCallers(requireCaller(request).account, request.query.q),
  });
  server.get('/api/desk/tickets/:id/subject', {
    config,
    schema: { summary: 'Who asks', params: Params, response: { 200: DeskSubject } },
    handler: async (request) => subjects.of(requireCaller(request).account, request.params.id),
  });
  const readReceipt = async (application: string) => {
    const pdf = await parts.readReceipt(application);
    if (pdf === null) throw new Refusal('RECEIPT_PENDING', { retryAfterMs: RECEIPT_RETRY_MS });
    return pdf;
  };
  paperRoute(server, subjects, { kind: 'receipt', read: readReceipt });
  paperRoute(server, subjects, { kind: 'preview', read: makePreview });
}

function paperRoute(
  server: Server,
  subjects: Subjects,
  paper: Pick<Paper, 'kind'> & { readonly read: (application: string) => Promise<Uint8Array> },
): void {
  server.get(`/api/desk/tickets/:id/applications/:application/${paper.kind}.pdf`, {
    config,
    schema: {
      summary: `The ${paper.kind} of an application of who asks`,
      params: PaperParams,
      response: { 200: pdfResponse },
    },
    handler: async (request, reply) => {
      const { account } = requireCaller(request);
      const { id: ticket, application } = request.params;
      const { kind, read } = paper;
      const pdf = await read(subjects.requirePaper(account, { ticket, application, kind }));
      reply.header('content-disposition', `attachment; filename="${kind}-${application}.pdf"`);
      reply.header('cache-control', 'private, no-store');
      return reply.type('application/pdf').send(Buffer.from(pdf) as never) as never;
    },
  });
}
