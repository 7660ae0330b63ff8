/**
 * The moments at which the countdown speaks: 1 hour, 10 minutes, 1 minute, 10 seconds before the
 * opening, and the opening. Told by crossing: a page that slept does not say the past.
 */
export type Mark = 3600 | 600 | 60 | 10 | 0;

const MARKS: readonly Mark[] = [0, 10, 60, 600, 3600];
/** How late each may be said, seconds; the opening whenever it is noticed. */
const LATEST_S: Readonly<Record<Mark, number>> = {
  3600: 60,
  600: 20,
  60: 4,
  10: 2,
  0: Number.POSITIVE_INFINITY,
};

/** What is to be said now; `beforeS` null: the first look says nothing. */
export function crossedMark(beforeS: number | null, leftS: number): Mark | null {
  if (beforeS === null) return null;
  const crossed = MARKS.find((mark) => leftS <= mark && mark < beforeS);
  return crossed !== undefined && crossed - leftS <= LATEST_S[crossed] ? crossed : null;
}
