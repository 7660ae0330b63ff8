/**
 * Where everything stands on the A4 page, and the part that is the same on every receipt of one
 * language: bands, headings, labels, rules, and who seals. It is drawn once, into the
 * template; `content.ts` puts the values of one receipt into the places named here.
 */
import { colour, type Faces, Ink, type TextStyle } from './ink.ts';
import type { ReceiptTexts } from './texts.ts';
import { setValue } from './typesetting.ts';

export const PAGE = { width: 595.28, height: 841.89 } as const;
const MARGIN = 48;
const WIDTH = PAGE.width - 2 * MARGIN;

const BLUE = colour('#0066cc');
const INK = colour('#17324d');
const QUIET = colour('#455b71');
const PALE = colour('#ebf3fb');
const LINE = colour('#c5d0db');
const WHITE = colour('#ffffff');
const RED = colour('#b00020');

export const STYLE = {
  value: { face: 'text', size: 10.5, colour: INK },
  key: { face: 'text', isStrong: true, size: 15, colour: INK },
  mono: { face: 'mono', size: 8.2, colour: INK },
  quiet: { face: 'text', size: 8.5, colour: QUIET },
} as const satisfies Record<string, TextStyle>;

const HEADING: TextStyle = { face: 'text', isStrong: true, size: 11.5, colour: BLUE };
const LABEL: TextStyle = { face: 'text', size: 9, colour: QUIET };

/** The rows of the application's table, top to bottom. */
export const APPLICATION_ROWS = [
  'application',
  'model',
  'clickDay',
  'employer',
  'worker',
  'nationality',
  'office',
  'criterion',
  'sender',
] as const;
export const PROOF_ROWS = ['digest', 'salt', 'leaf', 'log', 'url'] as const;

const ROW = 22.5;
const PROOF_ROW = 19.5;
const APPLICATION_TOP = 572;
const ORDER_TOP = APPLICATION_TOP - APPLICATION_ROWS.length * ROW - 31;
const PROOF_TOP = ORDER_TOP - ROW - 29;
const LABEL_WIDTH = 140;
const QR_SIZE = 92;

