/**
 * JSON written by hand into bytes that are used again and again: for the two texts that are made
 * once a submission, the leaf and its acknowledgement. Strings of a dozen pieces would be most of
 * what the garbage collector has to clear away on the click-day path.
 *
 * What was written is good until the next `reset`; who keeps it copies it.
 */
import { isoFromUs } from './time.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const FIRST_PLAIN = 0x20;
const LAST_PLAIN = 0x7e;
const ZERO = 0x30;
const DIGITS_MAX = 16;
const US_A_SECOND = 1_000_000;
/** Up to the decimal point, as in `2011-01-31T07:00:00.`. */
const SECOND_LENGTH = 20;
const BYTES_A_UNIT_MAX = 3;

export class JsonBytes {
  /** How many bytes are written. */
  length = 0;
  #bytes: Uint8Array;
  readonly #isShared: boolean;
  /** The views of the first bytes, by their number: an answer's length is one of a few. */
  #views: (Uint8Array | undefined)[] = [];
  readonly #encoder = new TextEncoder();
  readonly #digits = new Uint8Array(DIGITS_MAX);
  #second = Number.NaN;
  #secondText = '';

  /** @param options.isShared its views may be read by another thread, in place */
  constructor(capacity = 4096, options: { isShared?: boolean } = {}) {
    this.#isShared = options.isShared ?? false;
    this.#bytes = this.#room(capacity);
  }

  reset(): this {
    this.length = 0;
    return this;
  }

  /** The bytes from `start` on, as a view. */
  from(start: number, end = this.length): Uint8Array {
    return this.#bytes.subarray(start, end);
  }

  /** All that is written, as a view that is handed out again for the same length. */
  all(): Uint8Array {
    const known = this.#views[this.length];
    if (known !== undefined) return known;
    const view = this.from(0);
    this.#views[this.length] = view;
    return view;
  }

  /** Printable ASCII as it is; also a byte 0. */
  raw(text: string): this {
    this.#reserve(text.length);
    const bytes = this.#bytes;
    let at = this.length;
    for (let index = 0; index < text.length; index += 1) bytes[at++] = text.charCodeAt(index);
    this.length = at;
    return this;
  }

  /** A part of other bytes; from some forty on cheaper than writing them one by one. */
  bytes(source: Uint8Array, start: number, end: number): this {
    this.#reserve(end - start);
    this.#bytes.set(source.subarray(start, end), this.length);
    this.length += end - start;
    return this;
  }

  /** Any text in UTF-8 as it is. */
  text(text: string): this {
    this.#reserve(text.length * BYTES_A_UNIT_MAX);
    this.length += this.#encoder.encodeInto(
      text,
      this.from(this.length, this.#bytes.length),
    ).written;
    return this;
  }

  /** Any text as a JSON string. */
  quoted(text: string): this {
    this.#reserve(text.length + 2);
    const bytes = this.#bytes;
    let at = this.length;
    bytes[at++] = QUOTE;
    for (let index = 0; index < text.length; index += 1) {
      const unit = text.charCodeAt(index);
      if (unit < FIRST_PLAIN || unit > LAST_PLAIN || unit === QUOTE || unit === BACKSLASH) {
        return this.text(JSON.stringify(text));
      }
      bytes[at++] = unit;
    }
    bytes[at++] = QUOTE;
    this.length = at;
    return this;
  }

  /** An integer from 0 to 2⁵³ − 1, with zeros in front up to `digitsMin` digits. */
  integer(value: number, digitsMin = 1): this {
    this.#reserve(DIGITS_MAX);
    const digits = this.#digits;
    let count = 0;
    for (let rest = value; rest > 0 || count < digitsMin; ) {
      const next = Math.floor(rest / 10);
      digits[count++] = ZERO + (rest - next * 10);
      rest = next;
    }
    const bytes = this.#bytes;
    let at = this.length;
    while (count > 0) bytes[at++] = digits[--count] as number;
    this.length = at;
    return this;
  }

  /** An instant as `isoFromUs` writes it, without quotes. */
  instant(us: number): this {
    const second = Math.floor(us / US_A_SECOND);
    if (second !== this.#second) {
      this.#second = second;
      this.#secondText = isoFromUs(us).slice(0, SECOND_LENGTH);
    }
    return this.raw(this.#secondText)
      .integer(us - second * US_A_SECOND, 6)
      .raw('Z');
  }

  #room(capacity: number): Uint8Array {
    return new Uint8Array(
      this.#isShared ? new SharedArrayBuffer(capacity) : new ArrayBuffer(capacity),
    );
  }

  #reserve(more: number): void {
    if (this.length + more <= this.#bytes.length) return;
    const larger = this.#room(2 * (this.length + more));
    larger.set(this.#bytes.subarray(0, this.length));
    this.#bytes = larger;
    this.#views = [];
  }
}
