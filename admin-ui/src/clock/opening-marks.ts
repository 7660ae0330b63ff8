/**
 * The moments at which a countdown speaks: 1 hour, 10 minutes, 1 minute, 10 seconds before the
 * opening, and the opening. Told by crossing, not by the exact second: a browser that lets the
 * page sleep for a while may skip a second, and what was missed by more than a little is not said
 * late ("opens in 10 minutes" when there are nine).
 */
export type OpeningMark = 3600 | 600 | 60 | 10 | 0;

const marks: readonly OpeningMark[] = [0, 10, 60, 600, 3600];

/** How late each may be said, seconds. The opening is said whenever it is noticed. */
const latestS: Readonly<Record<OpeningMark, number>> = {
  3600: 60,
  600: 20,
  60: 4,
  10: 2,
  0: Number.POSITIVE_INFINITY,
};

/**
 * What is to be said now: the nearest mark crossed since the last look, or null.
 * @param beforeS whole seconds left at the last look, null at the first one
 * @param leftS whole seconds left now; 0 or less: it is open
 */
export function crossedMark(beforeS: number | null, leftS: number): OpeningMark | null {
  if (beforeS === null) return null;
  const crossed = marks.find((mark) => leftS <= mark && mark < beforeS);
  return crossed !== undefined && crossed - leftS <= latestS[crossed] ? crossed : null;
}
