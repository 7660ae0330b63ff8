/**
 * WebSocket frames (RFC 6455 §5) for a load generator: text frames of a client written once,
 * before the clock runs, and a cutter for the small unmasked frames a server sends.
 *
 * One masking key serves every frame: masking protects proxies from scripts in browsers, and here
 * neither is present. Does not do fragments or compression; a server that sends them fails the run.
 */

export const FIN_TEXT = 0x81;
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

/** The bytes of one submission. */
export function submitFrame(application: string, ref?: string): Buffer {
  return clientFrame(JSON.stringify({ type: 'submit', application, ...(ref && { ref }) }));
}

/** The bytes of a masked pong. */
export function pongFrame(payload: Buffer): Buffer {
  const masked = Buffer.from(payload);
  for (let at = 0; at < masked.length; at += 1) masked[at]! ^= MASK[at & 3]!;
  return Buffer.concat([Buffer.from([0x8a, MASKED | payload.length]), MASK, masked]);
}

/** Takes one frame: its first byte, and where its payload lies. Good during the call only. */
export type TakeFrame = (first: number, bytes: Buffer, start: number, end: number) => void;

/** Cuts a byte stream into frames. Keeps at most the incomplete frame at the end of a chunk. */
export class FrameCutter {
  readonly #take: TakeFrame;
  #rest: Buffer | undefined;

  constructor(take: TakeFrame) {
    this.#take = take;
  }

  /** Takes the first `length` bytes of `chunk`. Throws on a frame a server must not send here. */
  push(chunk: Buffer, length = chunk.length): void {
    if (this.#rest === undefined) this.#cut(chunk, length);
    else {
      const bytes = Buffer.concat([this.#rest, chunk.subarray(0, length)]);
      this.#rest = undefined;
      this.#cut(bytes, bytes.length);
    }
  }

  #cut(bytes: Buffer, length: number) {
    let at = 0;
    while (at + 2 <= length) {
      let size = bytes[at + 1]!;
      let start = at + 2;
      if (size === 126) {
        if (at + 4 > length) break;
        size = (bytes[at + 2]! << 8) | bytes[at + 3]!;
        start = at + 4;
      } else if (size > 126) throw new Error('a frame of 64 KiB or more, or a masked one');
      if (start + size > length) break;
      this.#take(bytes[at]!, bytes, start, start + size);
      at = start + size;
    }
    if (at < length) this.#rest = Buffer.from(bytes.subarray(at, length));
  }
}

/** What is not a text frame goes here. */
export interface ControlSink {
  /** The server closes, with its code (1005 when it gave none). */
  closing(code: number): void;
  /** A ping's payload, to be answered by the owner. */
  ping(payload: Buffer): void;
}

/** Hands over a frame that is no text. Throws on a fragment or a compressed one. */
export function takeControl(first: number, payload: Buffer, sink: ControlSink): void {
  const opcode = first & 0x0f;
  if (opcode === OPCODE_CLOSE) {
    sink.closing(payload.length >= 2 ? payload.readUInt16BE(0) : 1005);
  } else if (opcode === OPCODE_PING) sink.ping(Buffer.from(payload));
  else if (opcode === OPCODE_TEXT) throw new Error('a fragmented or compressed frame');
}

/** What the parser hands over; `text` is the payload of a text frame. */
export interface FrameSink extends ControlSink {
  text(payload: string): void;
}

/** Cuts and decodes, for whoever reads every answer as it comes. */
export class FrameParser extends FrameCutter {
  constructor(sink: FrameSink) {
    super((first, bytes, start, end) => {
      if (first === FIN_TEXT) sink.text(bytes.toString('utf8', start, end));
      else takeControl(first, bytes.subarray(start, end), sink);
    });
  }
}
