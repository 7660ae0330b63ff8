/** The network of the exchange with a witness: one POST, bounded in time and in what is read. */
import type { Timers } from '#engine/clock/index.ts';
import type { Post } from './witness-exchange.ts';

const ANSWER_WITHIN_MS = 5_000;
const ANSWER_BYTES_MAX = 16 * 1024;

/** Connections are kept and used again. `closing` ends what is under way. */
export function httpPost(timers: Timers, closing: AbortSignal): Post {
  return async (url, body) => {
    const end = new AbortController();
    const cancel = timers.after(ANSWER_WITHIN_MS, () => end.abort());
    try {
      const signal = AbortSignal.any([end.signal, closing]);
      const answer = await fetch(url, { method: 'POST', body, signal, redirect: 'error' });
      const type = (answer.headers.get('content-type') ?? '').replace(/;.*$/, '').trim();
      return { status: answer.status, type, body: await textOf(answer) };
    } finally {
      cancel();
    }
  };
}

async function textOf(answer: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of answer.body ?? []) {
    bytes += chunk.length;
    if (bytes > ANSWER_BYTES_MAX) throw new RangeError('an answer without end');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
