/**
 * The HTTP door of the gate: `POST /v1/submissions` on the same path as a WebSocket submission,
 * `GET /v1/time`, and what operators read. All requests of one account share one lane, so that many
 * sockets do not buy more turns. A request's data dies with its handler: it is copied first.
 */
import type { HttpRequest, HttpResponse, TemplatedApp } from 'uWebSockets.js';
import type { PublicLog } from '#engine/log/index.ts';
import type { JsonBytes } from '#protocol/json-bytes.ts';
import { isoFromUs } from '#protocol/time.ts';
import { limits } from '../limits.ts';
import { writeAcceptedMembers } from './acknowledgement.ts';
import { asyncApi } from './async-api.ts';
import type { GateContext } from './connection.ts';
import { decodeSubmission } from './frame.ts';
import { Lane } from './lane.ts';
import { serveLog } from './log-http.ts';
import type {
  Acceptance,
  Rejection,
  Sender,
  SubmissionOutcome,
  SubmissionRequest,
} from './outcome.ts';
import { createPassbookCache } from './passbook.ts';
import { ANY_ORIGIN, JSON_TYPE, Reply } from './reply.ts';
import { Submission } from './submission.ts';

export interface HttpOptions {
  health(): { status: 'ok' | 'degraded'; detail: Record<string, unknown> };
  metrics(): Promise<string>;
  readonly publicLog?: PublicLog | undefined;
}

class HttpLane extends Lane {
  /** Requests without an answer. */
  asked = 0;
}

/** By account; a lane is kept while it has a request without an answer. */
type HttpLanes = Map<string, HttpLane>;

/** One request to submit, which waits for its outcome; a class, since there are many of them. */
class Posted implements Sender {
  readonly lane: HttpLane;
  readonly #reply: Reply;
  readonly #lanes: HttpLanes;
  readonly #account: string;
  readonly #scratch: JsonBytes;

  constructor(reply: Reply, way: { lanes: HttpLanes; account: string; scratch: JsonBytes }) {
    this.#reply = reply;
    this.#lanes = way.lanes;
    this.#account = way.account;
    this.#scratch = way.scratch;
    this.lane = laneOf(way.lanes, way.account);
  }

  answer(request: SubmissionRequest, outcome: SubmissionOutcome): void {
    this.lane.asked -= 1;
    if (this.lane.asked === 0) this.#lanes.delete(this.#account);
    if (outcome.kind === 'rejected') this.#refuse(request, outcome);
    else this.#accept(request, outcome);
  }

  /** Nothing is kept back: each answer is a write of its own. */
  flush(): void {}

  #accept(request: SubmissionRequest, acceptance: Acceptance): void {
    const body = writeAcceptedMembers(this.#scratch.reset(), request, acceptance).all();
    this.#reply.send(acceptance.duplicate ? '200 OK' : '201 Created', JSON_TYPE, body);
  }

  #refuse({ application, ref }: SubmissionRequest, rejection: Rejection): void {
    const { code, retryAfterMs, opensAtUs } = rejection;
    this.#reply.problem(code, {
      application,
      ...(ref !== undefined && { ref }),
      ...(retryAfterMs !== undefined && { retryAfterMs }),
      ...(opensAtUs !== undefined && { opensAt: isoFromUs(opensAtUs) }),
    });
  }
}

export function serveHttp(app: TemplatedApp, context: GateContext, options: HttpOptions): void {
  const { path, rehearsal } = context;
  const read = createPassbookCache(context.presence, rehearsal?.presence);
  const lanes: HttpLanes = new Map();
  const practiceLanes: HttpLanes = new Map();

  const submit = (reply: Reply, token: string, body: string) => {
    const { keys } = context.notice();
    const passbook = read(token, keys, context.clock.nowUs());
    if (typeof passbook === 'string') return reply.problem(passbook);
    const submission = decodeSubmission(body);
    if (typeof submission === 'string') return reply.problem(submission);
    const { application, ref } = submission;
    const { account, practised } = passbook;
    const practice = practised.get(application);
    const own = practice === undefined ? lanes : practiceLanes;
    const sender = new Posted(reply, { lanes: own, account, scratch: context.scratch });
    const candidate = practice ?? passbook.candidates.get(application);
    if (candidate === undefined) path.refuseUnknown({ application, ref, sender });
    else (practice ? rehearsal : path)?.accept(new Submission(sender.lane, candidate, sender, ref));
  };

  app.post('/v1/submissions', (response, request) => {
    const reply = new Reply(response, request);
    const token = /^Bearer +(\S+)$/i.exec(request.getHeader('authorization'))?.[1];
    readBody(response, (body) => {
      if (body === undefined) return reply.problem('FRAME_TOO_LARGE');
      if (token === undefined) return reply.problem('PASSBOOK_INVALID');
      submit(reply, token, body);
    });
  });

  app.get('/v1/time', (response, request) => {
    const reply = new Reply(response, request);
    const t0 = Number(request.getQuery('t0') || Number.NaN);
    if (!Number.isFinite(t0)) return reply.problem('FRAME_INVALID');
    const { nowUs, uncertaintyUs, sync } = context.clock.read();
    const t2Us = context.clock.nowUs();
    const answer = { type: 'time', t0, t1Us: nowUs, t2Us, uncertaintyUs, sync };
    reply.send('200 OK', { ...JSON_TYPE, ...ANY_ORIGIN }, JSON.stringify(answer));
  });

  app.get('/health', (response, request) => {
    const { status, detail } = options.health();
    const body = JSON.stringify({ status, gate: context.gate, ...detail });
    const line = status === 'ok' ? '200 OK' : '503 Service Unavailable';
    new Reply(response, request).send(line, JSON_TYPE, body);
  });

  app.get('/metrics', (response, request) => {
    const reply = new Reply(response, request);
    void options.metrics().then((text) => {
      reply.send('200 OK', { 'Content-Type': 'text/plain; version=0.0.4' }, text);
    });
  });

  app.get('/asyncapi.json', (response, request) => {
    const body = JSON.stringify(asyncApi());
    new Reply(response, request).send('200 OK', { ...JSON_TYPE, ...ANY_ORIGIN }, body);
  });

  const calendar = () => context.notice().document;
  if (options.publicLog !== undefined) serveLog(app, { log: options.publicLog, calendar });
  app.any('/*', (response, request) => new Reply(response, request).problem('NOT_FOUND'));
}

/** The account's lane, with one more request that waits for its answer. */
function laneOf(lanes: HttpLanes, account: string): HttpLane {
  let lane = lanes.get(account);
  if (lane === undefined) {
    lane = new HttpLane();
    lanes.set(account, lane);
  }
  lane.asked += 1;
  return lane;
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

/**
 * The whole body, or undefined once it is larger than a submission may be. It mostly comes in one
 * piece, which is read where it lies.
 */
function readBody(response: HttpResponse, done: (body: string | undefined) => void): void {
  const before: Buffer[] = [];
  let bytes = 0;
  response.onData((lent, isLast) => {
    const piece = Buffer.from(lent);
    bytes += piece.length;
    const isTooLarge = bytes > limits.httpBodyBytesMax;
    if (isTooLarge) before.length = 0;
    if (isLast) done(isTooLarge ? undefined : textOf(before, piece));
    else if (!isTooLarge) before.push(Buffer.from(piece));
  });
}

function textOf(before: readonly Buffer[], last: Buffer): string {
  const all = before.length === 0 ? last : Buffer.concat([...before, last]);
  return all.toString('utf8');
}
