/**
 * What writes answers, compiled once for each schema. Fastify compiles one for each answer of each
 * route, and of HEAD beside GET: the problem that every route may answer with, some three hundred
 * times at each start.
 */
import type { Server } from './server.ts';

/** For every route added from now on. */
export function shareWriters(server: Server): void {
  const writers = new Map<unknown, (answer: unknown) => string>();
  let isFirst = true;
  server.addHook('onRoute', (route) => {
    const { response } = (route.schema ?? {}) as { response?: unknown };
    if (response === undefined) return;
    // Fastify sets its compiler up for the first route that has none; it is asked from then on.
    if (!isFirst) route.serializerCompiler = (asked) => shared(asked);
    isFirst = false;
  });
  const shared: NonNullable<Server['serializerCompiler']> = (asked) => {
    const known = writers.get(asked.schema);
    if (known !== undefined) return known;
    const writer = server.serializerCompiler!(asked);
    writers.set(asked.schema, writer);
    return writer;
  };
}
