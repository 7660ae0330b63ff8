/**
 * A PDF file as receipts are written: a template and one update behind it, each with its
 * cross-reference table (ISO 32000-1 §7.5.4, §7.5.6), the file's end pointing to the update's.
 *
 *     template … xref … %%EOF | changed objects … xref … startxref N %%EOF
 *                       ▲______________________/Prev_|
 *
 * Objects are found by these tables alone, as a reader of PDF finds them; nothing is repaired.
 */
import { PdfDict, PdfName, PdfRef, type PdfValue, PdfValues } from './pdf-values.ts';
import { altered } from './refusal.ts';

const START = /startxref\n(\d{1,7})\n%%EOF\n?$/;
const START_CHARS = 64;
const PART = /(\d{1,7}) (\d{1,6}) ?\n/y;
const ROW = /(\d{10}) (\d{5}) ([nf])(?: \n| \r|\r\n)/y;
const OBJECT = /(\d{1,7}) 0 obj[\n\r ]/y;
const STREAM = /[\n\r ]*stream\r?\n/y;
const STREAM_END = /(?:\r?\n)?endstream[\n\r ]/y;
/** Template and update. */
const SECTIONS = 2;
const REFERENCES_MAX = 8;

export interface PdfStream {
  readonly about: PdfDict;
  /** As they stand in the file. */
  readonly bytes: Uint8Array;
}

export class PdfFile {
  readonly bytes: Uint8Array;
  /** One character a byte. */
  readonly text: string;
  readonly trailer: PdfDict;
  readonly #places = new Map<number, number>();

  /** Refuses a file whose tables are not those of a receipt. */
  constructor(bytes: Uint8Array, text: string) {
    this.bytes = bytes;
    this.text = text;
    const last = START.exec(text.slice(-START_CHARS));
    let at = Number(last?.[1] ?? Number.NaN);
    const trailers: PdfDict[] = [];
    for (let section = 1; section <= SECTIONS; section += 1) {
      const trailer = this.#section(at);
      trailers.push(trailer);
      const before = this.get(trailer, 'Prev');
      const isLast = section === SECTIONS;
      if (isLast ? before !== null : !(typeof before === 'number' && before < at)) {
        throw altered('pdfSections');
      }
      at = Number(before);
    }
    this.trailer = trailers[0] as PdfDict;
  }

  /** A member of a dictionary, references followed; null when it has none. */
  get(from: PdfDict, name: string): PdfValue {
    return this.resolve(from.entries.get(name) ?? null);
  }

  dict(from: PdfDict, name: string): PdfDict {
    const value = this.get(from, name);
    if (!(value instanceof PdfDict)) throw altered('pdfForm');
    return value;
  }

  list(from: PdfDict, name: string): readonly PdfValue[] {
    const value = this.get(from, name);
    if (!isList(value)) throw altered('pdfForm');
    return value;
  }

  /** What a value stands for: itself, or the object that it refers to. */
  resolve(value: PdfValue): PdfValue {
    let found = value;
    for (let step = 0; found instanceof PdfRef; step += 1) {
      if (step === REFERENCES_MAX) throw altered('pdfForm');
      found = this.#object(found).value();
    }
    return found;
  }

  /** The stream that a value refers to. */
  stream(value: PdfValue): PdfStream {
    if (!(value instanceof PdfRef)) throw altered('pdfForm');
    const values = this.#object(value);
    const about = values.value();
    if (!(about instanceof PdfDict)) throw altered('pdfForm');
    const start = this.#after(STREAM, values.at).end;
    const length = this.get(about, 'Length');
    if (typeof length !== 'number' || !Number.isInteger(length) || length < 0) {
      throw altered('pdfForm');
    }
    this.#after(STREAM_END, start + length);
    return { about, bytes: this.bytes.subarray(start, start + length) };
  }

  #object({ number }: PdfRef): PdfValues {
    const { match, end } = this.#after(OBJECT, this.#places.get(number) ?? Number.NaN);
    if (Number(match[1]) !== number) throw altered('pdfForm');
    return new PdfValues(this.text, end);
  }

  /** Notes where the objects of one table are, unless a newer one told; gives its trailer. */
  #section(start: number): PdfDict {
    let at = this.#after(/xref\n/y, start).end;
    const known = new Set(this.#places.keys());
    for (let part = this.#sticky(PART, at); part; part = this.#sticky(PART, at)) {
      at += part[0].length;
      for (let row = 0; row < Number(part[2]); row += 1) {
        const { match, end } = this.#after(ROW, at);
        const number = Number(part[1]) + row;
        if (match[3] === 'n' && !known.has(number)) this.#note(number, Number(match[1]));
        at = end;
      }
    }
    const trailer = new PdfValues(this.text, this.#after(/\n?trailer\n/y, at).end).value();
    const isPlain =
      trailer instanceof PdfDict &&
      !trailer.entries.has('XRefStm') &&
      !trailer.entries.has('Encrypt');
    if (!isPlain) throw altered('pdfForm');
    return trailer;
  }

  #note(number: number, place: number): void {
    if (this.#places.get(number) !== undefined) throw altered('pdfForm');
    this.#places.set(number, place);
  }

  #after(pattern: RegExp, at: number): { match: RegExpExecArray; end: number } {
    const match = this.#sticky(pattern, at);
    if (match === null) throw altered('pdfForm');
    return { match, end: at + match[0].length };
  }

  #sticky(pattern: RegExp, at: number): RegExpExecArray | null {
    if (!(at >= 0 && at < this.text.length)) return null;
    pattern.lastIndex = at;
    return pattern.exec(this.text);
  }
}

export function isList(value: PdfValue): value is readonly PdfValue[] {
  return Array.isArray(value);
}

export function isNamed(value: PdfValue, name: string): boolean {
  return value instanceof PdfName && value.name === name;
}
