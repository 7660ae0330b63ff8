/**
 * Decoding a client's frame, once, at the edge: bytes in, a typed frame or a named error out.
 * Unknown members are ignored, unknown types answered, and only what is not JSON at all ends the
 * connection (protocol §3).
 */
import { Type } from '@sinclair/typebox';
import { TypeCompiler } from '@sinclair/typebox/compiler';
import { type ClientFrame, Hello, Submit, TimeRequest } from '#protocol/frames.ts';
import { limits } from '../limits.ts';

export type FrameError = 'FRAME_MALFORMED' | 'FRAME_TOO_LARGE' | 'FRAME_UNKNOWN' | 'FRAME_INVALID';

const checks = {
  hello: TypeCompiler.Compile(Hello),
  time: TypeCompiler.Compile(TimeRequest),
  submit: TypeCompiler.Compile(Submit),
} as const;

const checkSubmission = TypeCompiler.Compile(Type.Omit(Submit, ['type']));

/** The frame in `text`, which was `bytes` long on the wire. */
export function decodeFrame(text: string, bytes: number): ClientFrame | FrameError {
  if (bytes > limits.helloBytesMax) return 'FRAME_TOO_LARGE';
  const submit = plainSubmit(text);
  if (submit !== undefined) return submit;
  const value = parsed(text);
  const type = typeOf(value);
  if (bytes > limits.frameBytesMax && type !== 'hello') return 'FRAME_TOO_LARGE';
  if (value === undefined) return 'FRAME_MALFORMED';
  if (type === undefined || !Object.hasOwn(checks, type)) return 'FRAME_UNKNOWN';
  const check = checks[type as keyof typeof checks];
  return check.Check(value) ? (value as ClientFrame) : 'FRAME_INVALID';
}

/**
 * A submission as nearly everybody writes it, read without the general parser, which costs several
 * times as much. Anything else, also what would be refused, is left to that one.
 */
const PLAIN_SUBMIT =
  /^\{"type":"submit","application":"([0-9A-Za-z_-]{1,64})"(?:,"ref":"([ !#-[\]-~]{0,64})")?\}$/;

function plainSubmit(text: string): Submit | undefined {
  const match = PLAIN_SUBMIT.exec(text);
  if (match === null) return undefined;
  const [, application = '', ref] = match;
  const type = 'submit';
  return ref === undefined ? { type, application } : { type, application, ref };
}

const BEFORE_APPLICATION = Buffer.from('{"type":"submit",');
const CLOSING_BRACE = '}'.charCodeAt(0);

/**
 * Whether `frame` is the plain one that submits the application of a leaf's head, which begins
 * `{"application":"…"` as the frame goes on after its type.
 */
export function isPlainSubmitOf(frame: Uint8Array, head: ApplicationHead): boolean {
  const { bytes, start, applicationEnd } = head;
  const before = BEFORE_APPLICATION.length;
  const last = before + applicationEnd - start - 1;
  if (frame.length !== last + 1 || frame[last] !== CLOSING_BRACE) return false;
  for (let at = last - 1, from = applicationEnd - 1; at >= before; at -= 1, from -= 1) {
    if (frame[at] !== bytes[from]) return false;
  }
  for (let at = 0; at < before; at += 1) {
    if (frame[at] !== BEFORE_APPLICATION[at]) return false;
  }
  return true;
}

/** Where a leaf's head lies in `bytes`, and where its first member ends. */
interface ApplicationHead {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly applicationEnd: number;
}

/** The body of `POST /v1/submissions`: a submit frame without its `type`. */
export function decodeSubmission(
  text: string,
): Omit<Submit, 'type'> | 'FRAME_MALFORMED' | 'FRAME_INVALID' {
  const value = parsed(text);
  if (value === undefined) return 'FRAME_MALFORMED';
  return checkSubmission.Check(value) ? value : 'FRAME_INVALID';
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function typeOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { type } = value as { type?: unknown };
  return typeof type === 'string' ? type : undefined;
}
