/** The routes of articles: everybody reads and searches them, operators write them. */
import { Type } from '@sinclair/typebox';
import { ArticleDraft, DeskArticle, DeskArticleList } from '#protocol/desk-tools-api.ts';
import { Article, ArticleList, TicketKind } from '#protocol/helpdesk-api.ts';
import { Language } from '#protocol/portal-api.ts';
import { requireCaller } from '../../http/guard.ts';
import { emptyResponse } from '../../http/openapi.ts';
import type { Server } from '../../http/server.ts';
import type { Articles } from './service.ts';

const config = { access: 'operator' } as const;
const Params = Type.Object({ slug: Type.String({ maxLength: 80 }) });
const Query = Type.Object({
  q: Type.Optional(Type.String({ maxLength: 300 })),
  kind: Type.Optional(TicketKind),
  language: Type.Optional(Language),
});

/** Adds the routes. */
export function articleRoutes(server: Server, articles: Articles): void {
  readingRoutes(server, articles);
  server.get('/api/desk/articles', {
    config,
    schema: { summary: 'All articles, published or not', response: { 200: DeskArticleList } },
    handler: async () => ({ articles: articles.all() }),
  });
  server.post('/api/desk/articles', {
    config,
    schema: { summary: 'Write an article', body: ArticleDraft, response: { 201: DeskArticle } },
    handler: async (request, reply) => {
      const { id } = requireCaller(request).account;
      return reply.code(201).send(articles.create(id, request.body));
    },
  });
  server.put('/api/desk/articles/:slug', {
    config,
    schema: {
      summary: 'Change an article',
      params: Params,
      body: ArticleDraft,
      response: { 200: DeskArticle },
    },
    handler: async (request) =>
      articles.change(requireCaller(request).account.id, request.params.slug, request.body),
  });
  server.delete('/api/desk/articles/:slug', {
    config,
    schema: {
      summary: 'Take an article away',
      params: Params,
      response: { 204: emptyResponse },
    },
    handler: async (request, reply) => {
      articles.remove(requireCaller(request).account.id, request.params.slug);
      return reply.code(204).send(null);
    },
  });
}

function readingRoutes(server: Server, articles: Articles): void {
  server.get('/api/articles', {
    config: { access: 'anyone' },
    schema: {
      summary: 'Articles of the help desk, also while somebody types',
      querystring: Query,
      response: { 200: ArticleList },
    },
    handler: async (request) => ({ articles: articles.find(request.query) }),
  });
  server.get('/api/articles/:slug', {
    config: { access: 'anyone' },
    schema: { summary: 'One article', params: Params, response: { 200: Article } },
    handler: async (request) => articles.read(request.params.slug),
  });
}
