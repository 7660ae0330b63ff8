/**
 * Questions and answers flowing down A4 pages. Every page has the same head and foot; how many
 * pages there are is known at the end, so heads and feet are drawn then.
 */
import { degrees, type PDFDocument, type PDFFont, type PDFPage, rgb } from 'pdf-lib';

/** What stands on every page. */
export interface SheetFrame {
  readonly title: string;
  /** A word at the right of the head. */
  readonly kind: string;
  readonly note: string;
  readonly id: string;
  /** `kind` stands across the page too. */
  readonly isDraft: boolean;
  readonly pageText: (page: number, pages: number) => string;
}

export interface Answer {
  readonly label: string;
  readonly value: string;
}

export interface Sheet {
  heading(text: string): void;
  answer(answer: Answer): void;
  /** Heads and feet. Once, at the end. */
  finish(): void;
}

const PAGE = { width: 595.28, height: 841.89, margin: 50 } as const;
const WIDTH = PAGE.width - 2 * PAGE.margin;
const HEAD = 56;
const TOP = PAGE.height - HEAD - 22;
const BOTTOM = 54;
const SIZE = { title: 14, section: 11.5, text: 9.5, note: 8, mark: 110 } as const;
const LEADING = 1.3;
const LABEL_WIDTH = 220;
const GAP = 12;
const ROW_GAP = 5;
/** A heading keeps this many rows with it. */
const ROWS_TOGETHER = 2;
const INK = rgb(0.09, 0.2, 0.3);
const QUIET = rgb(0.27, 0.36, 0.44);
const BLUE = rgb(0, 0.4, 0.8);
const LINE = rgb(0.77, 0.82, 0.86);
const WHITE = rgb(1, 1, 1);
const RED = rgb(0.69, 0, 0.13);

/** An empty sheet. */
export function createSheet(document: PDFDocument, font: PDFFont, frame: SheetFrame): Sheet {
  const printable = printableWith(font);
  const pages: PDFPage[] = [];
  let page = document.addPage([PAGE.width, PAGE.height]);
  pages.push(page);
  let y = TOP;

  const room = (height: number) => {
    if (y - height >= BOTTOM) return;
    page = document.addPage([PAGE.width, PAGE.height]);
    pages.push(page);
    y = TOP;
  };
  const text = (line: string, x: number, size: number, color: typeof INK) =>
    page.drawText(line, { x, y, size, font, color });

  return {
    heading: (title) => {
      const row = SIZE.text * LEADING + ROW_GAP;
      if (y < TOP) y -= GAP;
      room(SIZE.section * LEADING + GAP + ROWS_TOGETHER * row);
      y -= SIZE.section * LEADING;
      text(fitted(printable(title), font, SIZE.section, WIDTH), PAGE.margin, SIZE.section, BLUE);
      y -= ROW_GAP;
      rule(page, y, BLUE, 1);
    },
    answer: ({ label, value }) => {
      const size = SIZE.text;
      const valueX = PAGE.margin + LABEL_WIDTH + GAP;
      const labels = wrap(printable(label), font, size, LABEL_WIDTH);
      const values = wrap(printable(value), font, size, PAGE.width - PAGE.margin - valueX);
      const count = Math.max(labels.length, values.length);
      const rest = { from: 0 };
      while (rest.from < count) {
        room(size * LEADING + ROW_GAP);
        const fits = Math.max(1, Math.floor((y - BOTTOM - ROW_GAP) / (size * LEADING)));
        const end = Math.min(count, rest.from + fits);
        for (; rest.from < end; rest.from += 1) {
          y -= size * LEADING;
          text(labels[rest.from] ?? '', PAGE.margin, size, QUIET);
          text(values[rest.from] ?? '', valueX, size, INK);
        }
      }
      y -= ROW_GAP;
      rule(page, y, LINE, 0.4);
    },
    finish: () => {
      pages.forEach((each, index) => {
        drawFrame(each, font, {
          ...frame,
          title: printable(frame.title),
          foot: frame.pageText(index + 1, pages.length),
        });
      });
    },
  };
}

function rule(page: PDFPage, y: number, color: typeof INK, thickness: number): void {
  const end = { x: PAGE.width - PAGE.margin, y };
  page.drawLine({ start: { x: PAGE.margin, y }, end, color, thickness });
}

function drawFrame(page: PDFPage, font: PDFFont, frame: SheetFrame & { foot: string }): void {
  const bottom = PAGE.height - HEAD;
  const right = PAGE.width - PAGE.margin;
  const ending = (line: string, size: number, at: { y: number; color: typeof INK }) =>
    page.drawText(line, { ...at, x: right - font.widthOfTextAtSize(line, size), size, font });
  page.drawRectangle({ x: 0, y: bottom, width: PAGE.width, height: HEAD, color: BLUE });
  const kindWidth = font.widthOfTextAtSize(frame.kind, SIZE.section) + GAP;
  const title = fitted(frame.title, font, SIZE.title, WIDTH - kindWidth);
  const head = { y: bottom + 22, color: WHITE };
  page.drawText(title, { ...head, x: PAGE.margin, size: SIZE.title, font });
  ending(frame.kind, SIZE.section, head);
  const foot = { size: SIZE.note, font, color: QUIET };
  page.drawText(frame.note, { x: PAGE.margin, y: 34, ...foot });
  page.drawText(frame.id, { x: PAGE.margin, y: 22, ...foot });
  ending(frame.foot, SIZE.note, { y: 34, color: QUIET });
  if (!frame.isDraft) return;
  const half = font.widthOfTextAtSize(frame.kind, SIZE.mark) / 2;
  const angle = Math.PI / 4;
  page.drawText(frame.kind, {
    x: PAGE.width / 2 - half * Math.cos(angle) + 30,
    y: PAGE.height / 2 - half * Math.sin(angle),
    ...{ size: SIZE.mark, font, color: RED, opacity: 0.1, rotate: degrees(45) },
  });
}

function printableWith(font: PDFFont): (text: string) => string {
  const known = new Set(font.getCharacterSet());
  return (text) =>
    Array.from(text.normalize('NFC'), (letter) => {
      if (/\s/u.test(letter)) return ' ';
      return known.has(letter.codePointAt(0) ?? 0) ? letter : '?';
    }).join('');
}

/** One line, cut with an ellipsis when it is wider. */
function fitted(text: string, font: PDFFont, size: number, width: number): string {
  const [first = '', ...rest] = wrap(text, font, size, width);
  return rest.length === 0 ? first : `${first.slice(0, -1)}…`;
}

/** Lines no wider than `width`; a word wider than a line is cut. */
function wrap(text: string, font: PDFFont, size: number, width: number): string[] {
  const fits = (line: string) => font.widthOfTextAtSize(line, size) <= width;
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (fits(longer)) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    line = word;
    while (!fits(line)) {
      let cut = line.length - 1;
      while (cut > 1 && !fits(line.slice(0, cut))) cut -= 1;
      lines.push(line.slice(0, cut));
      line = line.slice(cut);
    }
  }
  return [...lines, line];
}
