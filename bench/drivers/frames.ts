/**
 * WebSocket frames (RFC 6455 §5) for a load generator: text frames of a client written once,
 * before the clock runs, and a parser for the small unmasked frames a server sends.
 *
 * One masking key serves every frame: masking protects proxies from scripts in browsers, and here
 * neither is present. Does not do fragments or compression; a server that sends them fails the run.
 */

const FIN_TEXT = 0x81;
const MASKED = 0x80;
const MASK = Uint8Array.of(0x37, 0xfa, 0x21, 0x3d);
const OPCODE_TEXT = 0x1;
const OPCODE_CLOSE = 0x8;
const OPCODE_PING = 0x9;

function header(length: number): Buffer {
  if (length < 126) return Buffer.from([FIN_TEXT, MASKED | length]);
  if (length < 65_536) return Buffer.from([FIN_TEXT, MASKED | 126, length >> 8, length & 255]);
  const long = Buffer.alloc(10);
  long[0] = FIN_TEXT;
  long[1] = MASKED | 127;
  long.writeBigUInt64BE(BigInt(length), 2);
  return long;
}

/** The bytes of one masked text frame. */
export function clientFrame(text: string): Buffer {
  const payload = Buffer.from(text, 'utf8');
  for (let at = 0; at < payload.length; at += 1) payload[at]! ^= MASK[at & 3]!;
  return Buffer.concat([header(payload.length), MASK, payload]);
}

/** What the parser hands over; `text` is the payload of a text frame. */
export interface FrameSink {
  text(payload: string): void;
  /** The server closes, with its code (1005 when it gave none). */
  closing(code: number): void;
  /** A ping's payload, to be answered by the owner. */
  ping(payload: Buffer): void;
}

/** Cuts a byte stream into frames. Keeps at most the incomplete frame at the end of a chunk. */
export class FrameParser {
  readonly #sink: FrameSink;
  #rest: Buffer = Buffer.alloc(0);

  constructor(sink: FrameSink) {
    this.#sink = sink;
  }

  /** Takes bytes as they come. Throws on a frame a server must not send here. */
  push(chunk: Buffer): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    for (;;) {
      const next = this.#frameAt(bytes, at);
      if (next === undefined) break;
      at = next;
    }
    this.#rest = at === bytes.length ? Buffer.alloc(0) : Buffer.from(bytes.subarray(at));
  }

  /** Hands over the frame that starts at `at`; the offset after it, undefined when incomplete. */
  #frameAt(bytes: Buffer, at: number): number | undefined {
    if (bytes.length < at + 2) return undefined;
    const first = bytes[at]!;
    let length = bytes[at + 1]!;
    let start = at + 2;
    if (length === 126) {
      if (bytes.length < at + 4) return undefined;
      length = bytes.readUInt16BE(at + 2);
      start = at + 4;
    } else if (length > 126) throw new Error('a frame of 64 KiB or more, or a masked one');
    const end = start + length;
    if (bytes.length < end) return undefined;
    this.#handOver(first, bytes.subarray(start, end));
    return end;
  }

  #handOver(first: number, payload: Buffer) {
    const opcode = first & 0x0f;
    if (first === FIN_TEXT) this.#sink.text(payload.toString('utf8'));
    else if (opcode === OPCODE_CLOSE) {
      this.#sink.closing(payload.length >= 2 ? payload.readUInt16BE(0) : 1005);
    } else if (opcode === OPCODE_PING) this.#sink.ping(Buffer.from(payload));
    else if (opcode === OPCODE_TEXT) throw new Error('a fragmented or compressed frame');
  }
}

/** The bytes of a masked pong. */
export function pongFrame(payload: Buffer): Buffer {
  const masked = Buffer.from(payload);
  for (let at = 0; at < masked.length; at += 1) masked[at]! ^= MASK[at & 3]!;
  return Buffer.concat([Buffer.from([0x8a, MASKED | payload.length]), MASK, masked]);
}
