/**
 * How a receipt of a practice submission says what it is to a program: a member of the PDF's
 * catalogue. Such a receipt has no seal, so that it can never be taken for one that proves a place;
 * the mark only lets a checker say what it is instead of what it lacks.
 */
export const REHEARSAL_MARK = 'ClickdayRehearsal';

/** Whether a PDF, one character a byte, carries the mark. */
export function isMarkedRehearsal(text: string): boolean {
  return text.includes(`/${REHEARSAL_MARK} true`);
}
