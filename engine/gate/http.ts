/**
 * The HTTP door of the gate: `POST /v1/submissions` on the same path as a WebSocket submission,
 * `GET /v1/time`, and what operators read. All requests of one account share one lane, so that many
 * sockets do not buy more turns. A request's data dies with its handler: it is copied first.
 */
import type { HttpRequest, HttpResponse, TemplatedApp } from 'uWebSockets.js';
import type { PublicLog } from '#engine/log/index.ts';
import { type Outcome, type OutcomeCode, outcomes } from '#protocol/outcomes.ts';
import { isoFromUs } from '#protocol/time.ts';
import { limits } from '../limits.ts';
import { type Language, outcomeFrame } from './acknowledgement.ts';
import { asyncApi } from './async-api.ts';
import type { GateContext } from './connection.ts';
import { decodeSubmission } from './frame.ts';
import { Lane } from './lane.ts';
import { serveLog } from './log-http.ts';
import type { Sender, SubmissionOutcome, SubmissionRequest } from './outcome.ts';
import { createPassbookCache } from './passbook.ts';
import { Submission } from './submission.ts';

export interface HttpOptions {
  health(): { status: 'ok' | 'degraded'; detail: Record<string, unknown> };
  metrics(): Promise<string>;
  readonly publicLog?: PublicLog | undefined;
}

/** A response that has not been aborted; nothing is written to one that has. */
interface Reply {
  readonly language: Language;
  send(status: string, headers: Record<string, string>, body: string): void;
}

class HttpLane extends Lane {
  /** Requests without an answer. */
  asked = 0;
}

const JSON_TYPE = { 'Content-Type': 'application/json' };
const ANY_ORIGIN = { 'Access-Control-Allow-Origin': '*', 'Cache-Control': 'no-store' };

export function serveHttp(app: TemplatedApp, context: GateContext, options: HttpOptions): void {
  const { path, rehearsal } = context;
  const read = createPassbookCache(context.presence, rehearsal?.presence);
  const lanes = new Map<string, HttpLane>();
  const practiceLanes = new Map<string, HttpLane>();

  const submit = (reply: Reply, token: string, body: Buffer) => {
    const { keys } = context.notice();
    const passbook = read(token, keys, context.clock.nowUs());
    if (typeof passbook === 'string') return problem(reply, passbook);
    const submission = decodeSubmission(body.toString('utf8'));
    if (typeof submission === 'string') return problem(reply, submission);
    const { application, ref } = submission;
    const practised = passbook.practised.get(application);
    const own = practised === undefined ? lanes : practiceLanes;
    const lane = laneOf(own, passbook.account);
    const sender: Sender = {
      answer: (request, outcome) => {
        lane.asked -= 1;
        if (lane.asked === 0) own.delete(passbook.account);
        sendOutcome(reply, request, outcome);
      },
      flush: () => undefined,
    };
    const candidate = practised ?? passbook.candidates.get(application);
    if (candidate === undefined) path.refuseUnknown({ application, ref, sender });
    else (practised ? rehearsal : path)?.accept(new Submission(lane, candidate, sender, ref));
  };

  app.post('/v1/submissions', (response, request) => {
    const reply = replyOf(response, request);
    const token = /^Bearer +(\S+)$/i.exec(request.getHeader('authorization'))?.[1];
    readBody(response, (body) => {
      if (body === undefined) return problem(reply, 'FRAME_TOO_LARGE');
      if (token === undefined) return problem(reply, 'PASSBOOK_INVALID');
      submit(reply, token, body);
    });
  });

  app.get('/v1/time', (response, request) => {
    const reply = replyOf(response, request);
    const t0 = Number(request.getQuery('t0') || Number.NaN);
    if (!Number.isFinite(t0)) return problem(reply, 'FRAME_INVALID');
    const { nowUs, uncertaintyUs, sync } = context.clock.read();
    const t2Us = context.clock.nowUs();
    const answer = { type: 'time', t0, t1Us: nowUs, t2Us, uncertaintyUs, sync };
    reply.send('200 OK', { ...JSON_TYPE, ...ANY_ORIGIN }, JSON.stringify(answer));
  });

  app.get('/health', (response, request) => {
    const { status, detail } = options.health();
    const body = JSON.stringify({ status, gate: context.gate, ...detail });
    const line = status === 'ok' ? '200 OK' : '503 Service Unavailable';
    replyOf(response, request).send(line, JSON_TYPE, body);
  });

  app.get('/metrics', (response, request) => {
    const reply = replyOf(response, request);
    void options.metrics().then((text) => {
      reply.send('200 OK', { 'Content-Type': 'text/plain; version=0.0.4' }, text);
    });
  });

  app.get('/asyncapi.json', (response, request) => {
    const body = JSON.stringify(asyncApi());
    replyOf(response, request).send('200 OK', { ...JSON_TYPE, ...ANY_ORIGIN }, body);
  });

  const calendar = () => context.notice().document;
  if (options.publicLog !== undefined) serveLog(app, { log: options.publicLog, calendar });
  app.any('/*', (response, request) => problem(replyOf(response, request), 'NOT_FOUND'));
}

