/**
 * The public ranking as it is asked for: pages, summaries, arrivals. All of it rests on final
 * places, so an answer depends on nothing but what was asked and on how many places there are: that
 * is its ETag, and what repeated questions are answered from.
 */
import type { RankingHistogram, RankingPage, RankingSummary } from '#protocol/ranking/api.ts';
import { type Quota, quotasOf } from '#protocol/ranking/quotas.ts';
import type { RankingFilter } from '#protocol/ranking/ranking.ts';
import { isoFromUs } from '#protocol/time.ts';
import type { Calendar } from '../calendar/service.ts';
import { Refusal } from '../http/refusal.ts';
import type { RankingSource } from './source.ts';

export interface PageWish {
  readonly filter: RankingFilter;
  readonly application: string | undefined;
  readonly after: number;
  readonly limit: number;
}

export interface RankingService {
  /** Every click day of the calendar, and any other that has a place. */
  summaries(): RankingSummary[];
  /** Throws NOT_FOUND for a day that is neither in the calendar nor has a place. */
  summary(clickDay: string): RankingSummary;
  page(clickDay: string, wish: PageWish): RankingPage;
  histogram(clickDay: string, filter: RankingFilter): RankingHistogram;
  /** Changes when an answer about this day may change. */
  version(clickDay: string): string;
}

const CACHED_MAX = 64;

export function createRankingService(parts: {
  readonly rankings: RankingSource;
  readonly calendar: Pick<Calendar, 'all' | 'byId'>;
}): RankingService {
  const { rankings, calendar } = parts;
  const cached = new Map<string, { version: string; answer: RankingHistogram }>();

  const knownDay = (clickDay: string) => {
    const day = calendar.byId(clickDay);
    const summary = rankings.summary(clickDay);
    if (day === undefined && summary.count === 0) throw new Refusal('NOT_FOUND');
    return { day, summary };
  };
  const finalUntil = (lastStampUs: number | null) =>
    lastStampUs === null ? null : isoFromUs(lastStampUs + 1);

  const summaryOf = (clickDay: string): RankingSummary => {
    const { day, summary } = knownDay(clickDay);
    return {
      clickDay,
      count: summary.count,
      finalUntil: finalUntil(summary.lastStampUs),
      quotas: quotaTallies(quotasOf(day?.rules ?? []), summary.quotas),
      offices: tallies(summary.offices),
      gates: tallies(summary.gates),
    };
  };

  const version = (clickDay: string) => {
    const { day, summary } = knownDay(clickDay);
    const places = quotasOf(day?.rules ?? []).map((quota) => quota.places ?? 0);
    return [summary.count, day?.opensAtUs ?? 0, ...places].join('-');
  };

  const pageOf = (clickDay: string, wish: PageWish): RankingPage => {
    const { count, lastStampUs } = knownDay(clickDay).summary;
    const { filter, application, after, limit } = wish;
    const answer = { clickDay, count, finalUntil: finalUntil(lastStampUs) };
    if (application !== undefined) {
      const place = rankings.find(clickDay, application);
      const until = place ?? 0;
      const rows = rankings.rows(clickDay, { filter, after: until - 1, until, limit: 1 });
      return { ...answer, total: rows.length, rows, next: null };
    }
    const found = rankings.rows(clickDay, { filter, after, until: count, limit: limit + 1 });
    const rows = found.slice(0, limit);
    const next = found.length > limit ? String(rows.at(-1)?.place) : null;
    return { ...answer, total: rankings.count(clickDay, filter, count), rows, next };
  };

  const histogramOf = (clickDay: string, filter: RankingFilter): RankingHistogram => {
    const { day, summary } = knownDay(clickDay);
    const opensAtUs = day?.opensAtUs ?? summary.lastStampUs ?? 0;
    const arrivals = rankings.arrivals(clickDay, { opensAtUs, filter });
    const opensAt = isoFromUs(opensAtUs);
    return { clickDay, opensAt, finalUntil: finalUntil(summary.lastStampUs), ...arrivals };
  };

  return {
    summaries: () => {
      const ids = [...calendar.all().map(({ id }) => id), ...rankings.clickDays()];
      return [...new Set(ids)].map(summaryOf);
    },
    summary: summaryOf,
    page: pageOf,
    histogram: (clickDay, filter) => {
      const key = JSON.stringify([clickDay, filter]);
      const now = version(clickDay);
      const known = cached.get(key);
      if (known?.version === now) return known.answer;
      const answer = histogramOf(clickDay, filter);
      cached.delete(key);
      if (cached.size === CACHED_MAX) cached.delete(cached.keys().next().value ?? '');
      cached.set(key, { version: now, answer });
      return answer;
    },
    version,
  };
}

/** Published quotas first, in their order, also those without a place; then models of their own. */
function quotaTallies(quotas: readonly Quota[], counts: ReadonlyMap<string, number>) {
  const published = quotas.map(({ id, models, places }) => ({
    ...{ id, count: counts.get(id) ?? 0, models: [...models] },
    places: places ?? null,
  }));
  const own = tallies(counts).filter(({ id }) => !quotas.some((quota) => quota.id === id));
  return [...published, ...own.map((each) => ({ ...each, models: [each.id], places: null }))];
}

function tallies(counts: ReadonlyMap<string, number>) {
  const all = Array.from(counts, ([id, count]) => ({ id, count }));
  return all.toSorted((one, other) => (one.id < other.id ? -1 : 1));
}
