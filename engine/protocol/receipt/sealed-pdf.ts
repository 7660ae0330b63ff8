/**
 * The seal of a receipt and the files attached to it, found in its PDF.
 *
 * The seal covers the whole file but its own bytes: ByteRange is [0 a b c], the gap from a to b is
 * exactly the hex string of the signature, b + c is the file's length. There is one seal and
 * nothing behind it, so that nothing can have been laid over what was sealed.
 */
import { bytesOfHex, readHeader } from './der.ts';
import { isList, isNamed, PdfFile } from './pdf-file.ts';
import { PdfDict, PdfString, type PdfValue } from './pdf-values.ts';
import { altered, ReceiptRefused } from './refusal.ts';
import { isMarkedRehearsal } from './rehearsal-mark.ts';

/** No receipt is near that; a checker is to bound what it is given. */
export const RECEIPT_BYTES_MAX = 1_048_576;
const ATTACHMENT_BYTES_MAX = 65_536;
const ATTACHMENTS = ['entry.json', 'proof.tlog-proof', 'receipt.json'] as const;

export type AttachmentName = (typeof ATTACHMENTS)[number];

export interface SealedPdf {
  /** The signature's DER. */
  readonly cms: Uint8Array;
  /** The file up to the gap and from it on. */
  readonly sealed: readonly [Uint8Array, Uint8Array];
  readonly byteRange: readonly number[];
  readonly file: PdfFile;
}

/** The seal in `bytes`. Refuses what is no receipt, and one whose seal does not cover all of it. */
export function readSealedPdf(bytes: Uint8Array): SealedPdf {
  if (bytes.length > RECEIPT_BYTES_MAX) throw new ReceiptRefused('RECEIPT_TOO_LARGE', 'tooLarge');
  const text = latin1(bytes);
  if (!text.startsWith('%PDF-')) throw new ReceiptRefused('RECEIPT_NOT_PDF', 'notPdf');
  const seals = text.split('/ByteRange').length - 1;
  if (seals === 0 && isMarkedRehearsal(text)) {
    throw new ReceiptRefused('RECEIPT_PRACTICE', 'practice');
  }
  if (seals === 0) throw new ReceiptRefused('RECEIPT_NOT_SEALED', 'noSeal');
  if (seals > 1) throw altered('manySeals');
  const file = new PdfFile(bytes, text);
  const seal = signatureIn(file);
  const { contents, byteRange } = rangeOf(file, seal);
  const [, a = 0, b = 0] = byteRange;
  return {
    cms: cmsIn(contents.hex ?? ''),
    sealed: [bytes.subarray(0, a), bytes.subarray(b)],
    byteRange,
    file,
  };
}

function signatureIn(file: PdfFile): PdfDict {
  const form = file.dict(file.dict(file.trailer, 'Root'), 'AcroForm');
  const values = file.list(form, 'Fields').map((field) => valueOfSignature(file, field));
  const seals = values.filter((value) => value !== null);
  const [seal] = seals;
  if (seal === undefined || seals.length > 1) throw altered('manySeals');
  const isOurs =
    isNamed(file.get(seal, 'Type'), 'Sig') &&
    isNamed(file.get(seal, 'Filter'), 'Adobe.PPKLite') &&
    isNamed(file.get(seal, 'SubFilter'), 'ETSI.CAdES.detached');
  if (!isOurs) throw altered('sealForm');
  return seal;
}

function valueOfSignature(file: PdfFile, value: PdfValue): PdfDict | null {
  const field = file.resolve(value);
  if (!(field instanceof PdfDict) || !isNamed(file.get(field, 'FT'), 'Sig')) return null;
  const seal = file.get(field, 'V');
  return seal instanceof PdfDict ? seal : null;
}

