/**
 * Answers that are kept and given again: "my applications" is read over and over on the click day
 * and seldom changes.
 *
 *   request ─► kept for exactly these headers, and nothing it rests on has changed? ─► given again
 *                 │ no
 *                 └► guard ─► route, which reads through `read` ─► sent, and kept
 *
 * Promises: what is given is what the route would say now, to this caller. An answer is found only
 * under the very `Cookie` and `Authorization` it was made for; it rests on the account (session,
 * role, password), on the account's and its organisation's applications, and on every table that
 * was read, as `Changes` sees them; a closed session, a write of the account's or one of the
 * registrar's ends it at once. It also ends with the session's time, and after `KEPT_US_MAX`, so
 * that whatever the route does besides reading is done now and then.
 *
 * This stands before load shedding: giving again costs no more than refusing would, so who is
 * logged in reads their list to the last.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { sha256Base64Url } from '../../foundation/digest.ts';
import type { Changes } from '../../store/database/index.ts';
import { topicsOf } from '../applications/reach.ts';
import { requireCaller } from './guard.ts';
import type { Server } from './server.ts';

export interface KeptAnswers {
  /** The route's reading, which must not await, of what an applicant reaches and no more. */
  read<Value>(request: FastifyRequest, work: () => Value): Value;
  /** How many answers were given again, and how many are kept. */
  status(): { readonly given: number; readonly kept: number };
}

interface Ground {
  readonly at: number;
  readonly topics: readonly string[];
  readonly tables: readonly string[];
  readonly untilUs: number;
}

interface Kept extends Ground {
  readonly etag: string;
  /** Names and values by turns, as `writeHead` takes them. */
  readonly headers: readonly string[];
  readonly body: Buffer;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The count of changes when it came: before anything was looked up for it. */
    cameAt: number;
    /** What the answer rests on, when it may be kept. */
    ground: Ground | null;
  }
}

const ANSWERS_MAX = 50_000;
const BYTES_MAX = 64 * 1024 * 1024;
const NAME_LENGTH_MAX = 2048;
const KEPT_US_MAX = 60_000_000;
/** Set anew by each answer, or of no meaning for one without a body. */
const OWN_HEADERS = new Set(['content-length', 'connection', 'date', 'transfer-encoding']);

export interface KeptParts {
  readonly changes: Changes;
  readonly clock: { nowUs(): number };
  /** When the session ends by itself, µs; 0 when there is none. */
  readonly liveUntilUs: (token: string) => number;
}

/** The kept answers of one server. */
export function createKeptAnswers({ changes, clock, liveUntilUs }: KeptParts): KeptAnswers & {
  /** To be called before any other hook is added. */
  addFirst(server: Server): void;
  /** To be called when every hook that changes an answer has been added. */
  addLast(server: Server): void;
} {
  const answers = new Map<string, Kept>();
  let bytes = 0;
  let given = 0;

  const drop = (name: string, kept: Kept): void => {
    answers.delete(name);
    bytes -= sizeOf(name, kept);
  };
  const keep = (name: string, kept: Kept): void => {
    const before = answers.get(name);
    if (before !== undefined) drop(name, before);
    answers.set(name, kept);
    bytes += sizeOf(name, kept);
    for (const [oldest, one] of answers) {
      if (answers.size <= ANSWERS_MAX && bytes <= BYTES_MAX) break;
      drop(oldest, one);
    }
  };
  const find = (name: string): Kept | undefined => {
    const kept = answers.get(name);
    if (kept === undefined) return undefined;
    if (clock.nowUs() < kept.untilUs && changes.isUnchanged(kept)) return kept;
    drop(name, kept);
    return undefined;
  };

  return {
    status: () => ({ given, kept: answers.size }),
    addFirst: (server) => {
      server.decorateRequest('cameAt', 0);
      server.decorateRequest('ground', null);
      server.addHook('onRequest', (request, reply, done) => {
        request.cameAt = changes.count();
        const name = nameOf(request);
        const kept = name === undefined ? undefined : find(name);
        if (kept === undefined) return done();
        given += 1;
        reply.hijack();
        giveAgain(request, reply, kept);
      });
    },
    addLast: (server) => {
      server.addHook('onSend', async (request, reply, payload) => {
        const { ground } = request;
        const isKept = ground !== null && reply.statusCode === 200 && typeof payload === 'string';
        if (!isKept || reply.hasHeader('set-cookie')) return payload;
        const etag = `"${sha256Base64Url(payload)}"`;
        reply.header('etag', etag);
        const name = nameOf(request);
        const headers = headersOf(reply);
        if (name !== undefined)
          keep(name, { ...ground, etag, headers, body: Buffer.from(payload) });
        if (request.headers['if-none-match'] !== etag) return payload;
        reply.code(304);
        return null;
      });
    },
    read: (request, work) => {
      const { account, token } = requireCaller(request);
      if (account.role !== 'applicant') return work();
      const { value, tables } = changes.reading(work);
      const untilUs = Math.min(clock.nowUs() + KEPT_US_MAX, liveUntilUs(token));
      const ground = { at: request.cameAt, topics: topicsOf(account), untilUs };
      request.ground = tables === null ? null : { ...ground, tables };
      return value;
    },
  };
}

const sizeOf = (name: string, { body }: Kept): number => name.length + body.length;

/** What an answer is found by: all of a request that its answer follows from. */
function nameOf({ method, url, headers }: FastifyRequest): string | undefined {
  if (method !== 'GET') return undefined;
  const name = `${url}\n${headers.cookie ?? ''}\n${headers.authorization ?? ''}`;
  return name.length > NAME_LENGTH_MAX ? undefined : name;
}

function headersOf(reply: FastifyReply): string[] {
  return Object.entries(reply.getHeaders()).flatMap(([name, value]) =>
    value === undefined || OWN_HEADERS.has(name) ? [] : [name, String(value)],
  );
}

function giveAgain(request: FastifyRequest, { raw }: FastifyReply, kept: Kept): void {
  if (request.headers['if-none-match'] === kept.etag) {
    raw.writeHead(304, kept.headers as string[]).end();
    return;
  }
  const { body, headers } = kept;
  raw.writeHead(200, [...headers, 'content-length', String(body.length)]).end(body);
}
