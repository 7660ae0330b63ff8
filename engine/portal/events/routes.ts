/** The stream of news, `GET /api/events`: server-sent events over the caller's session. */
import type { ServerResponse } from 'node:http';
import { EventNews, EventsQuery } from '#protocol/events-api.ts';
import type { AccountsTable } from '../../store/database/index.ts';
import { type Caller, requireCaller } from '../http/guard.ts';
import type { Server } from '../http/server.ts';
import type { Sessions } from '../session/index.ts';
import type { EventHub, Sink } from './hub.ts';

const eventStream = {
  description: 'A stream of events; the data of each by its name.',
  content: { 'text/event-stream': { schema: EventNews } },
} as const;

/** Adds the route. */
export function eventRoutes(server: Server, hub: EventHub, sessions: Sessions): void {
  server.get('/api/events', {
    config: { access: 'applicant' },
    schema: {
      summary: 'News of my applications, as server-sent events',
      querystring: EventsQuery,
      response: { 200: eventStream },
    },
    handler: (request, reply) => {
      const caller = requireCaller(request);
      const seen = request.headers['last-event-id'];
      const after = typeof seen === 'string' ? seen : request.query.after;
      const { raw } = reply;
      const sink = sinkOf(raw, () => {
        reply.hijack();
        raw.writeHead(200, {
          ...(reply.getHeaders() as Record<string, string>),
          'content-type': 'text/event-stream; charset=utf-8',
          'cache-control': 'no-store',
          'x-accel-buffering': 'no',
        });
      });
      const close = hub.open(listenerOf(caller, sessions, sink), after);
      raw.once('close', close);
    },
  });
}

function listenerOf({ account, token, kind }: Caller, sessions: Sessions, sink: Sink) {
  return {
    caller: account,
    untilUs: sessions.liveUntilUs(token),
    sink,
    isLive: () => {
      const now = sessions.resolve(token, kind);
      return now !== undefined && isSameReach(account, now);
    },
  };
}

/** Somebody who may see less, or elsewhere, is to ask anew. */
function isSameReach(before: AccountsTable, now: AccountsTable): boolean {
  const decides = ['role', 'organisation', 'member_role', 'must_change_password'] as const;
  return decides.every((name) => before[name] === now[name]);
}

/** The head goes out with the first event: until then the hub may refuse. */
function sinkOf(raw: ServerResponse, begin: () => void): Sink {
  let isBegun = false;
  return {
    write: (text) => {
      if (!isBegun) begin();
      isBegun = true;
      raw.write(text);
    },
    waitingBytes: () => raw.writableLength,
    end: () => void raw.destroy(),
  };
}