function rangeOf(file: PdfFile, seal: PdfDict) {
  const byteRange = file.list(seal, 'ByteRange');
  const contents = file.get(seal, 'Contents');
  const [start, a, b, c, ...more] = byteRange;
  if (!(contents instanceof PdfString) || contents.hex === undefined) throw altered('sealForm');
  const isWhole =
    start === 0 &&
    a === contents.start &&
    b === contents.end &&
    Number(b) + Number(c) === file.bytes.length &&
    more.length === 0;
  if (!isWhole) throw altered('notWhole');
  return { contents, byteRange: byteRange as readonly number[] };
}

/** The DER at the start of the gap; behind it are zeros and nothing else. */
function cmsIn(hex: string): Uint8Array {
  if (!/^[0-9a-f]+$/.test(hex)) throw altered('sealForm');
  const bytes = bytesOfHex(hex);
  const { start, length } = readHeader(bytes, 0);
  const end = start + length;
  if (end > bytes.length || bytes.subarray(end).some((byte) => byte !== 0)) {
    throw altered('sealForm');
  }
  return bytes.subarray(0, end);
}

/** The three attached files as text. Refuses when there are others. */
export async function readAttachments(file: PdfFile): Promise<Record<AttachmentName, string>> {
  const names = file.dict(file.dict(file.trailer, 'Root'), 'Names');
  const tree = file.dict(names, 'EmbeddedFiles');
  const pairs = file.list(tree, 'Names');
  if (pairs.length !== 2 * ATTACHMENTS.length || tree.entries.has('Kids')) {
    throw altered('attachments');
  }
  const texts: Partial<Record<AttachmentName, string>> = {};
  for (const [at, name] of ATTACHMENTS.entries()) {
    const [key, value] = [
      file.resolve(pairs[2 * at] ?? null),
      file.resolve(pairs[2 * at + 1] ?? null),
    ];
    if (
      !(key instanceof PdfString) ||
      key.text !== textString(name) ||
      !(value instanceof PdfDict)
    ) {
      throw altered('attachments');
    }
    texts[name] = utf8(await attached(file, value));
  }
  return texts as Record<AttachmentName, string>;
}

/** UTF-16BE with its byte-order mark (ISO 32000-1 §7.9.2.2): how our names are written. */
function textString(ascii: string): string {
  return `\xFE\xFF${Array.from(ascii, (letter) => `\0${letter}`).join('')}`;
}

async function attached(file: PdfFile, about: PdfDict): Promise<Uint8Array> {
  const stream = file.stream(file.dict(about, 'EF').entries.get('F') ?? null);
  const filter = file.get(stream.about, 'Filter');
  if (stream.about.entries.has('DecodeParms')) throw altered('attachments');
  const only = isList(filter) && filter.length === 1 ? (filter[0] ?? null) : filter;
  if (only !== null && !isNamed(only, 'FlateDecode')) throw altered('attachments');
  const bytes = only === null ? stream.bytes : await unpacked(stream.bytes);
  if (bytes.length > ATTACHMENT_BYTES_MAX) throw altered('attachments');
  return bytes;
}

/** Stops at the first byte too many: a small file may unpack to a thousand times its size. */
async function unpacked(packed: Uint8Array): Promise<Uint8Array> {
  const reader = new Blob([packed.slice()])
    .stream()
    .pipeThrough(new DecompressionStream('deflate'))
    .getReader();
  const bytes = new Uint8Array(ATTACHMENT_BYTES_MAX);
  let length = 0;
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      if (length + part.value.length > bytes.length) throw altered('attachments');
      bytes.set(part.value, length);
      length += part.value.length;
    }
  } catch (error) {
    await reader.cancel().catch(() => undefined); // it has failed, or is to end: either is fine
    throw error instanceof ReceiptRefused ? error : altered('attachments');
  }
  return bytes.subarray(0, length);
}

function utf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw altered('attachments');
  }
}

/**
 * One character a byte. What browsers call latin1 has other letters than ISO 8859-1 from 0x80 to
 * 0x9F; no structure of a PDF is made of those.
 */
function latin1(bytes: Uint8Array): string {
  return new TextDecoder('latin1').decode(bytes);
}
