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
  const value = parsed(text);
  const type = typeOf(value);
  if (bytes > limits.frameBytesMax && type !== 'hello') return 'FRAME_TOO_LARGE';
  if (value === undefined) return 'FRAME_MALFORMED';
  if (type === undefined || !Object.hasOwn(checks, type)) return 'FRAME_UNKNOWN';
  const check = checks[type as keyof typeof checks];
  return check.Check(value) ? (value as ClientFrame) : 'FRAME_INVALID';
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