/** The baseline row of a table and how wide its value may be. */
export interface Slot {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

const valueX = MARGIN + LABEL_WIDTH;
const slot = (top: number, row: number, height: number, width: number): Slot => ({
  x: valueX,
  y: top - row * height - height / 2,
  width,
});

/** The middle line of each value's place. */
export const SLOTS = {
  application: (row: number) => slot(APPLICATION_TOP, row, ROW, WIDTH - LABEL_WIDTH),
  proof: (row: number) => slot(PROOF_TOP, row, PROOF_ROW, WIDTH - LABEL_WIDTH - QR_SIZE - 20),
  seq: { x: valueX, y: ORDER_TOP - ROW / 2, width: 110 },
  gate: { x: valueX + 170, y: ORDER_TOP - ROW / 2, width: 180 },
  protocol: { x: MARGIN + 16, y: 662, width: 200 },
  receivedAt: { x: MARGIN + 236, y: 662, width: 252 },
  zone: { x: MARGIN + 236, y: 646, width: 252 },
  utc: { x: MARGIN + 236, y: 615, width: 200 },
  uncertainty: { x: MARGIN + 16, y: 615, width: 200 },
  footer: { x: MARGIN, y: 40, width: 300 },
  qr: { x: PAGE.width - MARGIN - QR_SIZE, y: PROOF_TOP - QR_SIZE - 4, width: QR_SIZE },
} as const;

/** Where the seal is shown: a click there opens it in a reader. */
export const SEAL_FRAME = { x: MARGIN, y: 62, width: WIDTH, height: 66 } as const;

/** What the page says of the seal. */
export interface SealMark {
  /** The subject of its certificate, as a person reads it. */
  readonly subject: string;
  /** Who issued the certificate; null when it did so itself. */
  readonly issuer: string | null;
  /** SHA-256 of the certificate, hex. */
  readonly fingerprint: string;
  readonly isTest: boolean;
}

/** Draws what is the same on every receipt of one language and seal. */
export function drawPage(
  faces: Faces,
  texts: ReceiptTexts,
  { rehearsal, seal }: { readonly rehearsal: boolean; readonly seal: SealMark },
): string {
  const ink = new Ink(faces);
  drawHeader(ink, texts);
  drawKeyBox(ink, texts);
  drawApplication(ink, texts);
  drawOrder(ink, texts);
  drawProof(ink, texts);
  drawFoot(ink, texts);
  drawSeal(ink, faces, texts, seal);
  if (rehearsal) drawWatermark(ink, texts);
  return ink.toString();
}

function drawHeader(ink: Ink, texts: ReceiptTexts): void {
  const bottom = PAGE.height - 70;
  const third = PAGE.width / 3;
  ink.rectangle({ x: 0, y: bottom, width: PAGE.width, height: 70 }, BLUE);
  const flag = ['#008c45', '#f4f5f0', '#cd212a'];
  flag.forEach((part, index) => {
    const stripe = { x: index * third, y: bottom - 3, width: third, height: 3 };
    ink.rectangle(stripe, colour(part));
  });
  const white = { face: 'text', isStrong: true, size: 17, colour: WHITE } as const;
  ink.text({ x: MARGIN, y: bottom + 36 }, texts.issuer, white);
  ink.text({ x: MARGIN, y: bottom + 18 }, texts.service, {
    face: 'text',
    size: 9.5,
    colour: WHITE,
  });
  const kind = { x: PAGE.width - MARGIN, y: bottom + 29 };
  ink.textEndingAt(kind, texts.kind, { face: 'text', isStrong: true, size: 12, colour: WHITE });
  ink.text({ x: MARGIN, y: bottom - 37 }, texts.title, {
    face: 'text',
    isStrong: true,
    size: 20,
    colour: INK,
  });
  ink.text({ x: MARGIN, y: bottom - 54 }, texts.subtitle, {
    face: 'text',
    size: 10,
    colour: QUIET,
  });
}

function drawKeyBox(ink: Ink, texts: ReceiptTexts): void {
  ink.rectangle({ x: MARGIN, y: 604, width: WIDTH, height: 97 }, PALE);
  ink.rectangle({ x: MARGIN, y: 604, width: 4, height: 97 }, BLUE);
  const label = { face: 'text', isStrong: true, size: 9, colour: QUIET } as const;
  ink.text({ x: SLOTS.protocol.x, y: 683 }, texts.protocol, label);
  ink.text({ x: SLOTS.receivedAt.x, y: 683 }, texts.receivedAt, label);
  ink.text({ x: SLOTS.uncertainty.x, y: 626 }, texts.uncertainty, label);
  ink.text({ x: SLOTS.utc.x, y: 626 }, texts.utc, label);
}

function drawHeading(ink: Ink, top: number, text: string): void {
  ink.text({ x: MARGIN, y: top + 7 }, text, HEADING);
  ink.rule({ x: MARGIN, y: top, width: WIDTH }, BLUE, 1);
}

function drawRow(ink: Ink, at: Slot, label: string): void {
  ink.text({ x: MARGIN, y: at.y - LABEL.size / 3 }, label, LABEL);
}

function drawApplication(ink: Ink, texts: ReceiptTexts): void {
  drawHeading(ink, APPLICATION_TOP, texts.sectionApplication);
  APPLICATION_ROWS.forEach((name, row) => {
    drawRow(ink, SLOTS.application(row), texts[name]);
    ink.rule({ x: MARGIN, y: APPLICATION_TOP - (row + 1) * ROW, width: WIDTH }, LINE);
  });
}

function drawOrder(ink: Ink, texts: ReceiptTexts): void {
  drawHeading(ink, ORDER_TOP, texts.sectionOrder);
  drawRow(ink, SLOTS.seq, texts.seq);
  ink.text({ x: SLOTS.gate.x - 45, y: SLOTS.gate.y - LABEL.size / 3 }, texts.gate, LABEL);
  ink.rule({ x: MARGIN, y: ORDER_TOP - ROW, width: WIDTH }, LINE);
}

function drawProof(ink: Ink, texts: ReceiptTexts): void {
  drawHeading(ink, PROOF_TOP, texts.sectionProof);
  const width = WIDTH - QR_SIZE - 16;
  PROOF_ROWS.forEach((name, row) => {
    drawRow(ink, SLOTS.proof(row), texts[name]);
    ink.rule({ x: MARGIN, y: PROOF_TOP - (row + 1) * PROOF_ROW, width }, LINE);
  });
  const caption = { x: PAGE.width - MARGIN, y: SLOTS.qr.y - 9 };
  ink.textEndingAt(caption, texts.qr, { face: 'text', size: 7.5, colour: QUIET });
}

function drawFoot(ink: Ink, texts: ReceiptTexts): void {
  const legal = { face: 'text', isStrong: true, size: 10, colour: INK } as const;
  ink.rectangle({ x: MARGIN, y: 136, width: WIDTH, height: 40 }, PALE);
  ink.text({ x: MARGIN + 12, y: 160 }, texts.legal, legal);
  ink.text({ x: MARGIN + 12, y: 145 }, texts.legalRest, legal);
  ink.rule({ x: MARGIN, y: 54, width: WIDTH }, LINE);
  const foot = { face: 'text', size: 7.5, colour: QUIET } as const;
  ink.text({ x: MARGIN, y: 30 }, texts.made, foot);
  ink.textEndingAt({ x: PAGE.width - MARGIN, y: 40 }, texts.page, foot);
}

/** Who sealed; what a person wrote into a certificate may be long, so it is fitted. */
function drawSeal(ink: Ink, faces: Faces, texts: ReceiptTexts, seal: SealMark): void {
  ink.frame(SEAL_FRAME, LINE, '');
  const x = SEAL_FRAME.x + 12;
  const top = SEAL_FRAME.y + SEAL_FRAME.height;
  ink.text({ x, y: top - 13 }, texts.seal, { face: 'text', isStrong: true, size: 9, colour: BLUE });
  const rows = [
    [texts.sealedBy, seal.subject, STYLE.value],
    [texts.sealIssuer, seal.issuer ?? texts.sealSelfIssued, STYLE.value],
    [texts.sealPrint, seal.fingerprint, STYLE.mono],
  ] as const;
  rows.forEach(([label, value, style], row) => {
    const y = top - 22 - row * 11;
    ink.text({ x, y: y - 2.5 }, label, { ...LABEL, size: 7.5 });
    const place = { x: x + 60, y, width: SEAL_FRAME.width - 84 };
    setValue(ink, place, value, { ...style, size: 7.5 }, faces);
  });
  if (seal.isTest) {
    ink.text({ x, y: top - 60 }, texts.sealTest, {
      face: 'text',
      isStrong: true,
      size: 8.5,
      colour: RED,
    });
  }
}

/** Across the page for the eye, and once upright for a screen reader and for copying. */
function drawWatermark(ink: Ink, texts: ReceiptTexts): void {
  const upright = { x: PAGE.width - MARGIN, y: PAGE.height - 56 };
  const white = { face: 'text', isStrong: true, size: 10, colour: WHITE } as const;
  ink.textEndingAt(upright, texts.watermark, white);
  const style = { face: 'text', size: 58, colour: RED } as const;
  const middle = { x: PAGE.width / 2, y: PAGE.height / 2 - 10 };
  ink.watermark(middle, texts.watermark, style, 52);
}
