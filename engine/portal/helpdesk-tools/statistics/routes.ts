/** The routes of the statistics; for operators. No person is in them. */
import { Type } from '@sinclair/typebox';
import { DeskStatistics } from '#protocol/desk-tools-api.ts';
import type { Server } from '../../http/server.ts';
import { statisticsCsv } from './csv.ts';
import type { Statistics } from './service.ts';

const Day = Type.Optional(Type.String({ pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' }));
const Query = Type.Object({ from: Day, until: Day });

const csvResponse = {
  description: 'A line each: measure, of, value.',
  content: { 'text/csv': { schema: { type: 'string' } } },
} as const;

/** Adds the routes. */
export function statisticsRoutes(server: Server, statistics: Statistics): void {
  const config = { access: 'operator' } as const;
  server.get('/api/desk/statistics', {
    config,
    schema: {
      summary: 'Statistics of a period of days, both counted',
      querystring: Query,
      response: { 200: DeskStatistics },
    },
    handler: async (request) => statistics.of(request.query),
  });
  server.get('/api/desk/statistics.csv', {
    config,
    schema: {
      summary: 'The same as a file',
      querystring: Query,
      response: { 200: csvResponse },
    },
    handler: async (request, reply) => {
      const text = statisticsCsv(await statistics.of(request.query));
      reply.header('content-disposition', 'attachment; filename="helpdesk.csv"');
      return reply.type('text/csv; charset=utf-8').send(text as never);
    },
  });
}
