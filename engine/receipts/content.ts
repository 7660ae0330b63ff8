/**
 * The values of one receipt, drawn into the places of `page.ts`, and the QR code. Pure: the same
 * input gives the same operators.
 */
import { encode } from 'uqr';
import { sha256 } from '#engine/foundation/digest.ts';
import { type LedgerEntry, leafText } from '#protocol/entry.ts';
import { parseCheckpoint } from '#protocol/log/checkpoint.ts';
import { parseNote } from '#protocol/log/note.ts';
import { parseTlogProof } from '#protocol/log/tlog-proof.ts';
import { isoFromUs } from '#protocol/time.ts';
import type { ReceiptInput } from './facts.ts';
import { type Faces, Ink, short } from './ink.ts';
import { clickDayText, dayText, type RomeMoment, timeText, uncertaintyText } from './moments.ts';
import { APPLICATION_ROWS, PROOF_ROWS, SLOTS, STYLE } from './page.ts';
import type { ReceiptTexts } from './texts.ts';
import { setValue } from './typesetting.ts';

export interface ContentTools {
  readonly faces: Faces;
  readonly texts: ReceiptTexts;
  readonly inRome: (us: number) => RomeMoment;
}

/** RFC 6962 §2.1: SHA-256 of a zero byte and the leaf, base64url. */
export function leafHash(entry: LedgerEntry): string {
  return sha256(Buffer.of(0), leafText(entry)).toString('base64url');
}

/** Every text of a receipt that a person wrote: what decides which face is needed. */
export function personalTexts(input: ReceiptInput): string {
  const { facts } = input;
  const { employer, worker, nationality, officeName, officeCriterion, sender, modelTitle } = facts;
  return [employer, worker, nationality, officeName, officeCriterion, sender, modelTitle].join(' ');
}

/** The content stream of one receipt, before compression. */
export function drawContent(input: ReceiptInput, tools: ContentTools): string {
  const ink = new Ink(tools.faces);
  drawKeys(ink, input, tools);
  drawApplication(ink, input, tools);
  drawProof(ink, input, tools);
  drawQr(ink, input.url);
  return ink.toString();
}

function drawKeys(ink: Ink, { entry, facts }: ReceiptInput, tools: ContentTools): void {
  const { faces, texts, inRome } = tools;
  const rome = inRome(entry.stampUs);
  const when = `${dayText(rome, texts)} ${texts.at} ${timeText(rome, texts)}`;
  const zone = `${texts.romeTime} (${rome.zone}, ${rome.offset})`;
  const uncertainty = uncertaintyText(entry.uncertaintyUs, texts);
  setValue(ink, SLOTS.protocol, facts.protocol, STYLE.key, faces);
  setValue(ink, SLOTS.receivedAt, when, STYLE.key, faces);
  setValue(ink, SLOTS.zone, zone, STYLE.quiet, faces);
  setValue(ink, SLOTS.utc, isoFromUs(entry.stampUs), { ...STYLE.mono, size: 9 }, faces);
  setValue(ink, SLOTS.uncertainty, uncertainty, STYLE.value, faces);
  setValue(ink, SLOTS.footer, facts.protocol, { ...STYLE.quiet, size: 7.5 }, faces);
}

function drawApplication(ink: Ink, { entry, facts }: ReceiptInput, tools: ContentTools): void {
  const { faces, texts } = tools;
  const values: Record<(typeof APPLICATION_ROWS)[number], string> = {
    application: facts.application,
    model: `${facts.model} – ${facts.modelTitle}`,
    clickDay: clickDayText(facts.clickDay, texts),
    employer: facts.employer,
    worker: facts.worker,
    nationality: facts.nationality,
    office: facts.officeName,
    criterion: facts.officeCriterion,
    sender: facts.sender,
  };
  APPLICATION_ROWS.forEach((name, row) => {
    setValue(ink, SLOTS.application(row), values[name], STYLE.value, faces);
  });
  setValue(ink, SLOTS.seq, String(entry.seq), STYLE.value, faces);
  setValue(ink, SLOTS.gate, entry.gate, STYLE.value, faces);
}

function drawProof(ink: Ink, input: ReceiptInput, tools: ContentTools): void {
  const { entry, facts, url } = input;
  const { digest, salt } = facts;
  const values: Record<(typeof PROOF_ROWS)[number], string> = {
    digest,
    salt,
    leaf: leafHash(entry),
    log: logPosition(input, tools.texts),
    url,
  };
  PROOF_ROWS.forEach((name, row) => {
    const style = name === 'url' || name === 'log' ? STYLE.quiet : STYLE.mono;
    setValue(ink, SLOTS.proof(row), values[name], style, tools.faces);
  });
}

/** Where the entry stands in the log, of how many at the checkpoint of the proof. */
function logPosition({ proof }: ReceiptInput, texts: ReceiptTexts): string {
  const read = parseTlogProof(proof.tlogProof);
  const note = read && parseNote(read.checkpoint);
  const checkpoint = note && parseCheckpoint(note.text);
  if (read === undefined || checkpoint === undefined) {
    throw new Error('the proof of inclusion is not one');
  }
  const { origin, size } = checkpoint;
  const known: Record<string, string> = { index: `${read.index}`, origin, size: `${size}` };
  return texts.logPosition.replace(/\{(\w+)\}/g, (_, name: string) => known[name]!);
}

/** The QR code as a one-bit image: sharp at every size and a third of the bytes of rectangles. */
function drawQr(ink: Ink, url: string): void {
  const { data, size } = encode(url, { ecc: 'M', maskPattern: 3, border: 2 });
  const rowBytes = Math.ceil(size / 8);
  const bits = Buffer.alloc(rowBytes * size);
  data.forEach((row, y) => {
    row.forEach((dark, x) => {
      if (dark) bits[y * rowBytes + (x >> 3)]! |= 0x80 >> (x & 7);
    });
  });
  const { x, y, width } = SLOTS.qr;
  const image = `/W ${size} /H ${size} /IM true /BPC 1 /D [1 0] /F /AHx`;
  const place = `${short(width)} 0 0 ${short(width)} ${short(x)} ${short(y)} cm`;
  ink.raw(`q 0 0 0 rg ${place} BI ${image} ID ${bits.toString('hex')}> EI Q`);
}
