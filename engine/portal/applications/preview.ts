/**
 * The answers of an application as a PDF to read and keep. It says on every page that it is no
 * receipt. One wide font (DejaVu Sans Condensed) sets every European name; what even that cannot
 * set is shown as a question mark, never dropped silently. About 60 ms: made on request only.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import fontkit from '@pdf-lib/fontkit';
import { PDFDocument, type PDFFont, type PDFPage, rgb } from 'pdf-lib';
import type { FormDefinition, FormValues } from '#protocol/forms/index.ts';
import { type PreviewLanguage, previewSections } from './preview-content.ts';

export interface PreviewInput {
  readonly id: string;
  readonly form: FormDefinition;
  readonly values: FormValues;
  readonly language: PreviewLanguage;
  readonly isDraft: boolean;
}

const FONT = 'dejavu-fonts-ttf/ttf/DejaVuSansCondensed.ttf';
const PAGE = { width: 595.28, height: 841.89, margin: 50 } as const;
const SIZE = { title: 16, section: 12, text: 9.5, note: 8 } as const;
const LEADING = 1.35;
const LABEL_WIDTH = 210;
const GAP = 12;
const INK = rgb(0.1, 0.13, 0.17);
const QUIET = rgb(0.36, 0.41, 0.47);
const BLUE = rgb(0, 0.4, 0.8);

const NOTES = {
  it: {
    draft: 'Bozza. Questa anteprima non è una ricevuta: la domanda non è stata inviata con essa.',
    ready: 'Anteprima della domanda. Non è una ricevuta.',
  },
  en: {
    draft: 'Draft. This preview is no receipt: nothing was submitted with it.',
    ready: 'Preview of the application. It is no receipt.',
  },
} as const;

/** The PDF of an application's answers. */
export async function previewPdf(input: PreviewInput): Promise<Uint8Array> {
  const document = await PDFDocument.create();
  document.registerFontkit(fontkit);
  const bytes = await readFile(createRequire(import.meta.url).resolve(FONT));
  const font = await document.embedFont(bytes, { subset: true });
  const { form, language, id } = input;
  document.setTitle(`${form.title[language]} – ${id}`);
  document.setLanguage(language);
  const sheet = createSheet(document, font, NOTES[language][input.isDraft ? 'draft' : 'ready'], id);
  sheet.paragraph(form.title[language], SIZE.title, BLUE);
  for (const section of previewSections(form, input.values, language)) {
    sheet.space(GAP);
    sheet.paragraph(section.title, SIZE.section, BLUE);
    for (const line of section.lines) sheet.pair(line.label, line.value);
  }
  return document.save();
}

/** Text flowing down pages. */
function createSheet(document: PDFDocument, font: PDFFont, note: string, id: string) {
  const printable = printableWith(font);
  let page: PDFPage = newPage(document, font, note, id);
  let y = PAGE.height - PAGE.margin;
  const room = (height: number) => {
    if (y - height >= PAGE.margin + GAP) return;
    page = newPage(document, font, note, id);
    y = PAGE.height - PAGE.margin;
  };
  const draw = (text: string, at: { x: number; y: number; size: number; color: typeof INK }) =>
    page.drawText(text, { ...at, font });
  return {
    space: (height: number) => {
      y -= height;
    },
    paragraph: (text: string, size: number, color: typeof INK) => {
      for (const line of wrap(printable(text), font, size, PAGE.width - 2 * PAGE.margin)) {
        room(size * LEADING * 3);
        y -= size * LEADING;
        draw(line, { x: PAGE.margin, y, size, color });
      }
    },
    pair: (label: string, value: string) => {
      const size = SIZE.text;
      const valueX = PAGE.margin + LABEL_WIDTH + GAP;
      const labels = wrap(printable(label), font, size, LABEL_WIDTH);
      const values = wrap(printable(value), font, size, PAGE.width - PAGE.margin - valueX);
      const count = Math.max(labels.length, values.length);
      room(count * size * LEADING);
      for (let line = 0; line < count; line += 1) {
        y -= size * LEADING;
        draw(labels[line] ?? '', { x: PAGE.margin, y, size, color: QUIET });
        draw(values[line] ?? '', { x: valueX, y, size, color: INK });
      }
      y -= 2;
    },
  };
}

function newPage(document: PDFDocument, font: PDFFont, note: string, id: string): PDFPage {
  const page = document.addPage([PAGE.width, PAGE.height]);
  const foot = { y: PAGE.margin / 2, size: SIZE.note, font, color: QUIET };
  page.drawText(note, { x: PAGE.margin, ...foot });
  const idWidth = font.widthOfTextAtSize(id, SIZE.note);
  page.drawText(id, { x: PAGE.width - PAGE.margin - idWidth, ...foot });
  return page;
}

function printableWith(font: PDFFont): (text: string) => string {
  const known = new Set(font.getCharacterSet());
  return (text) =>
    Array.from(text.normalize('NFC'), (letter) => {
      if (/\s/u.test(letter)) return ' ';
      return known.has(letter.codePointAt(0) ?? 0) ? letter : '?';
    }).join('');
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
