/**
 * A `fetch` whose answers have a bound: a provider's documents are a few KiB, and whatever sends
 * more is not read to its end. Time is bounded by the caller's signal.
 */
import type { CustomFetch } from 'openid-client';

/** Rejects as soon as a body is longer than `bytesMax`. */
export function boundedFetch(bytesMax: number): CustomFetch {
  return async (url, options) => {
    const answer = await fetch(url, options as RequestInit);
    const { status, statusText, headers } = answer;
    const body = answer.body === null ? null : await readBounded(answer.body, bytesMax);
    return new Response(body, { status, statusText, headers });
  };
}

async function readBounded(body: ReadableStream<Uint8Array>, bytesMax: number): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of body) {
    bytes += piece.byteLength;
    if (bytes > bytesMax) throw new Error(`an answer of more than ${bytesMax} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
