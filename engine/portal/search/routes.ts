/**
 * The routes of the search beside the list itself (applications/routes.ts): what can be chosen, a
 * file of what was found, and searches that an account keeps. Everybody within their own reach.
 */
import { type Static, Type } from '@sinclair/typebox';
import { Identifier } from '#protocol/portal-api.ts';
import {
  SavedSearch,
  SavedSearchCreation,
  SavedSearchesAnswer,
  SearchChoices,
  SearchFilters,
  SortParameter,
} from '#protocol/search-api.ts';
import type { Timers } from '../../clock/index.ts';
import { type Caller, requireCaller } from '../http/guard.ts';
import { emptyResponse } from '../http/openapi.ts';
import { Refusal } from '../http/refusal.ts';
import type { Server } from '../http/server.ts';
import { EXPORT_MAX, EXPORT_PAGE, exportStream } from './export.ts';
import type { SavedSearches } from './saved.ts';
import type { SearchService } from './service.ts';

export interface SearchRouteParts {
  readonly search: SearchService;
  readonly saved: SavedSearches;
  readonly timers: Timers;
}

const access = { access: 'account' } as const;
const EXPORTS_MAX = 4;
const RETRY_MS = 5000;
const ExportQuery = Type.Object({
  ...SearchFilters.properties,
  sort: Type.Optional(SortParameter),
});
/** Media types by kind; in both, texts that a spreadsheet would run are defused. */
const KINDS = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const;

export function searchRoutes(server: Server, parts: SearchRouteParts): void {
  const { search, saved } = parts;
  server.get('/api/applications/choices', {
    config: access,
    schema: { summary: 'What filters can be set to', response: { 200: SearchChoices } },
    handler: async (request) => search.choices(requireCaller(request).account),
  });
  exportRoutes(server, parts);
  savedRoutes(server, saved);
}

function exportRoutes(server: Server, { search, timers }: SearchRouteParts): void {
  let open = 0;
  const onEnd = () => {
    open -= 1;
  };

  /** What a file holds. It is open from now on, before anything is waited for. */
  const begin = async ({ account }: Caller, query: Static<typeof ExportQuery>) => {
    if (open >= EXPORTS_MAX) throw new Refusal('BUSY', { retryAfterMs: RETRY_MS });
    open += 1;
    try {
      const { total, pages } = await search.all(account, query, EXPORT_PAGE);
      if (total > EXPORT_MAX) throw new Refusal('EXPORT_TOO_LARGE');
      return pages;
    } catch (error) {
      onEnd();
      throw error;
    }
  };

  for (const kind of ['csv', 'xlsx'] as const) {
    const file = { description: 'The file.', content: { [KINDS[kind]]: { schema: {} } } };
    server.get(`/api/applications/export.${kind}`, {
      config: access,
      schema: {
        summary: 'What a search yields, as a file',
        querystring: ExportQuery,
        response: { 200: file },
      },
      handler: async (request, reply) => {
        const pages = await begin(requireCaller(request), request.query);
        const stream = exportStream(pages, { kind, timers, onEnd });
        reply
          .header('content-disposition', `attachment; filename="applications.${kind}"`)
          .type(KINDS[kind]);
        return reply.send(stream as never);
      },
    });
  }
}

function savedRoutes(server: Server, saved: SavedSearches): void {
  server.get('/api/saved-searches', {
    config: access,
    schema: { summary: 'My saved searches', response: { 200: SavedSearchesAnswer } },
    handler: async (request) => ({ searches: saved.list(requireCaller(request).account.id) }),
  });
  server.post('/api/saved-searches', {
    config: access,
    schema: {
      summary: 'Save a search; one of the same name is replaced',
      body: SavedSearchCreation,
      response: { 201: SavedSearch },
    },
    handler: async (request, reply) => {
      const { account } = requireCaller(request);
      return reply.code(201).send(saved.save(account.id, request.body));
    },
  });
  server.delete('/api/saved-searches/:id', {
    config: access,
    schema: {
      summary: 'Delete a saved search',
      params: Type.Object({ id: Identifier }),
      response: { 204: emptyResponse },
    },
    handler: async (request, reply) => {
      saved.remove(requireCaller(request).account.id, request.params.id);
      return reply.code(204).send(null);
    },
  });
}
