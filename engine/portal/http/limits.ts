/**
 * How often one caller may try what is worth guessing or costs a core. Counted in memory of this
 * process: a restart forgets, which is harmless at these windows.
 */
import type { FastifyRequest } from 'fastify';
import type { PortalLimits } from '../settings.ts';
import { Refusal } from './refusal.ts';
import type { Server } from './server.ts';

/** Counts the request; throws REQUESTS_TOO_MANY when it is one too many. */
export type Limit = (request: FastifyRequest) => Promise<void>;

export interface Limiters {
  readonly login: Limit;
  readonly registration: Limit;
  /** What sends a mail to an address that somebody names. */
  readonly mailing: Limit;
  readonly link: Limit;
  readonly entry: Limit;
  readonly ranking: Limit;
  readonly rankingList: Limit;
  readonly deviceCode: Limit;
  readonly devicePoll: Limit;
  readonly deviceTry: Limit;
  readonly upload: Limit;
  readonly practice: Limit;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const LOOPBACK = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

/** Whether nothing is counted for this caller: the rehearsal's own machine. */
export function isUnlimited(request: FastifyRequest, limits: PortalLimits): boolean {
  return !limits.isLoopbackLimited && LOOPBACK.has(request.ip);
}

/** The limits of the door: by address, and by the account or mailbox that is named. */
export function createLimiters(server: Server, limits: PortalLimits): Limiters {
  const limit = (name: string, max: number, timeWindow: number, keyOf: KeyOf): Limit => {
    const keyGenerator = (request: FastifyRequest) => `${name}:${keyOf(request)}`;
    const count = server.createRateLimit({ max, timeWindow, keyGenerator });
    return async (request) => {
      if (isUnlimited(request, limits)) return;
      const outcome = await count(request);
      if (!outcome.isAllowed && outcome.isExceeded) {
        throw new Refusal('REQUESTS_TOO_MANY', { retryAfterMs: outcome.ttl });
      }
    };
  };
  const byAddress = (request: FastifyRequest) => request.ip;
  return {
    login: limit('login-address', limits.loginsPerMinutePerAddress, MINUTE_MS, byAddress),
    mailing: both(
      limit('mailing-address', limits.registrationsPerMinutePerAddress, MINUTE_MS, byAddress),
      limit('mailing-mailbox', limits.registrationsPerHourPerEmail, HOUR_MS, emailOf),
    ),
    registration: both(
      limit('register-address', limits.registrationsPerMinutePerAddress, MINUTE_MS, byAddress),
      limit('register-mailbox', limits.registrationsPerHourPerEmail, HOUR_MS, emailOf),
    ),
    link: limit('link-address', limits.loginsPerMinutePerAddress, MINUTE_MS, byAddress),
    entry: limit('entry-address', limits.entriesPerMinutePerAddress, MINUTE_MS, byAddress),
    ranking: limit('ranking-address', limits.rankingsPerMinutePerAddress, MINUTE_MS, byAddress),
    upload: limit('upload-account', limits.uploadsPerMinutePerAccount, MINUTE_MS, emailOf),
    practice: limit('practice', limits.practicePerMinutePerAccount, MINUTE_MS, emailOf),
    rankingList: limit('list-address', limits.listsPerMinutePerAddress, MINUTE_MS, byAddress),
    deviceCode: limit('device', limits.deviceCodesPerMinutePerAddress, MINUTE_MS, byAddress),
    devicePoll: limit('device-poll', limits.devicePollsPerMinutePerAddress, MINUTE_MS, byAddress),
    deviceTry: limit('device-try', limits.deviceTriesPerMinutePerAccount, MINUTE_MS, emailOf),
  };
}

type KeyOf = (request: FastifyRequest) => string;

function both(first: Limit, second: Limit): Limit {
  return async (request) => {
    await first(request);
    await second(request);
  };
}

/** The named mailbox, or for a signed-in caller their own. */
function emailOf(request: FastifyRequest): string {
  const named = (request.body as { email?: unknown } | undefined)?.email;
  if (typeof named === 'string') return named.trim().toLowerCase();
  return request.caller?.account.email ?? request.ip;
}
