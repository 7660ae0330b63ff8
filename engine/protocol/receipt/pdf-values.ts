/**
 * The values of a PDF file (ISO 32000-1 §7.3), read strictly: no comments, no key twice in one
 * dictionary, bounded depth and number. What a receipt does not need is not understood but refused.
 *
 * The text is the file with one character a byte, so that places in it are places in the file.
 */
import { altered } from './refusal.ts';

export type PdfValue =
  | null
  | boolean
  | number
  | PdfName
  | PdfString
  | PdfRef
  | PdfDict
  | readonly PdfValue[];

export class PdfName {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/** A string and where it stands, with its brackets. `hex` as it is written, or undefined. */
export class PdfString {
  readonly text: string;
  readonly hex: string | undefined;
  readonly start: number;
  readonly end: number;
  constructor(text: string, place: { hex?: string; start: number; end: number }) {
    this.text = text;
    this.hex = place.hex;
    this.start = place.start;
    this.end = place.end;
  }
}

export class PdfRef {
  readonly number: number;
  constructor(number: number) {
    this.number = number;
  }
}

export class PdfDict {
  readonly entries: ReadonlyMap<string, PdfValue>;
  constructor(entries: ReadonlyMap<string, PdfValue>) {
    this.entries = entries;
  }
}

const DEPTH_MAX = 16;
const VALUES_MAX = 20_000;
/** Ten times what a seal takes. */
const HEX_DIGITS_MAX = 65_536;

const TOKEN = new RegExp(
  [
    '[\\t\\n\\f\\r ]*(?:(?<open><<|\\[)|(?<close>>>|\\])',
    '/(?<name>[^\\t\\n\\f\\r ()<>[\\]{}/%]{0,127})',
    '(?<ref>\\d{1,7}) 0 R(?![^\\t\\n\\f\\r ()<>[\\]{}/%])',
    '(?<number>[+-]?(?:\\d{1,16}(?:\\.\\d{0,16})?|\\.\\d{1,16}))(?![\\d.])',
    '<(?<hex>[0-9A-Fa-f]*)>|(?<paren>\\()|(?<word>true|false|null)\\b)',
  ].join('|'),
  'y',
);
const ESCAPES: Readonly<Record<string, string>> = {
  ...{ n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' },
  ...{ '(': '(', ')': ')', '\\': '\\' },
};

/** Reads values one after the other, from `at` on. */
export class PdfValues {
  at: number;
  readonly #text: string;
  #count = 0;

  constructor(text: string, at: number) {
    this.#text = text;
    this.at = at;
  }

  /** The next value. Refuses what is none. */
  value(depth = 0): PdfValue {
    const value = this.#next(depth);
    if (value === END) throw altered('pdfForm');
    return value;
  }

  #next(depth: number): PdfValue | typeof END {
    this.#count += 1;
    if (depth > DEPTH_MAX || this.#count > VALUES_MAX) throw altered('pdfForm');
    TOKEN.lastIndex = this.at;
    const { groups, 0: token } = TOKEN.exec(this.#text) ?? {};
    if (groups === undefined || token === undefined) throw altered('pdfForm');
    this.at += token.length;
    if (groups.open !== undefined) return this.#inside(groups.open, depth);
    if (groups.close !== undefined) return END;
    if (groups.name !== undefined) return new PdfName(nameOf(groups.name));
    if (groups.ref !== undefined) return new PdfRef(Number(groups.ref));
    if (groups.number !== undefined) return Number(groups.number);
    if (groups.hex !== undefined) return this.#hex(groups.hex);
    if (groups.paren !== undefined) return this.#literal();
    return groups.word === 'null' ? null : groups.word === 'true';
  }

  /** An array or a dictionary, up to the bracket that closes it. */
  #inside(open: string, depth: number): PdfValue {
    const items: PdfValue[] = [];
    for (let item = this.#next(depth + 1); item !== END; item = this.#next(depth + 1)) {
      items.push(item);
    }
    if (!this.#text.startsWith(open === '[' ? ']' : '>>', this.at - (open === '[' ? 1 : 2))) {
      throw altered('pdfForm');
    }
    return open === '[' ? items : dictionaryOf(items);
  }

  #hex(hex: string): PdfString {
    if (hex.length % 2 === 1 || hex.length > HEX_DIGITS_MAX) throw altered('pdfForm');
    const pairs = hex.match(/../g) ?? [];
    const text = String.fromCharCode(...pairs.map((pair) => Number.parseInt(pair, 16)));
    const place = { hex, start: this.at - hex.length - 2, end: this.at };
    return new PdfString(text, place);
  }

  /** A string in parentheses, which may be nested. */
  #literal(): PdfString {
    const start = this.at - 1;
    let text = '';
    for (let open = 1; open > 0; this.at += 1) {
      let character = this.#text[this.at];
      if (character === undefined) throw altered('pdfForm');
      if (character === '(') open += 1;
      if (character === ')') open -= 1;
      if (character === '\\') {
        this.at += 1;
        character = ESCAPES[this.#text[this.at] ?? ''];
        if (character === undefined) throw altered('pdfForm');
      }
      if (open > 0) text += character;
    }
    return new PdfString(text, { start, end: this.at });
  }
}

const END = Symbol('end');

function dictionaryOf(items: readonly PdfValue[]): PdfDict {
  const entries = new Map<string, PdfValue>();
  for (let at = 0; at < items.length; at += 2) {
    const [key, value] = [items[at], items[at + 1]];
    if (!(key instanceof PdfName) || value === undefined || entries.has(key.name)) {
      throw altered('pdfForm');
    }
    entries.set(key.name, value);
  }
  return new PdfDict(entries);
}

function nameOf(written: string): string {
  if (!/^(?:[^#]|#[0-9A-Fa-f]{2})*$/.test(written)) throw altered('pdfForm');
  return written.replace(/#(..)/g, (_all, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
