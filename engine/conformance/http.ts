/** One HTTP call on the gate under test. */
import type { Timers } from '#engine/clock/index.ts';
import { ANSWER_MS_MAX, Deviation } from './session.ts';

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly text: string;
  /** The body as JSON; undefined when it is none. */
  readonly json: Readonly<Record<string, unknown>> | undefined;
}

/** The address of the gate's HTTP side: `ws://host/v1/submissions` is `http://host`. */
export function httpOf(gate: string, path: string): URL {
  return new URL(path, gate.replace(/^ws/, 'http'));
}

/** Throws `Deviation` when nothing answers in time. */
export async function ask(
  { gate, timers }: { readonly gate: string; readonly timers: Timers },
  path: string,
  init: RequestInit = {},
): Promise<Reply> {
  const limit = new AbortController();
  const cancel = timers.after(ANSWER_MS_MAX, () => limit.abort());
  try {
    const options = { ...init, signal: limit.signal, redirect: 'error' } as const;
    const response = await fetch(httpOf(gate, path), options);
    const bytes = new Uint8Array(await response.arrayBuffer());
    const text = new TextDecoder().decode(bytes);
    return { status: response.status, headers: response.headers, bytes, text, json: jsonOf(text) };
  } catch (error) {
    throw new Deviation(`${path}: no answer (${(error as Error).message})`);
  } finally {
    cancel();
  }
}

function jsonOf(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null
      ? (value as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
}
