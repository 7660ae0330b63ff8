/**
 * Hands out the mini-client: what `npm run build:mini-client` has left in a directory, as its
 * builds.json names it, and nothing else of that directory. Read anew for every question, so that
 * a build made while the portal runs is offered at once. Files go out as they are, so that the
 * digest on the page is the digest of what is saved; on the way they are compressed.
 */
import { existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import serveStatic from '@fastify/static';
import { Value } from '@sinclair/typebox/value';
import { DownloadsAnswer, type MiniClientBuild, MiniClientBuilds } from '#protocol/downloads.ts';
import type { Server } from './server.ts';

const PREFIX = '/downloads/';
/** Directly in the directory: what is being built lies in folders of it. */
const BUILD = /^\/?clickday-mini-client-[A-Za-z0-9.-]+$/;

/** Adds the list and the files. A directory that does not exist holds nothing. */
export async function addDownloads(server: Server, directory: string): Promise<void> {
  server.get('/api/downloads', {
    config: { access: 'anyone' },
    schema: { summary: 'Builds of the mini-client', response: { 200: DownloadsAnswer } },
    handler: async () => ({
      downloads: (await builds(directory)).map((one) => ({ ...one, url: PREFIX + one.name })),
    }),
  });
  await server.register(serveStatic, {
    root: directory,
    prefix: PREFIX,
    decorateReply: false,
    index: false,
    preCompressed: true,
    allowedPath: (path) => BUILD.test(path),
    setHeaders: (reply) => {
      reply.header('content-disposition', 'attachment');
      reply.header('content-type', 'application/octet-stream');
      reply.header('cache-control', 'no-cache');
    },
  });
}

/** Complete files only: one that is being replaced is not offered. */
async function builds(directory: string): Promise<MiniClientBuild[]> {
  const path = join(directory, 'builds.json');
  if (!existsSync(path)) return [];
  const told: unknown = JSON.parse(await readFile(path, 'utf8'));
  if (!Value.Check(MiniClientBuilds, told)) return [];
  return told.filter(({ name, sizeBytes }) => {
    const file = statSync(join(directory, name), { throwIfNoEntry: false });
    return file?.isFile() === true && file.size === sizeBytes;
  });
}
