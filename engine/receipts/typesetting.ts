/**
 * Fitting a value into its place: one line at full size, smaller down to 8 points, then two and
 * three lines, at last cut with an ellipsis (which at 6 points needs more than 300 letters).
 */
import { type Faces, type Ink, type TextStyle, widthOf } from './ink.ts';
import type { Slot } from './page.ts';

/** One value set into lines. */
export interface Setting {
  readonly lines: readonly string[];
  readonly size: number;
}

const STEPS: readonly { readonly scale: number; readonly lines: number }[] = [
  { scale: 1, lines: 1 },
  { scale: 0.9, lines: 1 },
  { scale: 0.8, lines: 1 },
  { scale: 0.8, lines: 2 },
  { scale: 0.7, lines: 2 },
  { scale: 0.56, lines: 3 },
];
const LEADING = 1.12;
const RISE = 0.34;

/** A value as it can be set: composed accents, no control characters, single spaces. */
export function tidyText(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim();
}

/** The largest setting of `text` that fits into `width` points. */
export function setIntoLines(text: string, style: TextStyle, width: number, faces: Faces): Setting {
  for (const step of STEPS) {
    const size = style.size * step.scale;
    const lines = wrap(text, { ...style, size }, width, faces);
    if (lines.length <= step.lines) return { lines, size };
  }
  const last = STEPS.at(-1)!;
  const size = style.size * last.scale;
  const lines = wrap(text, { ...style, size }, width, faces).slice(0, last.lines);
  const cut = Array.from(lines.at(-1)!).slice(0, -2).join('');
  return { lines: [...lines.slice(0, -1), `${cut}…`], size };
}

/** Sets `text` around the middle line of its place. */
export function setValue(ink: Ink, at: Slot, text: string, style: TextStyle, faces: Faces): void {
  const { lines, size } = setIntoLines(tidyText(text), style, at.width, faces);
  const leading = size * LEADING;
  const top = at.y + ((lines.length - 1) * leading) / 2 - size * RISE;
  lines.forEach((line, index) => {
    ink.text({ x: at.x, y: top - index * leading }, line, { ...style, size });
  });
}

/** Breaks at spaces, and inside a word only when it is wider than the line. */
function wrap(text: string, style: TextStyle, width: number, faces: Faces): string[] {
  if (widthOf(text, style, faces) <= width) return [text];
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const joined = line === '' ? word : `${line} ${word}`;
    if (widthOf(joined, style, faces) <= width) {
      line = joined;
      continue;
    }
    if (line !== '') lines.push(line);
    const pieces = breakWord(word, style, width, faces);
    line = pieces.pop()!;
    lines.push(...pieces);
  }
  lines.push(line);
  return lines;
}

/** Breaks after a separator of addresses and numbers where there is one, else anywhere. */
function breakWord(word: string, style: TextStyle, width: number, faces: Faces): string[] {
  const pieces: string[] = [];
  let piece = '';
  for (const letter of word) {
    if (widthOf(piece + letter, style, faces) > width && piece !== '') {
      const cut = piece.search(/[/.@?&=-][^/.@?&=-]*$/) + 1;
      const at = cut > piece.length / 2 ? cut : piece.length;
      pieces.push(piece.slice(0, at));
      piece = piece.slice(at);
    }
    piece += letter;
  }
  return [...pieces, piece];
}
