/**
 * Admission: the one decision of a click day, as a pure function of the calendar and the stamp.
 *
 * Never early: a submission is in time when its stamp *minus the clock's uncertainty* has reached
 * the opening, so that true time has passed it for certain ("after" of Spanner's TrueTime, Corbett
 * et al., OSDI 2012). The close counts the stamp itself: who is in doubt is let in.
 */
import type { ClickDayWindow } from '#engine/calendar/index.ts';

export type AdmissionCode = 'ACCEPT' | 'WRONG_CLICK_DAY' | 'SUSPENDED' | 'TOO_EARLY' | 'CLOSED';

/** Decides on an instant `atUs` with `uncertaintyUs`. `day` undefined: not in the calendar. */
export function admission(
  day: ClickDayWindow | undefined,
  atUs: number,
  uncertaintyUs: number,
): AdmissionCode {
  if (day === undefined) return 'WRONG_CLICK_DAY';
  if (atUs >= day.closesAtUs) return 'CLOSED';
  if (day.suspended) return 'SUSPENDED';
  if (atUs - uncertaintyUs < day.opensAtUs) return 'TOO_EARLY';
  return 'ACCEPT';
}
