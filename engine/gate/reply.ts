/** How the gate answers over HTTP: one request's way back, and what a refusal looks like there. */
import type { HttpRequest, HttpResponse } from 'uWebSockets.js';
import { type Outcome, type OutcomeCode, outcomes } from '#protocol/outcomes.ts';
import type { Language } from './acknowledgement.ts';

export type Headers = Readonly<Record<string, string>>;

export const JSON_TYPE: Headers = { 'Content-Type': 'application/json' };
export const ANY_ORIGIN: Headers = {
  'Access-Control-Allow-Origin': '*',
  'Cache-Control': 'no-store',
};

/**
 * One request's way back. Its handler makes it, while the request can still be read; the answer may
 * come later. Nothing is written to a request that was aborted. A class, since there is one for
 * each submission.
 */
export class Reply {
  readonly language: Language;
  readonly #response: HttpResponse;
  #isOpen = true;

  constructor(response: HttpResponse, request: HttpRequest) {
    this.language = languageOf(request);
    this.#response = response;
    response.onAborted(() => {
      this.#isOpen = false;
    });
  }

  /** Answers, once. `body` may be lent: it is copied. */
  send(status: string, headers: Headers, body: string | Uint8Array): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    const response = this.#response;
    response.cork(() => {
      response.writeStatus(status);
      for (const name in headers) response.writeHeader(name, headers[name] as string);
      response.end(body);
    });
  }

  /** RFC 9457 with our stable `code`; `retryAfterMs` becomes a Retry-After header as well. */
  problem(code: OutcomeCode, members: Readonly<Record<string, unknown>> = {}): void {
    const outcome: Outcome = outcomes[code];
    const status = outcome.status ?? 400;
    const message = outcome[this.language];
    const body = { type: 'about:blank', title: code, status, code, message, ...members };
    const retry =
      typeof members.retryAfterMs === 'number'
        ? { 'Retry-After': String(Math.ceil(members.retryAfterMs / 1000)) }
        : {};
    const headers = { 'Content-Type': 'application/problem+json', ...ANY_ORIGIN, ...retry };
    this.send(statusLine(status), headers, JSON.stringify(body));
  }
}

/** Refuses a request before it is upgraded. */
export function sendProblem(
  response: HttpResponse,
  code: OutcomeCode,
  headers: Headers = {},
): void {
  const status = (outcomes[code] as Outcome).status ?? 400;
  response.writeStatus(statusLine(status)).writeHeader('Content-Type', 'application/problem+json');
  for (const [name, value] of Object.entries(headers)) response.writeHeader(name, value);
  response.end(JSON.stringify({ type: 'about:blank', title: code, status, code }));
}

export function languageOf(request: HttpRequest): Language {
  return request.getHeader('accept-language').startsWith('it') ? 'it' : 'en';
}

function statusLine(status: number): string {
  const names: Record<number, string> = {
    400: 'Bad Request',
    401: 'Unauthorized',
    403: 'Forbidden',
    404: 'Not Found',
    410: 'Gone',
    413: 'Content Too Large',
    425: 'Too Early',
    429: 'Too Many Requests',
    503: 'Service Unavailable',
  };
  return `${status} ${names[status] ?? 'Error'}`;
}