/** The account's lane, kept while it has a request without an answer. */
function laneOf(lanes: Map<string, HttpLane>, account: string): HttpLane {
  const lane = lanes.get(account) ?? new HttpLane();
  lane.asked += 1;
  lanes.set(account, lane);
  return lane;
}

function sendOutcome(reply: Reply, request: SubmissionRequest, outcome: SubmissionOutcome): void {
  const { type: _type, ...members } = outcomeFrame(request, outcome, reply.language);
  if (outcome.kind === 'accepted') {
    const status = outcome.duplicate ? '200 OK' : '201 Created';
    reply.send(status, JSON_TYPE, JSON.stringify(members));
    return;
  }
  const { retryAfterMs, opensAtUs } = outcome;
  problem(reply, outcome.code, {
    application: request.application,
    ...(request.ref !== undefined && { ref: request.ref }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(opensAtUs !== undefined && { opensAt: isoFromUs(opensAtUs) }),
  });
}

/** RFC 9457 with our stable `code`; `retryAfterMs` becomes a Retry-After header as well. */
function problem(reply: Reply, code: OutcomeCode, members: Record<string, unknown> = {}): void {
  const outcome: Outcome = outcomes[code];
  const status = outcome.status ?? 400;
  const message = outcome[reply.language];
  const body = { type: 'about:blank', title: code, status, code, message, ...members };
  const retry =
    typeof members.retryAfterMs === 'number'
      ? { 'Retry-After': String(Math.ceil(members.retryAfterMs / 1000)) }
      : {};
  const headers = { 'Content-Type': 'application/problem+json', ...ANY_ORIGIN, ...retry };
  reply.send(statusLine(status), headers, JSON.stringify(body));
}

/** Refuses a request before it is upgraded. */
export function sendProblem(
  response: HttpResponse,
  code: OutcomeCode,
  headers: Readonly<Record<string, string>> = {},
): void {
  const status = (outcomes[code] as Outcome).status ?? 400;
  response.writeStatus(statusLine(status)).writeHeader('Content-Type', 'application/problem+json');
  for (const [name, value] of Object.entries(headers)) response.writeHeader(name, value);
  response.end(JSON.stringify({ type: 'about:blank', title: code, status, code }));
}

/**
 * Browsers say where a page comes from. A passbook travels in a frame and not in a cookie, so a
 * foreign page gains nothing; it is refused all the same (OWASP ASVS 4.4.2).
 */
export function acceptsOrigin(request: HttpRequest, origins: readonly string[]): boolean {
  const origin = request.getHeader('origin');
  if (origin === '' || origin === 'null' || origins.includes(origin)) return true;
  return origin.replace(/^[a-z]+:\/\//, '') === request.getHeader('host');
}

export function languageOf(request: HttpRequest): Language {
  return request.getHeader('accept-language').startsWith('it') ? 'it' : 'en';
}

function replyOf(response: HttpResponse, request: HttpRequest): Reply {
  let isOpen = true;
  response.onAborted(() => {
    isOpen = false;
  });
  return {
    language: languageOf(request),
    send: (status, headers, body) => {
      if (!isOpen) return;
      isOpen = false;
      response.cork(() => {
        response.writeStatus(status);
        for (const [name, value] of Object.entries(headers)) response.writeHeader(name, value);
        response.end(body);
      });
    },
  };
}

/** The whole body, or undefined once it is larger than a frame may be. */
function readBody(response: HttpResponse, done: (body: Buffer | undefined) => void): void {
  let chunks: Buffer[] = [];
  let bytes = 0;
  response.onData((chunk, isLast) => {
    bytes += chunk.byteLength;
    if (bytes <= limits.httpBodyBytesMax) chunks.push(Buffer.from(Buffer.from(chunk)));
    else chunks = [];
    if (isLast) done(bytes <= limits.httpBodyBytesMax ? Buffer.concat(chunks) : undefined);
  });
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
