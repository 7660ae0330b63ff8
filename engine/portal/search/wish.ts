/** From the parameters of an address to a search, and from a place in a list to a cursor. */

import { HISTORY_STATUSES } from '#protocol/history.ts';
import { ApplicationStatus } from '#protocol/portal-api.ts';
import type { ApplicationsQuery, Sort } from '#protocol/search-api.ts';
import { usFromIso } from '#protocol/time.ts';
import { todayInRome } from '../applications/refresh.ts';
import { Refusal } from '../http/refusal.ts';
import type { Filters, Position, Scope, SearchQuery } from './query.ts';

const LIMIT_DEFAULT = 25;
const LIMIT_MAX = 100;
const SORT_DEFAULT = '-created';
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Of Rome against UTC, winter and summer. */
const ROME_HOURS = [1, 2];
const MARK = 's.';
const STATUSES: ReadonlySet<string> = new Set([
  ...((ApplicationStatus as { enum?: readonly string[] }).enum ?? []),
  ...HISTORY_STATUSES,
]);

/** Refuses REQUEST_INVALID what no schema can check. */
export function searchOf(query: ApplicationsQuery, scope: Scope): SearchQuery {
  const { sort = SORT_DEFAULT, cursor, limit } = query;
  const isDescending = sort.startsWith('-');
  const key = sort.replace('-', '') as Sort;
  const bounded = Math.min(Number(limit ?? LIMIT_DEFAULT), LIMIT_MAX);
  const wish = { scope, filters: filtersOf(query), sort: key, isDescending, limit: bounded };
  if (cursor === undefined) return wish;
  return cursor.startsWith(MARK)
    ? { ...wish, after: positionIn(cursor, key) }
    : { ...wish, afterId: cursor };
}

/** The cursor of the page behind `position`, in this order only. */
export function cursorOf(sort: Sort, { key, rest, n }: Position): string {
  return MARK + Buffer.from(JSON.stringify([sort, key, rest, n])).toString('base64url');
}

function positionIn(cursor: string, wanted: Sort): Position {
  try {
    const text = Buffer.from(cursor.slice(MARK.length), 'base64url').toString();
    const [sort, key, rest, n] = JSON.parse(text) as unknown[];
    const isNumber = (value: unknown) => typeof value === 'number' && Number.isFinite(value);
    const isRight = sort === wanted && isNumber(rest) && isNumber(n);
    if (isRight && (key === null || isNumber(key))) return { key, rest, n } as Position;
  } catch (cause) {
    if (!(cause instanceof SyntaxError || cause instanceof TypeError)) throw cause;
  }
  throw new Refusal('REQUEST_INVALID');
}

function filtersOf(query: ApplicationsQuery): Filters {
  const status = listed(query.status);
  if (status?.some((word) => !STATUSES.has(word))) throw new Refusal('REQUEST_INVALID');
  const from = query.from === undefined ? undefined : usOf(query.from, 0);
  const to = query.to === undefined ? undefined : usOf(query.to, 1);
  const listedOf = {
    ...{ status, clickDay: listed(query.clickDay), model: listed(query.model) },
    ...{ office: listed(query.office), nationality: listed(query.nationality) },
    ...{ decree: listed(query.decree), year: listed(query.year)?.map(Number) },
  };
  const texts = {
    ...{ protocol: trimmed(query.protocol), worker: trimmed(query.worker) },
    ...{ employer: trimmed(query.employer), text: trimmed(query.q) },
  };
  const all = Object.entries({ ...listedOf, ...texts, fromUs: from, toUs: to });
  return Object.fromEntries(all.filter(([, value]) => value !== undefined)) as Filters;
}

function listed(text: string | undefined): string[] | undefined {
  return text?.split(',');
}

/** Blanks only: not asked for. */
function trimmed(text: string | undefined): string | undefined {
  return text?.trim() || undefined;
}

/** An instant, or midnight in Rome at the beginning of a day, `daysLater` after it. */
function usOf(moment: string, daysLater: number): number {
  const us = moment.includes('T') ? usFromIso(moment) : midnightUs(moment, daysLater);
  if (Number.isNaN(us)) throw new Refusal('REQUEST_INVALID');
  return us;
}

function midnightUs(day: string, daysLater: number): number {
  const dayMs = Date.parse(`${day}T00:00:00Z`);
  // `Date` takes 30 February for 2 March.
  if (Number.isNaN(dayMs) || !new Date(dayMs).toISOString().startsWith(day)) return Number.NaN;
  const utcMs = dayMs + daysLater * DAY_MS;
  const wanted = new Date(utcMs).toISOString().slice(0, 10);
  const found = ROME_HOURS.map((hours) => (utcMs - hours * HOUR_MS) * 1000).find(
    (us) => todayInRome(us) === wanted && todayInRome(us - 1000) !== wanted,
  );
  return found ?? Number.NaN;
}

/** True when only the list's own restrictions are asked for, in its own order. */
export function isPlain(query: ApplicationsQuery): boolean {
  const { status, clickDay, model, cursor = '', limit: _limit, by: _by, ...rest } = query;
  const isSingle = [status, clickDay, model].every((text) => !text?.includes(','));
  const isRest = Object.values(rest).some((value) => value !== undefined);
  return isSingle && !isRest && !cursor.startsWith(MARK) && isKnownStatus(status);
}

function isKnownStatus(status: string | undefined): boolean {
  return status === undefined || STATUSES.has(status);
}
