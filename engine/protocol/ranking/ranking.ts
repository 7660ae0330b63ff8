/**
 * The ranking of a click day: entries in the one order get their places.
 *
 *     all entries in order ──► another day's? ──► a repeat? ──► place over the day
 *                                   left out        left out     place in its quota
 *                                                                place in its quota at its office
 *
 * An application that two gates accepted has its earliest entry counted; a later one has no place
 * and moves nobody. Places count from 1 without a gap. A pure function of the entries and of the
 * quotas, so that who has the public logs and the calendar gets what the portal publishes.
 */
import type { LedgerEntry } from '../entry.ts';
import { type Quota, quotaOf } from './quotas.ts';

/** An entry with its places. */
export interface RankedEntry {
  readonly entry: LedgerEntry;
  readonly place: number;
  readonly quota: string;
  readonly quotaPlace: number;
  /** Among the entries of its quota for its office. */
  readonly officePlace: number;
}

/** Gives places to the entries of one click day, which come in the one order, repeats left out. */
export interface Ranking {
  rank(entry: LedgerEntry): RankedEntry;
}

/** Cost O(1) an entry; holds a count for each quota and office. */
export function createRanking(quotas: readonly Quota[]): Ranking {
  const quotaOfModel = new Map<string, string>();
  const counts = new Map<string, number>();
  let last = 0;
  const next = (counted: string) => {
    const count = (counts.get(counted) ?? 0) + 1;
    counts.set(counted, count);
    return count;
  };
  return {
    rank: (entry) => {
      const quota = quotaOfModel.get(entry.model) ?? quotaOf(quotas, entry.model);
      quotaOfModel.set(entry.model, quota);
      last += 1;
      const officePlace = next(`${quota}\n${entry.office}`);
      return { entry, place: last, quota, quotaPlace: next(quota), officePlace };
    },
  };
}

/** True for the first entry of each application. Holds their ids: about 100 bytes each. */
export function createFirstOnly(): (entry: Pick<LedgerEntry, 'application'>) => boolean {
  const seen = new Set<string>();
  return ({ application }) => {
    const before = seen.size;
    return seen.add(application).size > before;
  };
}

/** What of a ranking is wanted; a member that is absent does not restrict. */
export interface RankingFilter {
  readonly quota?: string | undefined;
  readonly office?: string | undefined;
  readonly gate?: string | undefined;
  /** Inclusive, µs. */
  readonly fromUs?: number | undefined;
  /** Exclusive, µs. */
  readonly toUs?: number | undefined;
}

/** Whether a place is wanted. Places are those of the whole day, whatever the filter is. */
export function isWanted(ranked: RankedEntry, filter: RankingFilter): boolean {
  const { office, gate, stampUs } = ranked.entry;
  if (filter.quota !== undefined && filter.quota !== ranked.quota) return false;
  if (filter.office !== undefined && filter.office !== office) return false;
  if (filter.gate !== undefined && filter.gate !== gate) return false;
  return stampUs >= (filter.fromUs ?? 0) && stampUs < (filter.toUs ?? Number.POSITIVE_INFINITY);
}
