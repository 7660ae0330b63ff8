/**
 * The OpenAPI 3.1 document, written from the routes' own schemas: what is checked is what is
 * documented. Every route of `/api` may also answer with a problem; that is added to each here.
 */
import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import type { FastifySchema } from 'fastify';
import { Problem } from '#protocol/portal-api.ts';

const DESCRIPTION =
  'Registration, drafting, passbooks, receipts and administration. Times are ISO 8601 UTC with ' +
  'microseconds. Every error is application/problem+json (RFC 9457) with a stable code.';

/** Options for @fastify/swagger. */
export function openApiOptions(): FastifyDynamicSwaggerOptions {
  return {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Clickday portal',
        version: '1',
        description: DESCRIPTION,
        license: { name: 'AGPL-3.0-or-later', identifier: 'AGPL-3.0-or-later' },
      },
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer' },
          cookie: { type: 'apiKey', in: 'cookie', name: 'clickday' },
        },
      },
    },
  };
}

/** The routes' problem answer, for the response schemas of each. */
export const problemResponse = {
  default: {
    description: 'Refused: a problem with a stable code.',
    content: { 'application/problem+json': { schema: Problem } },
  },
} as const;

/** A response schema of a PDF. */
export const pdfResponse = {
  description: 'A PDF document.',
  content: { 'application/pdf': { schema: { type: 'string', format: 'binary' } } },
} as const;

/** A response without a body. */
export const emptyResponse = { description: 'Done.', type: 'null' } as const;

/** Adds the problem answer to a route's schema. */
export function withProblems(schema: FastifySchema | undefined): FastifySchema {
  const responses = (schema?.response ?? {}) as Record<string, unknown>;
  return { ...schema, response: { ...responses, ...problemResponse } };
}
