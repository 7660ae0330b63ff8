/**
 * The receipt of a practice submission: one page, PROVA across it, no seal and no entry in the
 * register. It shows what a receipt looks like and proves nothing. Set in a font that every reader
 * has, so that it takes some 10 ms in the caller's thread; the address of the account, the only
 * text of a person on it, has what that font lacks replaced by a question mark.
 */
import {
  degrees,
  PDFBool,
  PDFDocument,
  type PDFFont,
  PDFName,
  type PDFPage,
  rgb,
  StandardFonts,
} from 'pdf-lib';
import { type LedgerEntry, protocolNumber } from '#protocol/entry.ts';
import { REHEARSAL_MARK } from '#protocol/receipt/rehearsal-mark.ts';
import { isoFromUs } from '#protocol/time.ts';
import { leafHash } from './content.ts';
import { dayText, romeClock, timeText, uncertaintyText } from './moments.ts';
import { rehearsalTexts } from './rehearsal-texts.ts';
import { receiptTexts } from './texts.ts';

export interface PractisedSubmission {
  readonly entry: LedgerEntry;
  /** Address of the account that practised. */
  readonly sender: string;
  readonly language: 'it' | 'en';
}

const PAGE = { width: 595.28, height: 841.89, margin: 56 } as const;
const RED = rgb(0.72, 0.07, 0.12);
const INK = rgb(0.1, 0.12, 0.16);
const QUIET = rgb(0.36, 0.4, 0.45);
const LINE = rgb(0.85, 0.87, 0.9);
const ROW = 34;

/** The PDF. The same submission always gives the same bytes. */
export async function rehearsalReceipt(practised: PractisedSubmission): Promise<Uint8Array> {
  const words = rehearsalTexts(practised.language);
  const document = await PDFDocument.create({ updateMetadata: false });
  document.setTitle(`${words.banner} ${protocolNumber(practised.entry)}`, {
    showInWindowTitleBar: true,
  });
  document.setSubject(words.banner);
  document.setLanguage(words.lang);
  document.catalog.set(PDFName.of(REHEARSAL_MARK), PDFBool.True);
  const fonts = {
    plain: await document.embedFont(StandardFonts.Helvetica),
    bold: await document.embedFont(StandardFonts.HelveticaBold),
    mono: await document.embedFont(StandardFonts.Courier),
  };
  const page = document.addPage([PAGE.width, PAGE.height]);
  drawWatermark(page, fonts.bold, words.banner);
  const top = drawHead(page, fonts, words);
  drawRows(page, fonts, { rows: rowsOf(practised), top });
  drawFoot(page, fonts.plain, words.foot);
  // Plain objects: a checker finds the mark without unpacking anything.
  return document.save({ useObjectStreams: false });
}

type Fonts = Readonly<Record<'plain' | 'bold' | 'mono', PDFFont>>;
type Words = ReturnType<typeof rehearsalTexts>;
interface Row {
  readonly label: string;
  readonly value: string;
  readonly isMono?: boolean;
}

function rowsOf({ entry, sender, language }: PractisedSubmission): Row[] {
  const texts = receiptTexts(language);
  const words = rehearsalTexts(language);
  const rome = romeClock()(entry.stampUs);
  const when = `${dayText(rome, texts)} ${texts.at} ${timeText(rome, texts)}`;
  return [
    { label: words.number, value: protocolNumber(entry) },
    { label: texts.receivedAt, value: `${when} ${texts.romeTime} (${rome.zone}, ${rome.offset})` },
    { label: texts.utc, value: isoFromUs(entry.stampUs), isMono: true },
    { label: texts.uncertainty, value: uncertaintyText(entry.uncertaintyUs, texts) },
    { label: texts.gate, value: entry.gate },
    { label: texts.sender, value: sender },
    { label: words.application, value: entry.application, isMono: true },
    { label: texts.leaf, value: leafHash(entry), isMono: true },
  ];
}

function drawHead(page: PDFPage, { plain, bold }: Fonts, words: Words): number {
  const width = PAGE.width - 2 * PAGE.margin;
  const y = PAGE.height - 120;
  page.drawRectangle({ x: PAGE.margin, y, width, height: 64, color: RED });
  page.drawText(words.banner, {
    x: PAGE.margin + 18,
    y: y + 22,
    size: 24,
    font: bold,
    color: rgb(1, 1, 1),
  });
  page.drawText(words.title, { x: PAGE.margin, y: y - 40, size: 18, font: bold, color: INK });
  words.lines.forEach((line, at) => {
    page.drawText(line, { x: PAGE.margin, y: y - 64 - at * 16, size: 11, font: plain, color: INK });
  });
  return y - 64 - words.lines.length * 16 - 24;
}

function drawRows(
  page: PDFPage,
  fonts: Fonts,
  { rows, top }: { rows: readonly Row[]; top: number },
) {
  rows.forEach(({ label, value, isMono = false }, at) => {
    const y = top - at * ROW;
    const font = isMono ? fonts.mono : fonts.plain;
    const size = isMono ? 10 : 11;
    page.drawText(label, { x: PAGE.margin, y, size: 9, font: fonts.plain, color: QUIET });
    const shown = settable(value, font);
    page.drawText(fitted(shown, font, size), { x: PAGE.margin, y: y - 14, size, font, color: INK });
    page.drawLine({
      start: { x: PAGE.margin, y: y - 21 },
      end: { x: PAGE.width - PAGE.margin, y: y - 21 },
      thickness: 0.5,
      color: LINE,
    });
  });
}

function drawFoot(page: PDFPage, font: PDFFont, foot: string): void {
  page.drawText(foot, { x: PAGE.margin, y: 48, size: 8, font, color: QUIET });
}

function drawWatermark(page: PDFPage, font: PDFFont, text: string): void {
  const size = 46;
  const reach = font.widthOfTextAtSize(text, size) / 2;
  const slope = Math.PI / 4;
  page.drawText(text, {
    x: PAGE.width / 2 - reach * Math.cos(slope) + 14,
    y: PAGE.height / 2 - reach * Math.sin(slope) - 60,
    ...{ size, font, color: RED, opacity: 0.16, rotate: degrees(45) },
  });
}

/** The letters that the font has; a question mark for each other one. */
function settable(text: string, font: PDFFont): string {
  const known = new Set(font.getCharacterSet());
  return Array.from(text, (letter) => (known.has(letter.codePointAt(0) ?? 0) ? letter : '?')).join(
    '',
  );
}

/** Cut where the page ends. */
function fitted(text: string, font: PDFFont, size: number): string {
  const width = PAGE.width - 2 * PAGE.margin;
  let shown = text;
  while (font.widthOfTextAtSize(shown, size) > width) shown = `${shown.slice(0, -2)}…`;
  return shown;
}
