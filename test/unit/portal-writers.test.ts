/** Answers of one schema are written by one writer, and each as its own schema says. */
import { type TSchema, Type } from '@sinclair/typebox';
import { fastify } from 'fastify';
import { describe, expect, it } from 'vitest';
import type { Server } from '#engine/portal/http/server.ts';
import { shareWriters } from '#engine/portal/http/writers.ts';

const Named = Type.Object({ name: Type.String() });
const Counted = Type.Object({ count: Type.Integer() });
const Refused = Type.Object({ code: Type.String() });

function serverOf(answers: Readonly<Record<string, TSchema>>): Server {
  const server = fastify() as unknown as Server;
  shareWriters(server);
  for (const [path, schema] of Object.entries(answers)) {
    server.get(path, {
      schema: { response: { 200: schema, default: Refused } },
      handler: async (request, reply) => {
        if (request.headers.accept === 'none') reply.code(406);
        return { name: 'a', count: 1, code: 'NO', more: 'is not said' };
      },
    });
  }
  return server;
}

describe('writers of answers', () => {
  it('write what the schema of each route and status has, and nothing else', async () => {
    const server = serverOf({ '/1': Named, '/2': Named, '/3': Counted, '/4': Named });
    const said = async (url: string, accept = '*/*') =>
      (await server.inject({ url, headers: { accept } })).body;
    expect(await Promise.all(['/1', '/2', '/3', '/4'].map((url) => said(url)))).toEqual([
      ...['{"name":"a"}', '{"name":"a"}', '{"count":1}', '{"name":"a"}'],
    ]);
    const refused = await Promise.all(['/1', '/2', '/3', '/4'].map((url) => said(url, 'none')));
    expect(new Set(refused)).toEqual(new Set(['{"code":"NO"}']));
    await server.close();
  });

  it('are compiled once for a schema, but for the first route, whose compiler is taken', async () => {
    const compiled: unknown[] = [];
    const server = serverOf({ '/1': Named, '/2': Named, '/3': Counted, '/4': Named });
    server.setSerializerCompiler(({ schema }) => {
      compiled.push(schema);
      return JSON.stringify;
    });
    await server.ready();
    const first = [Named, Refused];
    expect(compiled).toEqual([...first, Named, Refused, Counted]);
    await server.close();
  });
});
