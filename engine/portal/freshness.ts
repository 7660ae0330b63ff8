/**
 * What follows the changes of the database: answers that are kept while nothing has changed, and
 * open pages that are told what has; both with a breath between pieces of work beside a gate.
 */
import { createEventHub } from './events/hub.ts';
import { newsReader } from './events/news.ts';
import { createBreath } from './http/breath.ts';
import { createKeptAnswers } from './http/kept-answers.ts';
import type { Server } from './http/server.ts';
import type { PortalOptions } from './portal.ts';
import type { Sessions } from './session/index.ts';

const SHARES = 1_000_000;

/** Watches the database from now on. */
export function createFreshness(options: PortalOptions, { liveUntilUs }: Sessions) {
  const { database, models, clock, random, config } = options;
  const changes = database.watch();
  const breathe = config.isBesideGate ? createBreath(clock) : () => undefined;
  const kept = createKeptAnswers({ changes, clock, liveUntilUs });
  const events = createEventHub({
    ...{ ...options, changes, breathe, limits: config.limits, run: random.id() },
    readNews: newsReader(database, models),
    share: () => random.integer(SHARES) / SHARES,
  });
  return {
    kept,
    events,
    gauges: gaugesOf(kept, events),
    addFirst: (server: Server) => {
      server.addHook('onRequest', (_request, _reply, done) => {
        breathe();
        done();
      });
      kept.addFirst(server);
    },
    addLast: kept.addLast,
  };
}

function gaugesOf(
  kept: ReturnType<typeof createKeptAnswers>,
  events: ReturnType<typeof createEventHub>,
) {
  return {
    clickday_portal_answers_given_again: {
      help: 'Answers given from memory since the start',
      read: () => kept.status().given,
    },
    clickday_portal_answers_kept: {
      help: 'Answers in memory',
      read: () => kept.status().kept,
    },
    clickday_portal_event_streams: {
      help: 'Open pages that hear of changes',
      read: () => events.status().open,
    },
    clickday_portal_events_told: {
      help: 'Events told to open pages since the start',
      read: () => events.status().told,
    },
    clickday_portal_event_streams_dropped: {
      help: 'Open pages dropped since the start because they did not read',
      read: () => events.status().dropped,
    },
  };
}
