/**
 * The HTTP server of the portal: Fastify with its plugins, and what holds for every request –
 * sizes, headers, JSON, problems, load shedding. Routes are added by the rooms.
 *
 * Validation never changes what came in: no coercion, nothing silently removed, so a client that
 * sends `"5"` for a number hears of it.
 */

import type { IncomingMessage, ServerResponse } from 'node:http';
import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import underPressure from '@fastify/under-pressure';
import type { Static, TSchema } from '@sinclair/typebox';
import {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyTypeProvider,
  fastify,
  type RawServerDefault,
} from 'fastify';
import type { Log } from '../../foundation/log.ts';
import type { Random } from '../../foundation/random.ts';
import type { PortalConfig } from '../settings.ts';
import { answerBrokenHttp, failureHandler } from './failures.ts';
import { openApiOptions } from './openapi.ts';
import { sheddingOptions } from './shedding.ts';

/** Types of requests and answers from the TypeBox schemas of a route. */
export interface TypeBoxProvider extends FastifyTypeProvider {
  validator: this['schema'] extends TSchema ? Static<this['schema']> : unknown;
  serializer: this['schema'] extends TSchema ? Static<this['schema']> : unknown;
}

/** The server as rooms see it. */
export type Server = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxProvider
>;

export interface ServerOptions {
  readonly config: Omit<PortalConfig, 'helpdesk'>;
  readonly log: Log;
  readonly clock: { nowUs(): number };
  /** Spreads the moments at which those refused come again. */
  readonly random: Pick<Random, 'integer'>;
  /** Addresses a page may open WebSockets to, now. */
  readonly gates: () => readonly string[];
}

/** What has to see a request before, and an answer after, everything else. */
export interface Outermost {
  addFirst(server: Server): void;
  addLast(server: Server): void;
}

const SHARES = 1_000_000;
/** A file of 2 MB over a slow line: 140 kbit/s. */
const REQUEST_MS_MAX = 120_000;
const KEEP_ALIVE_MS = 65_000;
const STARTING_US = 5_000_000;

/** A server with everything but routes. */
export async function createServer(options: ServerOptions, outermost?: Outermost): Promise<Server> {
  const { config, log } = options;
  const base = {
    bodyLimit: config.limits.bodyBytesMax,
    trustProxy: config.isBehindProxy,
    requestTimeout: REQUEST_MS_MAX,
    keepAliveTimeout: KEEP_ALIVE_MS,
    routerOptions: { maxParamLength: 200, ignoreTrailingSlash: true },
    forceCloseConnections: true,
    ajv: {
      customOptions: {
        coerceTypes: false,
        removeAdditional: false,
        allErrors: true,
        strict: false,
      },
    },
    clientErrorHandler: answerBrokenHttp,
    frameworkErrors: failureHandler(log),
  } as const;
  const server = (config.tls
    ? fastify({ ...base, https: config.tls })
    : fastify(base)) as unknown as Server;
  outermost?.addFirst(server);
  server.setErrorHandler(failureHandler(log));
  server.addHook('onSend', async (request, reply) => {
    const isApi = request.url.startsWith('/api/');
    if (isApi && !reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
  });
  acceptEmptyJson(server);
  await addPlugins(server, options);
  outermost?.addLast(server);
  return server;
}

async function addPlugins(server: Server, options: ServerOptions): Promise<void> {
  const { config, gates, random, clock } = options;
  const share = () => random.integer(SHARES) / SHARES;
  let servingSinceUs = clock.nowUs();
  server.addHook('onListen', async () => {
    servingSinceUs = clock.nowUs();
  });
  // A date that is set back must not let it start for hours.
  const isStarting = () => Math.abs(clock.nowUs() - servingSinceUs) < STARTING_US;
  const { eventLoopDelayMsMax } = config.limits;
  await server.register(underPressure, sheddingOptions(eventLoopDelayMsMax, share, isStarting));
  await server.register(cookie);
  await server.register(rateLimit, { global: false });
  await server.register(helmet, helmetOptions(gates, config.tls !== undefined));
  await server.register(swagger, openApiOptions());
}

/** A POST without a body may still name its media type, as fetch wrappers do. */
function acceptEmptyJson(server: Server): void {
  const parse = server.getDefaultJsonParser('error', 'error');
  server.removeContentTypeParser('application/json');
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined);
    else parse(request, body as string, done);
  });
}

function helmetOptions(gates: () => readonly string[], isTls: boolean) {
  const connect = () => ["'self'", ...gates().flatMap(originsOf)].join(' ');
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        connectSrc: [connect],
        imgSrc: ["'self'", 'data:'],
        styleSrc: ["'self'", "'unsafe-inline'"],
        fontSrc: ["'self'", 'data:'],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    frameguard: { action: 'deny' as const },
    hsts: isTls ? { maxAge: 31_536_000, includeSubDomains: false } : false,
    referrerPolicy: { policy: 'no-referrer' as const },
  };
}

/** A gate's WebSocket origin and the HTTP origin of its time and log. */
function originsOf(gate: string): string[] {
  if (!URL.canParse(gate)) return [];
  const { protocol, host } = new URL(gate);
  return [`${protocol}//${host}`, `${protocol === 'wss:' ? 'https' : 'http'}://${host}`];
}
