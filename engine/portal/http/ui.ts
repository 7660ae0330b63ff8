/**
 * Serves the built web application: files with a hash in their name for a year, `index.html` for
 * every other address of a page so that the application's own routes can be opened directly. When
 * it was not built there is one kind page that says how.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import serveStatic, { type FastifyStaticOptions } from '@fastify/static';
import { answerRefusal } from './failures.ts';
import { Refusal } from './refusal.ts';
import type { Server } from './server.ts';

const NOT_BUILT = `<!doctype html><html lang="it"><meta charset="utf-8"><title>Clickday</title>
<body style="font-family:sans-serif;max-width:40em;margin:4em auto;padding:0 1em">
<h1>Clickday</h1>
<p>Il portale funziona, ma l’interfaccia web non è ancora stata costruita:
<code>npm run build:ui</code>.</p>
<p lang="en">The portal runs, but the web interface has not been built yet:
<code>npm run build:ui</code>.</p></body></html>
`;

/** Adds the web application in `directory`; after every other route. */
export async function addUi(server: Server, directory: string): Promise<void> {
  const isBuilt = existsSync(join(directory, 'index.html'));
  if (isBuilt) await serveBuilt(server, directory);
  server.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0] ?? '';
    const isPage = request.method === 'GET' || request.method === 'HEAD';
    const hasExtension = /\.[a-z0-9]+$/i.test(path);
    if (!isPage || hasExtension || path === '/api' || path.startsWith('/api/')) {
      return answerRefusal(request, reply, new Refusal('NOT_FOUND'));
    }
    reply.header('cache-control', 'no-cache');
    if (isBuilt) return reply.sendFile('index.html', { cacheControl: false });
    return reply.code(200).type('text/html; charset=utf-8').send(NOT_BUILT);
  });
}

/** One route for all of `assets`: one for each of its files took half a second of every start. */
async function serveBuilt(server: Server, directory: string): Promise<void> {
  const options: FastifyStaticOptions = {
    preCompressed: true,
    setHeaders: (reply, path) => void reply.header('cache-control', cachingOf(path)),
  };
  await server.register(serveStatic, {
    ...options,
    root: directory,
    wildcard: false,
    globIgnore: ['assets/**'],
  });
  await server.register(serveStatic, {
    ...options,
    root: join(directory, 'assets'),
    prefix: '/assets/',
    index: false,
    decorateReply: false,
  });
}

function cachingOf(path: string): string {
  return path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
}
