/**
 * The public ranking over HTTP: anyone may read it, without a login. Answers carry an ETag that
 * changes with the number of places, and may be kept by caches for a second, so that many who look
 * at one page each second cost one answer.
 */
import { Type } from '@sinclair/typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  RankingHistogram,
  RankingPage,
  RankingSummary,
  RankingsAnswer,
} from '#protocol/ranking/api.ts';
import type { RankingFormat } from '#protocol/ranking/lines.ts';
import type { Timers } from '../../clock/index.ts';
import type { Limiters } from '../http/limits.ts';
import { Refusal } from '../http/refusal.ts';
import type { Server } from '../http/server.ts';
import { listStream } from './list.ts';
import { DayParams, FilterQuery, filterOf, PageQuery } from './query.ts';
import type { RankingService } from './service.ts';
import type { RankingSource } from './source.ts';

export interface RankingRouteParts {
  readonly service: RankingService;
  readonly rankings: RankingSource;
  readonly timers: Timers;
  readonly limiters: Pick<Limiters, 'ranking' | 'rankingList'>;
}

const LIMIT = { usual: 50, max: 200 } as const;
/** Lists that are streamed at one time; more get BUSY. */
const STREAMS_MAX = 16;
const RETRY_AFTER_MS = 2000;
const BRIEFLY = 'public, max-age=1';
const access = { access: 'anyone' } as const;
const FORMATS = {
  ndjson: 'application/x-ndjson; charset=utf-8',
  csv: 'text/csv; charset=utf-8; header=present',
} as const satisfies Record<RankingFormat, string>;

/** Adds the routes. */
export function rankingRoutes(server: Server, parts: RankingRouteParts): void {
  summaryRoutes(server, parts);
  pageRoutes(server, parts);
  for (const format of ['ndjson', 'csv'] as const) listRoute(server, parts, format);
}

function summaryRoutes(server: Server, { service, limiters }: RankingRouteParts): void {
  server.get('/api/rankings', {
    config: access,
    schema: {
      summary: 'Click days with how many places each has',
      response: { 200: RankingsAnswer },
    },
    handler: async (request, reply) => {
      await limiters.ranking(request);
      reply.header('cache-control', BRIEFLY);
      return { rankings: service.summaries() };
    },
  });
  server.get('/api/rankings/:clickDay/summary', {
    config: access,
    schema: {
      summary: 'One click day: places by quota, office and gate',
      params: DayParams,
      response: { 200: RankingSummary, 304: Type.Null() },
    },
    handler: async (request, reply) => {
      await limiters.ranking(request);
      const { clickDay } = request.params;
      if (isKnown(request, reply, service.version(clickDay))) return reply.code(304).send(null);
      return service.summary(clickDay);
    },
  });
}

function pageRoutes(server: Server, { service, limiters }: RankingRouteParts): void {
  server.get('/api/rankings/:clickDay', {
    config: access,
    schema: {
      summary: 'Places of a click day in order, 50 a page, at most 200',
      params: DayParams,
      querystring: PageQuery,
      response: { 200: RankingPage, 304: Type.Null() },
    },
    handler: async (request, reply) => {
      await limiters.ranking(request);
      const { clickDay } = request.params;
      if (isKnown(request, reply, service.version(clickDay))) return reply.code(304).send(null);
      const { application, cursor, limit } = request.query;
      return service.page(clickDay, {
        filter: filterOf(request.query),
        application: application?.trim(),
        after: Number(cursor ?? 0),
        limit: Math.min(Number(limit ?? LIMIT.usual), LIMIT.max),
      });
    },
  });
  server.get('/api/rankings/:clickDay/histogram', {
    config: access,
    schema: {
      summary: 'When places were taken, from the opening on, and how close neighbours are',
      params: DayParams,
      querystring: FilterQuery,
      response: { 200: RankingHistogram, 304: Type.Null() },
    },
    handler: async (request, reply) => {
      await limiters.ranking(request);
      const { clickDay } = request.params;
      if (isKnown(request, reply, service.version(clickDay))) return reply.code(304).send(null);
      return service.histogram(clickDay, filterOf(request.query));
    },
  });
}

function listRoute(server: Server, parts: RankingRouteParts, format: RankingFormat): void {
  const { service, limiters } = parts;
  let streaming = 0;
  server.get(`/api/rankings/:clickDay/list.${format}`, {
    config: access,
    schema: {
      summary: `All places of a click day as ${format.toUpperCase()}`,
      params: DayParams,
      querystring: FilterQuery,
      response: {
        200: {
          description: 'A line a place; the header Clickday-Final-Until says up to where.',
          content: { [FORMATS[format].split(';')[0] ?? '']: { schema: { type: 'string' } } },
        },
      },
    },
    handler: async (request, reply) => {
      await limiters.rankingList(request);
      const { clickDay } = (request as { params: { clickDay: string } }).params;
      const { count, finalUntil } = service.summary(clickDay);
      if (streaming >= STREAMS_MAX) throw new Refusal('BUSY', { retryAfterMs: RETRY_AFTER_MS });
      streaming += 1;
      const filter = filterOf(request.query as object);
      const stream = listStream(parts, { clickDay, filter, format, until: count }, () => {
        streaming -= 1;
      });
      const name = `clickday-${clickDay.replaceAll(/[^\w.-]/g, '_')}.${format}`;
      reply.header('content-disposition', `attachment; filename="${name}"`);
      reply.header('cache-control', BRIEFLY).header('clickday-final-until', finalUntil ?? '');
      return reply.type(FORMATS[format]).send(stream);
    },
  });
}

/** Sets the caching headers; true when the caller has this answer already (RFC 9110 §13.1.2). */
function isKnown(request: FastifyRequest, reply: FastifyReply, version: string): boolean {
  const tag = `W/"${version}"`;
  reply.header('cache-control', BRIEFLY).header('etag', tag);
  const known = request.headers['if-none-match'] ?? '';
  return known.split(',').some((each) => each.trim() === tag);
}
