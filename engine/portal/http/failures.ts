/**
 * Turns whatever goes wrong in a request into one problem document: our refusals, the framework's
 * errors (malformed JSON, too large, wrong media type, failed validation) and our own defects,
 * which are logged and answered as INTERNAL_ERROR without a word about the inside.
 */
import type { Socket } from 'node:net';
import type {
  FastifyError,
  FastifyReply,
  FastifyRequest,
  FastifySchemaValidationError,
} from 'fastify';
import type { OutcomeCode } from '#protocol/outcomes.ts';
import type { FieldProblem } from '#protocol/portal-api.ts';
import type { Log } from '../../foundation/log.ts';
import { fieldProblem, languageOf, problemOf, Refusal } from './refusal.ts';

const CODES: Readonly<Record<number, OutcomeCode>> = {
  404: 'NOT_FOUND',
  413: 'REQUEST_TOO_LARGE',
  415: 'MEDIA_TYPE_UNSUPPORTED',
  429: 'REQUESTS_TOO_MANY',
  503: 'BUSY',
};

/** Answers with a problem document. */
export function answerRefusal(
  request: FastifyRequest,
  reply: FastifyReply,
  refusal: Refusal,
): FastifyReply {
  if (refusal.retryAfterMs !== undefined) {
    reply.header('retry-after', String(Math.max(1, Math.ceil(refusal.retryAfterMs / 1000))));
  }
  const language = languageOf(request.headers['accept-language']);
  return reply
    .code(refusal.statusCode)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .header('content-language', language)
    .header('cache-control', 'no-store')
    .serializer((body: unknown) => JSON.stringify(body))
    .send(problemOf(refusal, language));
}

/** The error handler of the server. */
export function failureHandler(log: Log) {
  return (error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const refusal = error instanceof Refusal ? error : refusalOf(error);
    if (refusal.code === 'INTERNAL_ERROR') {
      log.error({ err: error, method: request.method, route: request.routeOptions?.url }, 'defect');
    }
    return answerRefusal(request, reply, refusal);
  };
}

function refusalOf(error: FastifyError): Refusal {
  if (error.validation) return invalid(error.validation, error.validationContext);
  const status = error.statusCode ?? 500;
  const code = CODES[status];
  if (code) return new Refusal(code);
  return new Refusal(status >= 400 && status < 500 ? 'REQUEST_MALFORMED' : 'INTERNAL_ERROR');
}

/** A path that cannot exist is not found; anything else names the fields that are wrong. */
function invalid(found: FastifySchemaValidationError[], context: string | undefined): Refusal {
  if (context === 'params') return new Refusal('NOT_FOUND');
  const errors = found.map((each): FieldProblem => {
    const missing = each.params?.missingProperty;
    const path = each.instancePath.split('/').slice(1);
    if (typeof missing === 'string') path.push(missing);
    return fieldProblem(path.join('.'), 'VALUE_INVALID');
  });
  return new Refusal('REQUEST_INVALID', { errors });
}

/** For bytes that are not HTTP at all: one problem document, then the connection is closed. */
export function answerBrokenHttp(_error: Error, socket: Socket): void {
  if (!socket.writable) return void socket.destroy();
  const body = JSON.stringify(problemOf(new Refusal('REQUEST_MALFORMED'), 'it'));
  socket.end(
    'HTTP/1.1 400 Bad Request\r\nconnection: close\r\n' +
      'content-type: application/problem+json; charset=utf-8\r\n' +
      `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
