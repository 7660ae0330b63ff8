/** The routes of models: which forms there are, each with its pages, and the code tables. */
import { Type } from '@sinclair/typebox';
import { ModelsAnswer, OfficesAnswer } from '#protocol/portal-api.ts';
import { Refusal } from '../http/refusal.ts';
import type { Server } from '../http/server.ts';
import type { Models } from '../models/index.ts';

const ModelParams = Type.Object({ code: Type.String({ maxLength: 20 }) });
const ModelQuery = Type.Object({ version: Type.Optional(Type.String({ pattern: '^\\d{1,4}$' })) });
const TableParams = Type.Object({ name: Type.String({ maxLength: 60 }) });
const CACHE = 'public, max-age=300';

/** Adds the routes. */
export function modelRoutes(server: Server, models: Models): void {
  const config = { access: 'anyone' } as const;
  server.get('/api/models', {
    config,
    schema: { summary: 'The models', response: { 200: ModelsAnswer } },
    handler: async () => ({
      call: models.call.name,
      words: { ...models.call.words },
      terms: [...(models.call.terms ?? [])],
      choice: models.choice,
      models: models.list().map(({ code, version, title, summary, pages, meaning }) => ({
        code,
        version,
        title,
        summary,
        pageCount: pages.length,
        copiesPerson: (meaning.copy?.person ?? []).length > 0,
      })),
    }),
  });
  server.get('/api/models/:code', {
    config,
    schema: {
      summary: 'A form: JSON Schema 2020-12 a page, with labels',
      params: ModelParams,
      querystring: ModelQuery,
    },
    handler: async (request, reply) => {
      const { version } = request.query;
      const form = models.get(request.params.code, version ? Number(version) : undefined);
      if (!form) throw new Refusal('NOT_FOUND');
      return reply.header('cache-control', CACHE).send(form);
    },
  });
  server.get('/api/offices', {
    config,
    schema: { summary: 'What the offices are called', response: { 200: OfficesAnswer } },
    handler: async (_request, reply) => {
      return reply.header('cache-control', CACHE).send({ offices: models.offices() });
    },
  });
  server.get('/api/tables/:name', {
    config,
    schema: { summary: 'A code table of the forms', params: TableParams },
    handler: async (request, reply) => {
      const table = models.tableDocument(request.params.name);
      if (!table) throw new Refusal('NOT_FOUND');
      return reply.header('cache-control', CACHE).send(table);
    },
  });
}
