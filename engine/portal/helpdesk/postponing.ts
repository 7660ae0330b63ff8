/**
 * Postponing: a ticket that can wait leaves the queues until a day begins in Rome, and comes back
 * by itself then, or at once when anything moves it on: a word of the user, an answer, a merge
 * (`change.ts`). Its promises of time run on, so one that is broken stands among those out of time.
 */
import type { Database, TicketRow } from '../../store/database/index.ts';
import { dayFromIso, dayOf, romeDay } from '../helpdesk-tools/hours/rome-days.ts';
import { Refusal } from '../http/refusal.ts';

/** A year. */
const DAYS_MAX = 366;

/** The beginning of the day. Refuses REQUEST_INVALID unless it is tomorrow or later. */
export function postponedUntil(day: string, nowUs: number): number {
  const number = dayFromIso(day);
  const ahead = number - dayOf(nowUs);
  if (!(ahead >= 1 && ahead <= DAYS_MAX)) throw new Refusal('REQUEST_INVALID');
  return romeDay(number).fromUs;
}

/** What of the postponed tells which counts they are in. */
export type Postponed = Pick<TicketRow, 'side' | 'kind' | 'language' | 'team' | 'assignee'>;

export function postponedTickets({ build, all }: Database): Postponed[] {
  return all(
    build
      .selectFrom('tickets')
      .select(['side', 'kind', 'language', 'team', 'assignee'])
      .where('postponed_until_us', 'is not', null),
  );
}

/** Those whose day has come. */
export function returningTickets({ build, all }: Database, nowUs: number, limit: number) {
  return all(
    build
      .selectFrom('tickets')
      .selectAll()
      .where('postponed_until_us', '<=', nowUs)
      .orderBy('postponed_until_us')
      .limit(limit),
  );
}
