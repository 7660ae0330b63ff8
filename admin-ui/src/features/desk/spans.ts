/**
 * The working hours of a day as they are typed: "08:00-13:00, 14:00-18:00". At most four spans, in
 * order, none touching another; nothing at all is a day that is closed.
 */
import type { DeskHours } from '#protocol/desk-tools-api.ts';

export type Span = DeskHours['week'][number][number];

const SPANS_MAX = 4;
const SPAN = /^(\d{1,2})[:.](\d{2})\s*[-–]\s*(\d{1,2})[:.](\d{2})$/;
const DAY_MINUTES = 24 * 60;

export function spansText(spans: readonly Span[]): string {
  return spans.map(({ from, until }) => `${from}-${until}`).join(', ');
}

/** Null when it is not to be understood. */
export function parseSpans(text: string): Span[] | null {
  const parts = text.split(/[,;]/).map((part) => part.trim());
  const spans = parts.filter((part) => part !== '').map(parseSpan);
  if (spans.length > SPANS_MAX || spans.includes(null)) return null;
  const known = spans.filter((span) => span !== null);
  const isOrdered = known.every(({ from }, index) => {
    const before = known[index - 1];
    return before === undefined || from > before.until;
  });
  return isOrdered ? known : null;
}

function parseSpan(text: string): Span | null {
  const [, h1 = '', m1 = '', h2 = '', m2 = ''] = SPAN.exec(text) ?? [];
  if (h1 === '' || Number(m1) > 59 || Number(m2) > 59) return null;
  const [from, until] = [Number(h1) * 60 + Number(m1), Number(h2) * 60 + Number(m2)];
  if (from >= until || until > DAY_MINUTES) return null;
  return { from: `${h1.padStart(2, '0')}:${m1}`, until: `${h2.padStart(2, '0')}:${m2}` };
}
