/**
 * Rehearsal windows: click days on which people practise the sending, with lines made for it, in a
 * ledger of its own. What tells them from real ones, wherever it matters, is the click day's id:
 * it begins with `PROVA-`, and with it every protocol number that comes of it. So no calendar, old
 * or wrong, can make a practice submission a real one.
 *
 * Practice rests around real openings, so that it never takes anything from one:
 *
 *     … practice ──beforeUs──► opening ──afterUs, or the close──► practice …
 */
import { type Static, Type } from '@sinclair/typebox';

/** How the id of a rehearsal window begins; no other click day's does. */
export const REHEARSAL_PREFIX = 'PROVA-';
/** The window that is there by itself, without an administrator. */
export const STANDING_REHEARSAL = 'PROVA-APERTA';

export function isRehearsalDay(clickDay: string): boolean {
  return clickDay.startsWith(REHEARSAL_PREFIX);
}

/** A click day's times; instants in µs. */
export interface DayTimes {
  readonly opensAtUs: number;
  readonly closesAtUs: number;
  readonly suspended?: boolean;
}

/** How long practice rests before a real opening and after it. */
export const Rest = Type.Object({
  beforeUs: Type.Integer({ minimum: 0 }),
  afterUs: Type.Integer({ minimum: 0 }),
});
export type Rest = Readonly<Static<typeof Rest>>;

/** From when and until when practice rests for a real click day. A suspended one may go on. */
function restOf(day: DayTimes, { beforeUs, afterUs }: Rest): { fromUs: number; untilUs: number } {
  const busyUntilUs = day.suspended ? day.closesAtUs : day.opensAtUs + afterUs;
  return {
    fromUs: day.opensAtUs - beforeUs,
    untilUs: Math.min(day.closesAtUs, busyUntilUs),
  };
}

/** Until when practice rests at `nowUs`; undefined when it does not. `days`: the real ones. */
export function restsUntilUs(
  days: readonly DayTimes[],
  nowUs: number,
  rest: Rest,
): number | undefined {
  const rests = days.map((day) => restOf(day, rest)).sort((a, b) => a.fromUs - b.fromUs);
  let untilUs = nowUs;
  for (const { fromUs, untilUs: endUs } of rests) {
    if (fromUs <= untilUs && endUs > untilUs) untilUs = endUs;
  }
  return untilUs > nowUs ? untilUs : undefined;
}

/** When practice rests next after `nowUs`; infinite when no real opening is known. */
export function nextRestUs(days: readonly DayTimes[], nowUs: number, rest: Rest): number {
  const begins = days.map((day) => restOf(day, rest).fromUs).filter((fromUs) => fromUs > nowUs);
  return Math.min(Number.POSITIVE_INFINITY, ...begins);
}
