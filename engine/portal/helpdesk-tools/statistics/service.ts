/**
 * Statistics of the desk. Reckoned in a thread, one question at a time, and kept for half a minute:
 * a page that asks again and again costs nothing, and the portal's event loop never waits.
 */
import { Worker } from 'node:worker_threads';
import type { DeskHours, DeskStatistics } from '#protocol/desk-tools-api.ts';
import type { Timers } from '../../../clock/index.ts';
import type { Log } from '../../../foundation/log.ts';
import type { Database } from '../../../store/database/index.ts';
import { Refusal } from '../../http/refusal.ts';
import { periodOf, type StatisticsQuestion } from './question.ts';
import type { StatisticsThreadData } from './thread.ts';

export interface Wish {
  readonly from?: string | undefined;
  readonly until?: string | undefined;
}

export interface Statistics {
  /** Refuses STATISTICS_RANGE, and BUSY when too many different ones are asked for. */
  of(wish: Wish): Promise<DeskStatistics>;
  /** The median of the clock's minutes until a first response, last 24 h; null without any. */
  responseMinutesNow(): number | null;
  close(): Promise<void>;
}

interface Parts {
  readonly database: Database;
  readonly clock: { nowUs(): number };
  readonly timers: Timers;
  readonly log: Log;
  readonly hours: () => DeskHours;
}

const KEPT_US = 30_000_000;
const KEPT_MAX = 20;
const WAITING_MAX = 8;
const THREAD_MS_MAX = 60_000;
const RETRY_MS = 3000;

interface Kept {
  readonly atUs: number;
  readonly answer: Promise<DeskStatistics>;
}

export function createStatistics(parts: Parts): Statistics {
  const { clock, hours } = parts;
  const kept = new Map<string, Kept>();
  const threads = createThreads(parts);
  const responseNow = createResponseNow(parts);
  const drop = (key: string, one: Kept) => {
    if (kept.get(key) === one) kept.delete(key);
  };
  return {
    of: async (wish) => {
      const nowUs = clock.nowUs();
      const { from, until, edgesUs } = periodOf(wish, nowUs);
      const key = `${from} ${until}`;
      const known = kept.get(key);
      if (known !== undefined && Math.abs(nowUs - known.atUs) < KEPT_US) return known.answer;
      const answer = threads.ask({ edgesUs, nowUs, hours: hours() });
      const one = { atUs: nowUs, answer };
      kept.delete(key);
      kept.set(key, one);
      if (kept.size > KEPT_MAX) kept.delete(kept.keys().next().value ?? '');
      answer.catch(() => drop(key, one));
      return answer;
    },
    responseMinutesNow: responseNow,
    close: threads.close,
  };
}

/** One thread at a time; the others wait. */
function createThreads({ database, timers, log }: Parts) {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  let isClosed = false;
  let running: Worker | undefined;
  const run = (question: StatisticsQuestion) =>
    new Promise<DeskStatistics>((resolve, reject) => {
      if (isClosed) return reject(new Refusal('BUSY', { retryAfterMs: RETRY_MS }));
      const worker = new Worker(new URL('./thread.ts', import.meta.url), {
        workerData: { path: database.path, question } satisfies StatisticsThreadData,
        execArgv: ['--disable-warning=ExperimentalWarning'],
      });
      running = worker;
      const cancel = timers.after(THREAD_MS_MAX, () => void worker.terminate());
      worker.once('message', resolve);
      worker.once('error', (error) => {
        log.error({ err: error }, 'the thread of the statistics ended');
        reject(error);
      });
      worker.once('exit', () => {
        cancel();
        running = undefined;
        reject(new Refusal('BUSY', { retryAfterMs: RETRY_MS })); // unless it has answered
      });
    });
  return {
    ask: (question: StatisticsQuestion): Promise<DeskStatistics> => {
      if (waiting >= WAITING_MAX) {
        return Promise.reject(new Refusal('BUSY', { retryAfterMs: RETRY_MS }));
      }
      waiting += 1;
      const answer = last
        .then(() => run(question))
        .finally(() => {
          waiting -= 1;
        });
      last = answer.catch(() => undefined);
      return answer;
    },
    close: async () => {
      isClosed = true;
      await running?.terminate();
      await last;
    },
  };
}

const DAY_US = 24 * 3_600_000_000;
const MINUTE_US = 60_000_000;
const RESPONSE_KEPT_US = 60_000_000;
/** The newest responses; of more the median is the same, and reading them would take longer. */
const RESPONSES_READ = 2_000;

/** For everybody who opens the form, so it is read once a minute, along an index alone. */
function createResponseNow({ database, clock }: Parts): () => number | null {
  let [atUs, minutes]: [number | undefined, number | null] = [undefined, null];
  return () => {
    const nowUs = clock.nowUs();
    if (atUs !== undefined && Math.abs(nowUs - atUs) < RESPONSE_KEPT_US) return minutes;
    const responses = database.build
      .selectFrom('tickets')
      .select(['first_response_at_us', 'created_at_us'])
      .where('first_response_at_us', '>', nowUs - DAY_US)
      .orderBy('first_response_at_us', 'desc')
      .limit(RESPONSES_READ);
    const took = database
      .all(responses)
      .map((row) => Number(row.first_response_at_us) - row.created_at_us)
      .sort((one, other) => one - other);
    const middle = took[Math.floor((took.length - 1) / 2)];
    [atUs, minutes] = [nowUs, middle === undefined ? null : Math.round(middle / MINUTE_US)];
    return minutes;
  };
}
