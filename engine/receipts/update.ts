/**
 * The bytes of one receipt that are its own: an incremental update (ISO 32000-1 §7.5.6) that puts
 * content, properties, attached files and the seal into a template, and the seal over all of it.
 *
 *     template │ content  properties  files  signature < CMS in hex > xref  trailer
 *     └──────────────── covered ─────────────────────┘                └─ covered ─┘
 *
 * Every length is known before anything is signed, so the file is written once and only the gap is
 * filled. The digest over the template is begun once and copied: 36 of 44 KB need no hashing.
 */
import { createHash, type Hash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { sha256 } from '#engine/foundation/digest.ts';
import { ATTACHMENTS } from './attachments.ts';
import { type Information, informationText, pdfDate, textString } from './information.ts';
import type { Signer } from './seal/cms.ts';
import type { Template } from './template.ts';

/** What goes into the update. */
export interface UpdateParts {
  /** The content stream before compression. */
  readonly content: string;
  readonly about: Information;
  /** In the order of `ATTACHMENTS`. */
  readonly files: readonly Buffer[];
}

/** Who seals, and the name that readers show. */
export interface Sealing {
  readonly signer: Signer;
  readonly name: string;
}

interface Numbered {
  readonly number: number;
  readonly bytes: Buffer;
}

/** The same number always has the same length in the file. */
const RANGE_DIGITS = 7;

/** The bytes that follow the template's. */
export function appendUpdate(template: Template, parts: UpdateParts, sealing: Sealing): Buffer {
  const laid = layUpdate(template, parts, sealing);
  const hash = digestOf(template.digest, laid);
  return fillSeal(laid, sealing.signer.sign(hash));
}

/** An update whose seal is still empty. */
export interface LaidUpdate {
  readonly bytes: Buffer;
  /** Where in `bytes` the gap of the seal begins and ends, its angle brackets included. */
  readonly gap: { readonly start: number; readonly end: number };
}

/** Everything but the seal itself. */
export function layUpdate(template: Template, parts: UpdateParts, sealing: Sealing): LaidUpdate {
  const { objects } = template;
  const written: Numbered[] = [
    contentObject(objects.content, parts.content),
    object(objects.info, informationText(parts.about)),
    ...parts.files.map((file, index) => fileObject(objects.files[index]!, file, index)),
  ];
  const id = sha256(template.hash, ...written.map(({ bytes }) => bytes)).toString('hex', 0, 16);
  const start = Buffer.from('\n');
  const front = Buffer.concat([start, ...written.map(({ bytes }) => bytes)]);
  const signatureAt = template.bytes.length + front.length;
  const head = (range: string) => signatureHead(objects.signature, range, parts.about, sealing);
  const gapAt = signatureAt + head('').length + RANGE_TEXT_LENGTH;
  const gapLength = sealing.signer.bytesMax * 2 + 2;
  const rest = ' >>\nendobj\n';
  const xrefAt = gapAt + gapLength + rest.length;
  const rows = rowsOf([...written, { number: objects.signature, bytes: NO_BYTES }], template);
  const tail = Buffer.from(`${rest}${ending(template, { rows, xrefAt, id })}`);
  const range = rangeText([gapAt, gapAt + gapLength, tail.length]);
  const seal = Buffer.alloc(gapLength, '0');
  const bytes = Buffer.concat([front, Buffer.from(head(range)), seal, tail]);
  const gapStart = gapAt - template.bytes.length;
  return { bytes, gap: { start: gapStart, end: gapStart + gapLength } };
}

/** The digest over all but the gap. `begun` has taken the template; it stays as it is. */
export function digestOf(begun: Hash, { bytes, gap }: LaidUpdate): Buffer {
  const hash = begun.copy();
  return hash.update(bytes.subarray(0, gap.start)).update(bytes.subarray(gap.end)).digest();
}

/** Puts the signature into the gap; zeros follow a shorter one. */
export function fillSeal({ bytes, gap }: LaidUpdate, signature: Buffer): Buffer {
  bytes.write('<', gap.start, 'latin1');
  bytes.write(signature.toString('hex'), gap.start + 1, 'latin1');
  bytes.write('>', gap.end - 1, 'latin1');
  return bytes;
}

/** The state that `digestOf` copies. */
export function beginDigest(template: Uint8Array): Hash {
  return createHash('sha256').update(template);
}

const NO_BYTES = Buffer.alloc(0);

function rangeText(numbers: readonly number[]): string {
  const padded = numbers.map((value) => String(value).padEnd(RANGE_DIGITS));
  return `[0 ${padded.join(' ')}]`;
}

const RANGE_TEXT_LENGTH = rangeText([0, 0, 0]).length;

function signatureHead(
  number: number,
  range: string,
  about: Information,
  sealing: Sealing,
): string {
  return (
    `${number} 0 obj\n${SIGNATURE_DICTIONARY}/Name ${textString(sealing.name)}\n` +
    `/M ${pdfDate(about.sealedAtUs)}\n/ByteRange ${range}\n/Contents `
  );
}

function object(number: number, text: string): Numbered {
  return { number, bytes: Buffer.from(`${number} 0 obj\n${text}\nendobj\n`) };
}

function streamObject(number: number, entries: string, data: Buffer): Numbered {
  const head = `${number} 0 obj\n<< ${entries} /Length ${data.length} >>\nstream\n`;
  return { number, bytes: Buffer.concat([Buffer.from(head), data, STREAM_END]) };
}

/** Sealed by us, in the form of PAdES; certifies, and allows no change (table 254, P 1). */
const SIGNATURE_DICTIONARY =
  '<<\n/Type /Sig\n/Filter /Adobe.PPKLite\n/SubFilter /ETSI.CAdES.detached\n' +
  '/Reference [<< /Type /SigRef /TransformMethod /DocMDP ' +
  '/TransformParams << /Type /TransformParams /P 1 /V /1.2 >> >>]\n';

const STREAM_END = Buffer.from('\nendstream\nendobj\n');

function contentObject(number: number, content: string): Numbered {
  const packed = deflateSync(Buffer.from(content, 'latin1'), { level: 7 });
  return streamObject(number, '/Filter /FlateDecode', packed);
}

/** Not compressed: that would save less than 1 KB, and each stored receipt is packed as a whole. */
function fileObject(number: number, file: Buffer, index: number): Numbered {
  const { mime } = ATTACHMENTS[index]!;
  const entries = `/Type /EmbeddedFile /Subtype /${mime} /Params << /Size ${file.length} >>`;
  return streamObject(number, entries, file);
}

interface Row {
  readonly number: number;
  readonly at: number;
}

/** Where each object stands in the whole file. */
function rowsOf(written: readonly Numbered[], template: Template): Row[] {
  let at = template.bytes.length + 1;
  return written.map(({ number, bytes }) => {
    const row = { number, at };
    at += bytes.length;
    return row;
  });
}

interface Ending {
  readonly rows: readonly Row[];
  readonly xrefAt: number;
  readonly id: string;
}

function ending(template: Template, { rows, xrefAt, id }: Ending): string {
  const ordered = rows.toSorted((a, b) => a.number - b.number);
  const sections = ordered.map(
    ({ number, at }) => `${number} 1\n${String(at).padStart(10, '0')} 00000 n \n`,
  );
  const trailer =
    `<< /Size ${template.size} /Root ${template.objects.root} 0 R ` +
    `/Info ${template.objects.info} 0 R /Prev ${template.xrefAt} /ID [<${id}> <${id}>] >>`;
  return `xref\n${sections.join('')}trailer\n${trailer}\nstartxref\n${xrefAt}\n%%EOF\n`;
}
