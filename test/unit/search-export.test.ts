/** Files of a search: how many at once, and how large. */
import { fastify } from 'fastify';
import { expect, it, onTestFinished } from 'vitest';
import { systemTimers } from '#engine/clock/index.ts';
import { Refusal } from '#engine/portal/http/refusal.ts';
import type { Server } from '#engine/portal/http/server.ts';
import type { FoundRow } from '#engine/portal/search/query.ts';
import { searchRoutes } from '#engine/portal/search/routes.ts';
import type { SearchService } from '#engine/portal/search/service.ts';

const FILES_MAX = 4;
const ROWS_MAX = 100_000;

async function* noRows(): AsyncGenerator<readonly FoundRow[]> {}

/** A server whose searches answer when told to, with so many applications. */
function serverOf(all: () => Promise<number>) {
  const server = fastify() as unknown as Server;
  onTestFinished(() => server.close());
  server.decorateRequest('caller', { getter: () => ({ kind: 'cookie', account: {} }) as never });
  server.setErrorHandler((error, _request, reply) => {
    reply.code(error instanceof Refusal ? 409 : 500);
    return reply.send({ code: error instanceof Refusal ? error.code : String(error) });
  });
  const search = { all: async () => ({ total: await all(), pages: noRows() }) };
  const timers = systemTimers();
  searchRoutes(server, { search: search as unknown as SearchService, saved: {} as never, timers });
  return async () => {
    const { statusCode, body } = await server.inject('/api/applications/export.csv');
    return statusCode === 200 ? 'file' : (JSON.parse(body) as { code: string }).code;
  };
}

it('four are made at once, also when they are asked for in the same moment', async () => {
  const found = Promise.withResolvers<number>();
  const ask = serverOf(() => found.promise);
  const answers = Array.from({ length: FILES_MAX }, ask);
  expect(await ask()).toBe('BUSY');
  found.resolve(0);
  expect(await Promise.all(answers)).toEqual(['file', 'file', 'file', 'file']);
  await expect.poll(ask).toBe('file');
});

it('one of more than 100,000 applications is refused, and takes nobody’s place', async () => {
  const ask = serverOf(async () => ROWS_MAX + 1);
  for (let time = 0; time <= FILES_MAX; time += 1) expect(await ask()).toBe('EXPORT_TOO_LARGE');
});

it('one whose search failed takes nobody’s place', async () => {
  const ask = serverOf(async () => {
    throw new Refusal('SEARCH_TOO_SLOW');
  });
  for (let time = 0; time <= FILES_MAX; time += 1) expect(await ask()).toBe('SEARCH_TOO_SLOW');
});
