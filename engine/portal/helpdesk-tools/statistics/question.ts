/**
 * What is asked of the statistics, and the period of it: whole days of Europe/Rome, cut into hours
 * when they are few and into days when they are many.
 */
import type { DeskHours, DeskStatistics } from '#protocol/desk-tools-api.ts';
import { Refusal } from '../../http/refusal.ts';
import { dayFromIso, dayOf, isoFromDay, romeDay } from '../hours/rome-days.ts';

export interface StatisticsQuestion {
  /** Beginnings of the pieces of the period, rising; the last is the end of the period. */
  readonly edgesUs: readonly number[];
  readonly nowUs: number;
  readonly hours: DeskHours;
}

export type StatisticsAnswer = DeskStatistics;

const DAYS_DEFAULT = 7;
const DAYS_MAX = 366;
const DAYS_BY_HOUR_MAX = 3;
const HOUR_US = 3_600_000_000;

/** Both days belong to it. Refuses STATISTICS_RANGE. */
export function periodOf(
  { from, until }: { from?: string | undefined; until?: string | undefined },
  nowUs: number,
): { from: string; until: string; edgesUs: number[] } {
  const last = until === undefined ? dayOf(nowUs) : dayFromIso(until);
  const first = from === undefined ? last - DAYS_DEFAULT + 1 : dayFromIso(from);
  const days = last - first + 1;
  if (!(days >= 1 && days <= DAYS_MAX)) throw new Refusal('STATISTICS_RANGE');
  const edgesUs = days <= DAYS_BY_HOUR_MAX ? hoursOf(first, last) : daysOf(first, last);
  return { from: isoFromDay(first), until: isoFromDay(last), edgesUs };
}

function daysOf(first: number, last: number): number[] {
  return Array.from({ length: last - first + 2 }, (_, at) => romeDay(first + at).fromUs);
}

/** A day of 23 hours has 23 of them. */
function hoursOf(first: number, last: number): number[] {
  const [fromUs, untilUs] = [romeDay(first).fromUs, romeDay(last).untilUs];
  const count = Math.round((untilUs - fromUs) / HOUR_US);
  return Array.from({ length: count + 1 }, (_, at) => fromUs + at * HOUR_US);
}
