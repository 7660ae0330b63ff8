/**
 * The letters of the summary: DejaVu Sans Condensed, which has Latin with all its accents, Greek,
 * Cyrillic, Arabic, Hebrew, Armenian and Georgian, embedded as the subset that a sheet needs.
 *
 *     "Ahmed محمد علي, 3" ─► runs of one direction ─► each shaped (Arabic letters join) ─► drawn
 *
 * A letter that it lacks (Chinese, Devanagari …) becomes a box, never another letter: the sheet
 * says so, and where the whole name is.
 */
import fontkit from '@pdf-lib/fontkit';
import {
  type Color,
  degrees,
  drawText,
  type PDFDocument,
  type PDFFont,
  PDFHexString,
  type PDFName,
  type PDFOperator,
  type PDFPage,
  popGraphicsState,
  pushGraphicsState,
  setLineWidth,
  setStrokingColor,
  setTextRenderingMode,
  TextRenderingMode,
} from 'pdf-lib';
import { summaryFont } from './font.ts';

/** Stands for a letter that the font lacks; the font has it. */
const LACKING = '▯';
/** How wide the outline of bold letters is, of their size: a bold font would be 660 KB more. */
const BOLD_WIDTH = 0.022;
const RTL = '[\\p{Script=Arabic}\\p{Script=Hebrew}]';
/** Letters that stand for themselves wherever they stand: no neighbour changes their form. */
const PLAIN = /^[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{N}\p{P}\p{S} ]*$/u;
const RTL_RUN = new RegExp(`${RTL}+(?:[\\s\\p{M}\\p{P}]+${RTL}+)*`, 'gu');

export interface Lettered {
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly color: Color;
  readonly isBold: boolean;
}

/** How a text is drawn: its glyphs as the page's text has them, its width at size 1. */
interface Shape {
  readonly hex: string;
  readonly width: number;
}

export class Lettering {
  readonly lacking = LACKING;
  readonly #font: PDFFont;
  readonly #known: ReadonlySet<number>;
  readonly #plain = new Map<string, Shape>();

  private constructor(font: PDFFont) {
    this.#font = font;
    this.#known = new Set(font.getCharacterSet());
  }

  /** Embeds the font; some tens of milliseconds. */
  static async of(pdf: PDFDocument): Promise<Lettering> {
    pdf.registerFontkit(fontkit);
    return new Lettering(await pdf.embedFont(summaryFont(), { subset: true }));
  }

  /** Whether every letter is shown as it is. */
  canShow(text: string): boolean {
    return !this.#shown(text).includes(LACKING);
  }

  widthOf(text: string, size: number): number {
    const runs = runsOf(this.#shown(text));
    return runs.reduce((sum, run) => sum + this.#shaped(run).width * size, 0);
  }

  /** As much of a text as the width has room for. */
  fitted(text: string, size: number, width: number): string {
    let kept = [...text.normalize('NFC')];
    if (this.widthOf(text, size) <= width) return text;
    while (kept.length > 0 && this.widthOf(`${kept.join('')}…`, size) > width) {
      kept = kept.slice(0, -1);
    }
    return `${kept.join('')}…`;
  }

  /** What draws a text; `key` is the font's name on the page, see `keyOn`. */
  drawn(key: PDFName, text: string, { x, y, size, color, isBold }: Lettered): PDFOperator[] {
    const outline = [
      setTextRenderingMode(TextRenderingMode.FillAndOutline),
      setLineWidth(size * BOLD_WIDTH),
      setStrokingColor(color),
    ];
    const operators = [pushGraphicsState(), ...(isBold ? outline : [])];
    const upright = { rotate: degrees(0), xSkew: degrees(0), ySkew: degrees(0) };
    let at = x;
    for (const run of runsOf(this.#shown(text))) {
      const placed = { x: at, y, size, color, font: key, ...upright };
      const { hex, width } = this.#shaped(run);
      operators.push(...drawText(PDFHexString.of(hex), placed));
      at += width * size;
    }
    return [...operators, popGraphicsState()];
  }

  /** Names the font on a page. */
  keyOn(page: PDFPage): PDFName {
    return page.node.newFontDictionary(this.#font.name, this.#font.ref);
  }

  /** Letter by letter where that is the same: the same hundred letters draw ten thousand words. */
  #shaped(run: string): Shape {
    if (!PLAIN.test(run)) return this.#shape(run);
    let [hex, width] = ['', 0];
    for (const letter of run) {
      const shape = this.#plain.get(letter) ?? this.#shape(letter);
      this.#plain.set(letter, shape);
      hex += shape.hex;
      width += shape.width;
    }
    return { hex, width };
  }

  #shape(run: string): Shape {
    const hex = this.#font.encodeText(run).asString();
    return { hex, width: this.#font.widthOfTextAtSize(run, 1) };
  }

  #shown(text: string): string {
    const letters = [...text.normalize('NFC').replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')];
    return letters
      .map((letter) => (this.#known.has(letter.codePointAt(0) ?? 0) ? letter : LACKING))
      .join('');
  }
}

/** A text cut where its direction changes, in the order in which the parts stand on the line. */
export function runsOf(text: string): string[] {
  const runs: string[] = [];
  let at = 0;
  for (const { 0: run, index } of text.matchAll(RTL_RUN)) {
    runs.push(text.slice(at, index), run);
    at = index + run.length;
  }
  return [...runs, text.slice(at)].filter((run) => run !== '');
}
